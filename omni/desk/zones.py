"""Which clock hangs beside a page: the store's on a tablet, the house's at a desk."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from inventory.places.queries import place
from omni.lib import zones
from omni.staff.context import shell_of
from omni.staff.stores import current_store_id


class FrameZoneMiddleware:
    """Have times of other zones marked in every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with zones.framed(_zone(request)):
            return self.get_response(request)


def _zone(request: Any) -> ZoneInfo:
    actor = request.actor
    if actor and actor.store_ids and shell_of(actor) == "tablet":
        return place(current_store_id(request)).zone
    return ZoneInfo(settings.HOUSE_TIME_ZONE)
