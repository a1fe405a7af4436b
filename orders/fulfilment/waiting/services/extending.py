"""Keeping a pickup longer: by its customer within the store's limits, by the people at the counter with good reason."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places.queries import Place, place
from orders.fulfilment import locks
from orders.fulfilment.keeping import longer
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting.errors import NoMoreTime
from orders.fulfilment.waiting.models import Extension
from orders.fulfilment.waiting.services.arriving import require_ready
from orders.sales import waiting_events

LONGEST = timedelta(days=60)
"""Counted from when it became ready; whoever asks."""


@transaction.atomic
def extend(*, fulfilment_id: int, actor_id: int | None, reason: str = "") -> Extension:
    """Keep a ready pickup for the store's days more, a reservation for its openings more, to the end of a day on which
    it is open.

    Without `actor_id` the customer asks, as often as the store lets them; for a reservation only the store decides.
    Raises `TooLateForThat` unless it is ready, `NoMoreTime` when it was kept longer often enough, or would be kept for
    more than sixty days.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    require_ready(fulfilment)
    store = place(fulfilment.location_id)
    if actor_id is None and left(fulfilment, store) < 1:
        raise NoMoreTime(_("It was kept longer as often as this store can."))
    before = fulfilment.keep_until or timezone.now()
    until = would_end(fulfilment, store)
    if until - (fulfilment.ready_at or before) > LONGEST:
        raise NoMoreTime(_("A pickup is kept for sixty days at most."))
    Fulfilment.objects.filter(pk=fulfilment.pk).update(keep_until=until)
    waiting_events.extended(
        order_id=fulfilment.order_id,
        location_id=fulfilment.location_id,
        fulfilment_id=fulfilment.pk,
        actor_id=actor_id,
        keep_until=until,
    )
    return Extension.objects.create(
        fulfilment=fulfilment, kept_until=before, keep_until=until, actor_id=actor_id, reason=reason
    )


def left(fulfilment: Fulfilment, store: Place) -> int:
    """Return how often its customer may still keep it longer: a reservation never, it keeps pieces from others for
    nothing. One statement, for a pickup only."""
    if fulfilment.reserved:
        return 0
    return max(0, store.extensions - Extension.objects.filter(fulfilment=fulfilment, actor=None).count())


def would_end(fulfilment: Fulfilment, store: Place) -> datetime:
    """Return until when it would be kept."""
    return longer(store, fulfilment.kind, fulfilment.keep_until or timezone.now())
