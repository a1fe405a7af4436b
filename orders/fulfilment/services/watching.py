"""The round of the promise clock: every minute, over what every open store still has to prepare."""

from datetime import datetime

from django.utils import timezone

from inventory.places import hours
from inventory.places.queries import all_places
from orders.fulfilment import outlook
from orders.fulfilment.services import escalating, lowering


def watch(now: datetime | None = None) -> int:
    """Put off the promises that will not be kept, then tell the managers of those in danger; return how much was done.

    Stores that are closed are left alone: nobody works, and nobody reads. Two statements when nothing is wrong. May run
    twice at once, or end half way: what is left is done a minute later.
    """
    at = now or timezone.now()
    open_now = [one.id for one in all_places().values() if hours.is_open(one, at)]
    found = outlook.of(open_now, at)
    lowered = lowering.lower_due(found, at)
    # What was put off just now is looked at again: its new time may be far enough away to alarm nobody.
    queue = outlook.still_open(open_now) if lowered else [one.open for one in found]
    return lowered + escalating.tell_due(queue, at)
