"""The REST door's addresses. Nouns and public identifiers only."""

from django.urls import path, re_path

from inventory.confidence.api.views import SureAvailability
from inventory.sourcing.api.views import Sourcing
from inventory.stock.api.holds import HoldConfirmation, HoldOfReference, HoldStore
from inventory.stock.api.levels import StockAsOf, StockChanges
from omni.api import problems
from omni.staff.access import public
from orders.appointments.api.views import AppointmentDetail, Appointments, Slots
from orders.fulfilment.api.promises import Promises
from orders.parcels.api.relay_points import RelayPoints
from orders.parcels.api.tracking import Tracking
from orders.placing.api.views import OrderDetail, Orders

urlpatterns = [
    path("orders/", Orders.as_view(), name="api-orders"),
    path("orders/<str:number>/", OrderDetail.as_view(), name="api-order"),
    path("appointments/", Appointments.as_view(), name="api-appointments"),
    path("appointments/slots/", Slots.as_view(), name="api-appointment-slots"),
    path("appointments/<uuid:public_id>/", AppointmentDetail.as_view(), name="api-appointment"),
    path("availability/", SureAvailability.as_view(), name="api-availability"),
    path("promises/", Promises.as_view(), name="api-promises"),
    path("relay-points/", RelayPoints.as_view(), name="api-relay-points"),
    path("tracking/", Tracking.as_view(), name="api-tracking"),
    path("stock/", StockAsOf.as_view(), name="api-stock"),
    path("stock/changes/", StockChanges.as_view(), name="api-stock-changes"),
    path("holds/<str:reference>/", HoldOfReference.as_view(), name="api-hold"),
    path("holds/<str:reference>/confirmation/", HoldConfirmation.as_view(), name="api-hold-confirmation"),
    path("holds/<str:reference>/store/", HoldStore.as_view(), name="api-hold-store"),
    path("sourcing/", Sourcing.as_view(), name="api-sourcing"),
    re_path(r"^.*$", public(problems.not_found), name="api-nothing"),
]
