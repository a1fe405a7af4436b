"""Units held for a while, before there is an order: a basket on the web, a customer on the phone, a piece to try on.

held → confirmed, released, moved to another place, or expired. The reference is the caller's own and is used once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock import locks
from inventory.stock.errors import HoldEnded, HoldMissing, ReferenceTaken
from inventory.stock.models import Reservation
from inventory.stock.services import reserving

LONGEST_REFERENCE = 60
LONGEST_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Hold:
    """What one reference keeps at one location: `lines` is variant id → open units; none when it ended."""

    location_id: int
    status: str
    expires_at: datetime | None
    lines: dict[int, int]


def name_of(owner_id: int, reference: str) -> str:
    """Return the name under which a caller's hold is kept: two callers may choose the same reference."""
    return f"hold:{owner_id}:{reference[:LONGEST_REFERENCE]}"


def find(reference: str) -> Hold | None:
    """Return where a reference keeps units now, or how it ended; None when it was never used."""
    rows = list(Reservation.objects.filter(reference=reference).order_by("pk"))
    if not rows:
        return None
    kept = [row for row in rows if row.status in {"held", "confirmed"}] or rows[-1:]
    lines = {row.variant_id: row.quantity - row.fulfilled - row.released for row in kept}
    return Hold(
        kept[0].location_id, kept[0].status, kept[0].expires_at, {pk: units for pk, units in lines.items() if units}
    )


@transaction.atomic
def hold(*, location_id: int, wanted: Mapping[int, int], reference: str, seconds: int) -> Hold:
    """Hold `wanted` units (variant id → units) for `seconds`, all or nothing.

    Asked again with the same reference, place and units it changes nothing and returns what is held. Raises
    `ShortStock`; `HoldEnded` when that reference was released, ran out or was handed over; `ReferenceTaken` when it
    holds something else.
    """
    before = find(reference)
    if before is None:
        try:
            with transaction.atomic():
                reserving.reserve(location_id=location_id, wanted=wanted, reference=reference, seconds=seconds)
            return _found(reference)
        except ReferenceTaken:  # the same reference came a second time at the same instant, and was first
            before = _found(reference)
    if not before.lines or _is_over(reference):
        raise HoldEnded(_("This hold has ended. Ask for a new one with another reference."))
    if (before.location_id, before.lines) != (location_id, dict(wanted)):
        raise ReferenceTaken(_("This reference holds something else already."))
    return before


@transaction.atomic
def confirm(*, reference: str) -> Hold:
    """Keep what is held until it is released, if its time is not over on the database's clock; twice is once.

    Raises `HoldMissing` and `HoldEnded`.
    """
    before = _found(reference)
    confirmed = Reservation.objects.filter(reference=reference, expires_at__gt=Now()).update(expires_at=None)
    if not confirmed and before.status != Reservation.Status.CONFIRMED:
        raise HoldEnded(_("This hold has ended. Ask for a new one with another reference."))
    return _found(reference)


@transaction.atomic
def release(*, reference: str) -> Hold:
    """Give back everything that the reference keeps; nothing when it keeps nothing any more. Raises `HoldMissing`."""
    _let_go(reference)
    return _found(reference)


def _let_go(reference: str) -> Hold:
    """Give back everything that the reference keeps; return what that was."""
    held = _found(reference)
    locks.lock_levels([(variant_id, held.location_id) for variant_id in held.lines])
    held = _found(reference)
    reserving.release(location_id=held.location_id, wanted=held.lines, reference=reference)
    return held


@transaction.atomic
def give_way(*, reference: str, levels: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], int]:
    """Let an order of some (variant id, location id) have what the hold still keeps; it reserves in this transaction.
    Return the units that were let go, by variant id and location id.

    A hold that ended, or that never was, keeps nothing: then the order finds what is free.
    """
    held = find(reference)
    if held is None or not held.lines:
        return {}
    locks.lock_levels([*((pk, held.location_id) for pk in held.lines), *levels])
    held = _let_go(reference)
    return {(pk, held.location_id): units for pk, units in held.lines.items()}


@transaction.atomic
def move(*, reference: str, to_location_id: int) -> Hold:
    """Let another place keep the units, for the time that is left. There is no instant at which nobody keeps them.

    Raises `HoldMissing`, `HoldEnded`, and `ShortStock` when the other place has not enough; then all stays as it was.
    """
    held = _found(reference)
    places = {held.location_id, to_location_id}
    locks.lock_levels([(variant_id, place) for variant_id in held.lines for place in places])
    held = _found(reference)
    if not held.lines or _is_over(reference):
        raise HoldEnded(_("This hold has ended. Ask for a new one with another reference."))
    if held.location_id != to_location_id:
        reserving.reserve(location_id=to_location_id, wanted=held.lines, reference=reference, until=held.expires_at)
        reserving.release(location_id=held.location_id, wanted=held.lines, reference=reference)
    return _found(reference)


def _is_over(reference: str) -> bool:
    return Reservation.objects.filter(
        reference=reference, expires_at__lte=Now(), quantity__gt=F("fulfilled") + F("released")
    ).exists()


def _found(reference: str) -> Hold:
    held = find(reference)
    if held is None:
        raise HoldMissing(_("There is no such hold."))
    return held
