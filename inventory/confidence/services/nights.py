"""The work of a night in small steps: each is whole by itself, and what one turn leaves the next one goes on with."""

import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from inventory.confidence.services import learning, listing


def work(*, until: float) -> int:
    """Take in what counts found, learn the rates anew when there was something, then make the lists of today, store by
    store, until that instant of `time.monotonic`. Return how many steps were done; 0 when there was nothing to do."""
    steps = 0
    while time.monotonic() < until and learning.take_in():
        steps += 1
    on = timezone.localdate(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE))
    waiting = listing.due(on=on)
    if steps or waiting:
        learning.learn()
    for place_id in waiting:
        if time.monotonic() >= until:
            break
        listing.make_list(location_id=place_id, on=on)
        steps += 1
    return steps
