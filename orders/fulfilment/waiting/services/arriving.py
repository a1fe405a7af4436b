"""A customer is there: the counter knows at once, until the pickup is handed over or ends otherwise."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting.errors import TooLateForThat
from orders.fulfilment.waiting.models import Arrival
from orders.sales import waiting_events


@transaction.atomic
def arrive(*, fulfilment_id: int, spot: str, note: str = "") -> Arrival:
    """Note that the customer is there, and where they stand. Said again, it changes where, never since when.

    Raises `TooLateForThat` unless the pickup is ready.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    require_ready(fulfilment)
    waiting = Arrival.objects.filter(fulfilment=fulfilment, ended_at=None).first()
    if waiting is None:
        waiting_events.arrived(
            order_id=fulfilment.order_id,
            location_id=fulfilment.location_id,
            fulfilment_id=fulfilment.pk,
            spot=spot,
        )
        return Arrival.objects.create(fulfilment=fulfilment, spot=spot, note=note)
    Arrival.objects.filter(pk=waiting.pk).update(spot=spot, note=note)
    waiting.refresh_from_db()
    return waiting


def require_ready(fulfilment: Fulfilment) -> None:
    """Refuse, in a sentence, what only a pickup that waits can do."""
    if fulfilment.status == Fulfilment.Status.READY:
        return
    if fulfilment.ended_at is None:
        raise TooLateForThat(_("It is not ready yet. We write to you as soon as it is."))
    raise TooLateForThat(_("Nothing waits here any more: it was collected or ended meanwhile."))


def stop_waiting(fulfilment_id: int) -> None:
    """Note that nobody waits for this fulfilment any more. The caller holds it locked."""
    Arrival.objects.filter(fulfilment=fulfilment_id, ended_at=None).update(ended_at=Now())
