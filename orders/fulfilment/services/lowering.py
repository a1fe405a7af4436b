"""Putting a promise off before it is broken, and the customer told: rarely, plainly, and with time to spare."""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from inventory.places import hours
from inventory.places.queries import Place, place
from omni.lib.errors import Refusal
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.outlook import Outlook
from orders.fulfilment.promise_models import MOST_LOWERINGS, LoweredPromise
from orders.sales import events

logger = logging.getLogger(__name__)

LOOK_AHEAD = 45
"""Minutes of opening time before a promise in which it may be put off: earlier nobody knows, people come and go."""
LAST_MINUTES = 15
TOLERANCE = timedelta(minutes=5)
"""So much later than promised is not worth a letter, until the last minutes: then every minute is a broken promise."""
CUSHION = 10
"""Minutes of opening time that the new promise gets beyond what is reckoned, so that it need not be put off again."""
PAUSE = timedelta(minutes=15)
STEP = timedelta(minutes=5)
"""A new promise is said in round times."""


def lower_due(outlooks: list[Outlook], now: datetime) -> int:
    """Put off every promise that will not be kept as things stand; return how many. May run twice, or end half way.
    One that cannot be put off is reported and does not keep the others waiting."""
    lowered = 0
    for found in outlooks:
        if not is_due(found, now):
            continue
        try:
            lowered += lower(found=found, after=new_promise(place(found.open.location_id), found.ready_at))
        except (DatabaseError, Refusal):
            logger.exception("the promise of fulfilment %s could not be put off", found.open.id)
    return lowered


def is_due(found: Outlook, now: datetime) -> bool:
    """Whether a pickup's promise is to be put off now: the store is open, the promise is near, not broken yet, and will
    be. One that was put off lately, or twice, stays."""
    one, late_by = found.open, found.late_by
    if one.kind not in Fulfilment.AT_THE_COUNTER or late_by <= timedelta() or now >= one.promised_at:
        return False
    if one.times_lowered >= MOST_LOWERINGS or (one.last_lowered_at and now - one.last_lowered_at < PAUSE):
        return False
    store = place(one.location_id)
    left = hours.open_minutes_between(store, now, one.promised_at)
    return hours.is_open(store, now) and left <= LOOK_AHEAD and (late_by > TOLERANCE or left <= LAST_MINUTES)


def new_promise(store: Place, ready_at: datetime) -> datetime:
    """Return what the customer is told instead: the reckoned time, a cushion of opening minutes, the next round time
    unless the store closes before it."""
    later = hours.after_open_minutes(store, ready_at, CUSHION)
    over = (later - datetime.min.replace(tzinfo=later.tzinfo)) % STEP
    rounded = later + (STEP - over if over else over)
    stays_open = hours.open_minutes_between(store, later, rounded) == (rounded - later) // timedelta(minutes=1)
    return rounded if stays_open else later


@transaction.atomic
def lower(*, found: Outlook, after: datetime) -> bool:
    """Put one promise off and write the event that tells its customer.

    False, and nothing changes, when it is ready, given up, broken or put off meanwhile: it is locked, then looked at.
    """
    before = found.open.promised_at
    fulfilment = locks.lock_fulfilment(found.open.id)
    waits = fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}
    if not waits or fulfilment.promised_at != before or timezone.now() >= before or after <= before:
        return False
    times = LoweredPromise.objects.filter(fulfilment=fulfilment).count()
    if times >= MOST_LOWERINGS:
        return False
    LoweredPromise.objects.create(fulfilment=fulfilment, number=times + 1, before=before, after=after)
    Fulfilment.objects.filter(pk=fulfilment.pk).update(promised_at=after)
    why = {"orders": found.orders, "pieces": found.pieces, "people": found.people}
    events.promise_lowered(order=fulfilment.order, way=fulfilment, before=before, after=after, **why)
    return True
