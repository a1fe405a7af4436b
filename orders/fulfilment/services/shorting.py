"""A piece that cannot be found: the clerk says why, the stock follows. Another place serves it instead, or the customer
no longer pays for it."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.stock.services import correcting
from inventory.stock.services.correcting import Correction
from orders.fulfilment import locks
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import picking, rerouting
from orders.fulfilment.services.rerouting import Instead
from orders.sales import events
from orders.sales.services import dropping


@dataclass(frozen=True)
class ShortReport:
    """What a report did: the line, the stock before and after, the cents that are no longer charged (none when another
    place serves it)."""

    line: FulfilmentLine
    correction: Correction
    amount: int


@transaction.atomic
def report_short(
    *,
    fulfilment_id: int,
    line_id: int,
    quantity: int,
    reason: str,
    actor_id: int,
    note: str = "",
    instead: Instead | None = None,
) -> ShortReport:
    """Report `quantity` pieces of a line as missing for one of `FulfilmentLine.Reason`.

    The reservation is released and the level corrected as the reason says. The place of `instead` serves them from now
    on; without one they leave the order's price, and what was paid for them goes back when the order is declared ready.
    Raises `NotInThisOrder` for more pieces than are still open, `ShortStock` when the other place has not enough.
    """
    fulfilment = picking.begin(locks.lock_fulfilment(fulfilment_id), actor_id=actor_id)
    line = _open_line(fulfilment, line_id, quantity)
    _write_down(line, quantity, reason, note, actor_id=actor_id, rerouted=instead is not None)
    if instead:
        rerouting.reserve_there(line, instead, quantity=quantity)
    amount = 0 if instead else dropping.drop(line=line.order_line, quantity=quantity)
    correction = _correct(line, quantity, actor_id=actor_id)
    events.line_short(
        order=fulfilment.order,
        way=fulfilment,
        actor_id=actor_id,
        line_name=line.order_line.name,
        quantity=quantity,
        reason=reason,
        amount=amount,
    )
    if instead:
        rerouting.serve_there(line, instead, quantity=quantity, actor_id=actor_id)
    return ShortReport(line, correction, amount)


def _open_line(fulfilment: Fulfilment, line_id: int, quantity: int) -> FulfilmentLine:
    """Return a line of a locked fulfilment of which so many pieces are still open; refuse any other."""
    line = FulfilmentLine.objects.select_related("order_line").filter(pk=line_id, fulfilment=fulfilment).first()
    if line is None or not 1 <= quantity <= line.quantity - line.picked - line.short:
        raise NotInThisOrder(_("There are not that many pieces left to report as missing."))
    line.fulfilment = fulfilment
    return line


def _write_down(line: FulfilmentLine, quantity: int, reason: str, note: str, *, actor_id: int, rerouted: bool) -> None:
    """Count the pieces as missing on their line, with who says so and why."""
    line.short += quantity
    line.short_reason, line.short_note = reason, note
    line.short_by_id, line.short_at = actor_id, timezone.now()
    line.rerouted += quantity if rerouted else 0
    line.save(update_fields=["short", "short_reason", "short_note", "short_by", "short_at", "rerouted"])


def _correct(line: FulfilmentLine, quantity: int, *, actor_id: int) -> Correction:
    """Release the missing pieces where they were looked for, and correct the level as the reason on their line says."""
    fulfilment, number = line.fulfilment, line.fulfilment.order.number
    return correcting.correct_short(
        location_id=fulfilment.location_id,
        variant_id=line.order_line.variant_id,
        quantity=quantity,
        reason=line.short_reason,
        reservation=number,
        reference=f"{number}/short/{line.pk}/{line.short}",
        actor_id=actor_id,
    )
