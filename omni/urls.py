"""Every door of the house on one screen."""

from django.apps import apps
from django.urls import include, path

from omni.desk import outbox
from omni.desk.message_list import MESSAGES
from omni.staff.list_views import routes

urlpatterns = [
    path("api/v1/", include("omni.api.urls")),  # first: the busiest door need not pass all others
    path("", include("omni.desk.urls")),
    path("", include("omni.desk.live_urls")),
    path("", include("insights.urls")),
    path("", include("omni.staff.urls")),
    path("", include("omni.staff.administration.urls")),
    path("", include("inventory.places.urls")),
    path("", include("orders.fulfilment.urls")),
    path("", include("orders.selling.urls")),
    path("", include("orders.appointments.urls")),
    path("", include("orders.fulfilment.substitutes.urls")),
    path("", include("orders.fulfilment.waiting.urls")),
    path("", include("inventory.catalog.urls")),
    path("", include("inventory.stock.urls")),
    path("", include("inventory.transfers.urls")),
    path("", include("inventory.confidence.urls")),
    path("", include("inventory.sourcing.urls")),
    path("messages/", outbox.messages, name="outbox"),
    *routes(MESSAGES),
    path("messages/<int:pk>/", outbox.message, name="message"),
    path("messages/<int:pk>/as-customer/", outbox.message_as_customer, name="message-as-customer"),
    *([path("", include("omni.demo.urls"))] if apps.is_installed("omni.demo") else []),
]

handler400 = "omni.desk.errors.bad_request"
handler403 = "omni.desk.errors.forbidden"
handler404 = "omni.desk.errors.not_found"
handler500 = "omni.desk.errors.server_error"
