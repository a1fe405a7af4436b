"""A piece that was promised and is not there: what a clerk's reason does to the stock."""

from dataclasses import dataclass

from django.db.models import F

from inventory.stock import locks
from inventory.stock.models import StockLevel, StockMovement
from inventory.stock.services import reserving

EMPTIES = frozenset({"not_found", "sold_meanwhile"})
"""The clerk saw none: everything that is neither reserved nor damaged is counted away."""
SETS_ASIDE = frozenset({"damaged", "display_worn"})
"""The piece is there, but not for sale."""


@dataclass(frozen=True)
class Correction:
    """What a reason would do: the level's on hand before and after, and how many would be set aside as damaged."""

    before: int
    after: int
    set_aside: int


def preview(level: StockLevel, *, quantity: int, reason: str) -> Correction:
    """Return what `correct_short` would do to a level, and change nothing."""
    if reason in SETS_ASIDE:
        return Correction(level.on_hand, level.on_hand, quantity)
    free = level.on_hand - level.damaged - level.reserved + quantity
    less = max(free, 0) if reason in EMPTIES else min(quantity, max(free, 0))
    return Correction(level.on_hand, level.on_hand - less, 0)


def correct_short(
    *, location_id: int, variant_id: int, quantity: int, reason: str, reservation: str, reference: str, actor_id: int
) -> Correction:
    """Release `quantity` reserved units that were not found, and correct the level as the reason says, with a movement.

    Units reserved by other orders are never counted away: a short pick of one order does not break another's promise.
    Raises `ReservationMissing`.
    """
    level = locks.lock_level(location_id=location_id, variant_id=variant_id)
    correction = preview(level, quantity=quantity, reason=reason)
    reserving.release(location_id=location_id, wanted={variant_id: quantity}, reference=reservation)
    less = correction.before - correction.after
    kind = StockMovement.Kind.DAMAGED if correction.set_aside else StockMovement.Kind.COUNTED_LESS
    if correction.set_aside or less:
        StockLevel.objects.filter(pk=level.pk).update(
            on_hand=F("on_hand") - less,
            damaged=F("damaged") + correction.set_aside,
        )
        StockMovement.objects.create(
            location_id=location_id,
            variant_id=variant_id,
            kind=kind,
            quantity=correction.set_aside or less,
            reference=reference,
            reason=reason,
            actor_id=actor_id,
        )
    return correction
