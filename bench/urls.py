"""The house's doors, an empty one and a slow one."""

from django.urls import include, path

from bench.empty import Empty, Slow
from omni.staff.access import public

urlpatterns = [
    path("api/bench/empty/", public(Empty.as_view())),
    path("api/bench/slow/", public(Slow.as_view())),
    path("", include("omni.urls")),
]

handler400 = "omni.desk.errors.bad_request"
handler403 = "omni.desk.errors.forbidden"
handler404 = "omni.desk.errors.not_found"
handler500 = "omni.desk.errors.server_error"
