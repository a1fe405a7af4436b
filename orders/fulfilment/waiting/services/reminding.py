"""Reminding who has not come: on the store's days after it became ready, once each, while the store is open."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places import hours
from inventory.places.queries import Place, place
from orders.fulfilment import notices, queries
from orders.fulfilment.locks import lock_status
from orders.fulfilment.models import Fulfilment

logger = logging.getLogger(__name__)


def remind_due(*, at_a_time: int = 500) -> int:
    """Write the reminders that are due now; return how many were written. May run twice at once.

    A pickup whose earlier reminder was missed (its store was closed) gets the latest one that is due, not both. What
    the customer has on the way is not written again: each reminder is a message of its own reference. Everything that
    waits is looked at, two statements for so many at a time; one that cannot be written is reported, keeps nobody
    else waiting, and has its turn in the next round.
    """
    now, written = timezone.now(), 0
    for some in _waiting(now, at_a_time):
        for pk, due in _unwritten(some, now):
            try:
                written += _remind(pk, due)
            except DatabaseError:
                logger.exception("the reminder of pickup %s could not be written", pk)
    return written


def _waiting(now: datetime, at_a_time: int) -> Iterator[list[Fulfilment]]:
    """Yield every pickup that waits for somebody, the oldest first, some at a time."""
    waiting = Fulfilment.objects.filter(status=Fulfilment.Status.READY, keep_until__gt=now, ready_at__lt=now)
    in_turn = waiting.exclude(order__customer=None).only("location", "ready_at").order_by("ready_at", "pk")
    some = list(in_turn[:at_a_time])
    while some:
        yield some
        last = some[-1]
        later = Q(ready_at__gt=last.ready_at) | Q(ready_at=last.ready_at, pk__gt=last.pk)
        some = list(in_turn.filter(later)[:at_a_time])


def _unwritten(some: list[Fulfilment], now: datetime) -> list[tuple[int, int]]:
    """Return which of these pickups have a reminder that is due and was not written, and of which day."""
    due = {one.pk: day_due(one, place(one.location_id), now) for one in some}
    wanted = {reference(pk, day): (pk, day) for pk, day in due.items() if day}
    known = set(Message.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    return [pair for name, pair in wanted.items() if name not in known]


def day_due(fulfilment: Fulfilment, store: Place, now: datetime) -> int:
    """Return the latest day of the store's reminders that has come, by its own calendar; 0 while none has, or while the
    store is closed."""
    if fulfilment.ready_at is None or not hours.is_open(store, now):
        return 0
    waited = (store.local(now).date() - store.local(fulfilment.ready_at).date()).days
    return max((one for one in store.reminder_days if one <= waited), default=0)


@transaction.atomic
def _remind(pk: int, due: int) -> bool:
    """Write one reminder, unless it was written before or nobody waits any more; True when it was written."""
    known = Message.objects.filter(reference=reference(pk, due))
    if known.exists() or lock_status(pk) != Fulfilment.Status.READY:
        return False
    fulfilment = queries.in_hand().get(pk=pk)
    customer = fulfilment.order.customer
    if customer is None or known.exists():  # looked at again, now that nobody else writes it
        return False
    store = place(fulfilment.location_id)
    with translation.override(customer.language):
        message = queue_message(
            customer=customer,
            template=notices.REMINDER,
            subject=_("%(short_id)s is waiting for you at %(store)s")
            % {"short_id": fulfilment.short_id, "store": store.name},
            reference=reference(pk, due),
            facts={
                "fulfilment": fulfilment.pk,
                "order": fulfilment.order.number,
                "short_id": fulfilment.short_id,
                "day": due,
            },
            location_id=fulfilment.location_id,
        )
    return message is not None


def reference(pk: int, due: int) -> str:
    """Return what a reminder is known by: one for each pickup and day."""
    return f"reminder/{pk}/{due}"
