"""Handing over at the counter: all that waits or a part of it, with what the customer does not want after all."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.services import reserving, selling
from orders.fulfilment import locks
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver, HandOverLine
from orders.fulfilment.services import readying
from orders.fulfilment.services.charging import pay_back, take_what_is_due
from orders.fulfilment.services.closing import close_if_ended
from orders.fulfilment.services.picking import lines_of, summed
from orders.fulfilment.waiting.services import ending
from orders.sales import events
from orders.sales.services import dropping


@dataclass(frozen=True)
class Part:
    """What happens to a line at the counter: pieces the customer takes, pieces they refuse. The others wait on."""

    collected: int
    refused: int = 0


@transaction.atomic
def hand_over(
    *,
    fulfilment_id: int,
    proof: str,
    actor_id: int,
    collected_by: str = "",
    tender: str = "",
    parts: Mapping[int, Part] | None = None,
) -> HandOver:
    """Give a ready pickup to its customer: what is due for it is taken by `tender`, stock falls, points count by the
    programme's rule when the whole order is through.

    `parts` says per line (its id) what is taken and refused when it is not everything. What is refused is paid back and
    for sale again. What is neither goes on waiting under a new code, of which the customer is told. Everything is given
    once: whoever comes second gets `TransitionRefused` or `NotInThisOrder`. Raises `MoneyDue` when something is due and
    no tender is named.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if fulfilment.status != Fulfilment.Status.READY:
        raise fulfilment.refused(Fulfilment.Status.COLLECTED)
    order, lines = fulfilment.order, lines_of(fulfilment)
    given = HandOver.objects.create(fulfilment=fulfilment, proof=proof, actor_id=actor_id, collected_by=collected_by)
    written = _write_lines(given, lines, _everything(lines) if parts is None else parts)
    ending.handed_over(fulfilment)
    left = sum(line.waiting for line in lines)
    if not left:
        fulfilment.move_to(Fulfilment.Status.COLLECTED, ended_at=Now())
    reference = given.reference(order.number)
    refunded = _take_out_of_the_order(written, fulfilment, reference=reference, actor_id=actor_id)
    take_what_is_due(fulfilment, tender=tender, reference=reference, actor_id=actor_id)
    points = 0 if left else close_if_ended(fulfilment, reference=reference, actor_id=actor_id)
    _move_stock(written, fulfilment, reference=reference, actor_id=actor_id)
    events.handed_over(
        order=order, way=fulfilment, actor_id=actor_id, proof=proof, points=points, left=left, refunded=refunded
    )
    if left:
        readying.wait_on(fulfilment, actor_id=actor_id)
    return given


def _everything(lines: Iterable[FulfilmentLine]) -> dict[int, Part]:
    return {line.pk: Part(line.waiting) for line in lines if line.waiting}


def _write_lines(given: HandOver, lines: list[FulfilmentLine], parts: Mapping[int, Part]) -> list[HandOverLine]:
    """Write what is given and refused of each line, on the hand-over and on the slice; refuse more than waits."""
    known = {line.pk: line for line in lines}
    if not parts.keys() <= known.keys() or any(
        min(part.collected, part.refused) < 0 or part.collected + part.refused > known[pk].waiting
        for pk, part in parts.items()
    ):
        raise NotInThisOrder(_("Not that many pieces wait here."))
    if not any(part.collected for part in parts.values()):
        raise NotInThisOrder(_("Nothing is handed over: cancel the order if the customer wants none of it."))
    written = [
        HandOverLine(hand_over=given, line=known[pk], collected=part.collected, refused=part.refused)
        for pk, part in sorted(parts.items())
        if part.collected or part.refused
    ]
    HandOverLine.objects.bulk_create(written)
    for one in written:
        one.line.collected += one.collected
        one.line.refused += one.refused
        FulfilmentLine.objects.filter(pk=one.line_id).update(
            collected=F("collected") + one.collected, refused=F("refused") + one.refused
        )
    return written


def _take_out_of_the_order(
    written: list[HandOverLine], fulfilment: Fulfilment, *, reference: str, actor_id: int
) -> int:
    """Drop what was refused from the order's price; return the cents that were given back."""
    refused = [one for one in written if one.refused]
    if not refused:
        return 0
    for one in refused:
        dropping.drop(line=one.line.order_line, quantity=one.refused)
    fulfilment.order.refresh_from_db(fields=["dropped"])
    return pay_back(fulfilment, reference=reference, actor_id=actor_id)


def _move_stock(written: list[HandOverLine], fulfilment: Fulfilment, *, reference: str, actor_id: int) -> None:
    """Let what is given leave the house, and what is refused be for sale again."""
    number, location_id = fulfilment.order.number, fulfilment.location_id
    lock_stock(written, location_id)
    selling.sell_reserved(
        location_id=location_id,
        wanted=units_of(written, "collected"),
        reservation=number,
        reference=reference,
        actor_id=actor_id,
    )
    reserving.release(location_id=location_id, wanted=units_of(written, "refused"), reference=number)


def lock_stock(written: Collection[HandOverLine], location_id: int) -> None:
    """Lock the levels of what was given and of what was refused, all at once: one statement moves the ones, another the
    others."""
    if any(one.refused for one in written):
        reserving.lock({(one.line.order_line.variant_id, location_id) for one in written})


def units_of(written: Iterable[HandOverLine], count: str) -> Mapping[int, int]:
    """Return variant id → units that a hand-over gave (`collected`) or took back (`refused`)."""
    return summed((one.line.order_line.variant_id, getattr(one, count)) for one in written)
