"""Reminding who has not come: on the store's days after it became ready, once each, while the store is open."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.queries import Place, place
from orders.fulfilment import notices, queries
from orders.fulfilment.locks import lock_status
from orders.fulfilment.models import Fulfilment


def remind_due(*, limit: int = 500) -> int:
    """Write the reminders that are due now; return how many were written. May run twice at once.

    A pickup whose earlier reminder was missed (its store was closed) gets the latest one that is due, not both. What
    the customer has on the way is not written again: each reminder is a message of its own reference.
    """
    now = timezone.now()
    waiting = queries.in_hand().filter(status=Fulfilment.Status.READY, keep_until__gt=now, ready_at__lt=now)
    written = 0
    for one in waiting.order_by("ready_at", "pk")[:limit]:
        due = day_due(one, place(one.location_id), now)
        if due:
            written += _remind(one.pk, due)
    return written


def day_due(fulfilment: Fulfilment, store: Place, now: datetime) -> int:
    """Return the latest day of the store's reminders that has come, by its own calendar; 0 while none has, or while the
    store is closed."""
    if fulfilment.ready_at is None or not store.hours.is_open(store.local(now)):
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
