"""Closing a count: the figures become what was seen, with a movement and a reason for each difference."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock import differences, locks
from inventory.stock.differences import Difference
from inventory.stock.errors import NotCounted, ReasonMissing
from inventory.stock.models import CountLine, StockCount, StockLevel, StockMovement
from inventory.stock.reasons import CountReason
from inventory.stock.services.opening import open_levels
from omni.lib.errors import Problem


def reference_of(count: StockCount) -> str:
    """Return the cause that a count's movements name."""
    return f"count:{count.public_id}"


@transaction.atomic
def close(*, count_id: int, reasons: Mapping[int, str], actor_id: int) -> list[Difference]:
    """Close a count and return what it found, line by line; `reasons` is variant id → `CountReason`.

    A line that agrees changes nothing and is remembered as seen. A difference is a movement `counted_more` or
    `counted_less` (`differences.of_count` says what is one), as far as no piece is counted away that is kept for an
    order or set aside: the house's rule of `correcting`. Raises `TransitionRefused` for a count that ended,
    `NotCounted` for an empty one, `ReasonMissing` with every line that lacks its reason; then nothing is changed.
    """
    count = locks.lock_count(count_id)
    if not count.may_move_to(StockCount.Status.CLOSED):
        raise count.refused(StockCount.Status.CLOSED)
    variants = list(count.lines.values_list("variant_id", flat=True))
    if not variants:
        raise NotCounted(_("Nothing was counted yet."))
    open_levels(location_id=count.location_id, variant_ids=variants)
    locks.lock_levels([(variant_id, count.location_id) for variant_id in variants])
    found = differences.of_count(count.pk)
    _require_reasons(found, reasons)
    for one in found:
        _put_right(count, one, reasons.get(one.row.variant_id, "") if one.units else "", actor_id)
    count.move_to(StockCount.Status.CLOSED, ended_by_id=actor_id, ended_at=Now())
    return found


def _require_reasons(found: list[Difference], reasons: Mapping[int, str]) -> None:
    lacking = [one for one in found if one.units and reasons.get(one.row.variant_id) not in CountReason.values]
    if lacking:
        sentence = _("Choose why for each difference.")
        raise ReasonMissing(sentence, problems=[Problem(one.row.sku, "reason_missing", sentence) for one in lacking])


def _put_right(count: StockCount, one: Difference, reason: str, actor_id: int) -> None:
    last = one.row.last_movement
    if one.moved:
        StockLevel.objects.filter(pk=one.row.level_id).update(on_hand=F("on_hand") + one.moved)
        last = StockMovement.objects.create(
            location_id=count.location_id,
            variant_id=one.row.variant_id,
            kind=StockMovement.Kind.COUNTED_MORE if one.moved > 0 else StockMovement.Kind.COUNTED_LESS,
            quantity=abs(one.moved),
            reference=reference_of(count),
            reason=reason,
            actor_id=actor_id,
        ).pk
    CountLine.objects.filter(pk=one.row.id).update(
        expected=one.expected, spared=one.spared, reason=reason, last_movement=last
    )
