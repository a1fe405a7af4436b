"""The manager's addresses."""

from datetime import date

from django.urls import path, register_converter

from insights import views


class IsoDate:
    """A day, `2017-03-04`."""

    regex = "(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDate, "isodate")

urlpatterns = [
    path("day/", views.day, name="day"),
    path("day/<isodate:on>/", views.day_of, name="day-of"),
    path("day/<isodate:on>/<slug:figure>/", views.rows, name="day-rows"),
]
