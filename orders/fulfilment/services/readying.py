"""Ready: every piece is picked or reported, the bag has its place, the customer gets a code."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places.queries import hold_places, place
from orders.fulfilment import codes, locks
from orders.fulfilment.errors import HoldPlaceUnknown, StillOpen
from orders.fulfilment.keeping import kept_until
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services.charging import pay_back
from orders.fulfilment.substitutes import queries as substitutes
from orders.fulfilment.substitutes.errors import StillAsked
from orders.sales import events

CODE_RACE = "fulfilment_code_once_per_store"
"""Two orders of a store became ready at once with the same digits: run the loser again, it takes the next round."""


@transaction.atomic
def declare_ready(*, fulfilment_id: int, hold_place_id: int, actor_id: int) -> Fulfilment:
    """Declare a pickup ready in a hold place of its store; what was paid for missing pieces goes back.

    Writes the event that tells the customer. Raises `StillOpen` while pieces are neither picked nor reported or when
    none was picked, `HoldPlaceUnknown`, `TransitionRefused`.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    require_closed_lines(fulfilment)
    spot = next((one for one in hold_places(fulfilment.location_id) if one.pk == hold_place_id), None)
    if spot is None:
        raise HoldPlaceUnknown(_("Choose one of this store's places."))
    if fulfilment.status != Fulfilment.Status.PICKING:  # what was collected becomes ready again by an undo only
        raise fulfilment.refused(Fulfilment.Status.READY)
    now = timezone.now()
    store = place(fulfilment.location_id)
    code_round, code_hash = free_code(fulfilment)
    fulfilment.move_to(
        Fulfilment.Status.READY,
        ready_at=now,
        hold_place_id=spot.pk,
        keep_until=kept_until(store, fulfilment.kind, ready_at=now, promised_at=fulfilment.promised_at),
        code_round=code_round,
        code_hash=code_hash,
    )
    pay_back(fulfilment, reference=fulfilment.refund_reference("ready"), actor_id=actor_id)
    events.pickup_ready(order=fulfilment.order, way=fulfilment, actor_id=actor_id, place=spot.name)
    return fulfilment


def wait_on(fulfilment: Fulfilment, *, actor_id: int) -> None:
    """Let what is left of a pickup wait under a new code, for the old one has opened it; its customer is told."""
    fulfilment.code_round += 1
    code_round, code_hash = free_code(fulfilment)
    Fulfilment.objects.filter(pk=fulfilment.pk).update(code_round=code_round, code_hash=code_hash)
    fulfilment.code_round, fulfilment.code_hash = code_round, code_hash
    say_ready(fulfilment, actor_id=actor_id)


def say_ready(fulfilment: Fulfilment, *, actor_id: int) -> None:
    """Write the event that tells the customer where it waits and under which code."""
    place_name = fulfilment.hold_place.name if fulfilment.hold_place else ""
    events.pickup_ready(order=fulfilment.order, way=fulfilment, actor_id=actor_id, place=place_name)


def require_closed_lines(fulfilment: Fulfilment) -> None:
    """Refuse while pieces are open, while the customer is asked about others, or when there is nothing to hand
    over."""
    lines = list(fulfilment.lines.all())
    still_open = sum(line.quantity - line.picked - line.short for line in lines)
    if still_open:
        raise StillOpen(_("%(count)s pieces are neither picked nor reported as missing.") % {"count": still_open})
    if substitutes.still_asked(fulfilment.pk):
        raise StillAsked(_("The customer is still asked what may come instead. Wait for it, or answer for them."))
    if not any(line.picked for line in lines):
        raise StillOpen(_("Nothing was found. Cancel the order instead, and the customer is refunded and told."))


def free_code(fulfilment: Fulfilment) -> tuple[int, str]:
    """Return a round and the hash of its digits that no other waiting order of the store has."""
    code_round = fulfilment.code_round
    while True:
        hashed = codes.code_hash(codes.digits(fulfilment.public_id, code_round), fulfilment.location_id)
        waiting = Fulfilment.objects.filter(
            location=fulfilment.location_id, code_hash=hashed, status=Fulfilment.Status.READY
        )
        if not waiting.exclude(pk=fulfilment.pk).exists():
            return code_round, hashed
        code_round += 1
