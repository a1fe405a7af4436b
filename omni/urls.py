"""Every door of the house on one screen."""

from django.urls import include, path

urlpatterns = [
    path("", include("omni.staff.urls")),
    path("", include("orders.fulfilment.urls")),
    path("api/v1/", include("omni.api.urls")),
]

handler400 = "omni.desk.errors.bad_request"
handler403 = "omni.desk.errors.forbidden"
handler404 = "omni.desk.errors.not_found"
handler500 = "omni.desk.errors.server_error"
