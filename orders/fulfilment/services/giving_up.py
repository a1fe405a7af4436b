"""What will not be handed over: cancelled by somebody, or never collected. Stock, points and money go back once."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.services import reserving
from omni.lib.errors import Refusal
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import packing
from orders.fulfilment.services.charging import pay_back
from orders.fulfilment.services.closing import close_if_ended
from orders.fulfilment.services.picking import lines_of, units_by_variant
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.waiting.services import ending
from orders.sales import events
from orders.sales.models import Order
from orders.sales.services import dropping

logger = logging.getLogger(__name__)


@transaction.atomic
def cancel_order(*, order_id: int, actor_id: int | None, reason: str) -> None:
    """Cancel everything of an order that has not left the house; what did stays with the customer and is paid.

    Raises `TransitionRefused` when nothing is left to cancel.
    """
    open_ways = locks.lock_open(order_id)
    if not open_ways:
        raise TransitionRefused(_("Nothing of this order is on its way any more: there is nothing to cancel."))
    _cancel(open_ways, actor_id=actor_id, reason=reason)


@transaction.atomic
def cancel(*, fulfilment_id: int, actor_id: int | None, reason: str) -> Order:
    """Cancel one fulfilment that has not left the store, and with it the order when nothing else is in it.

    What was paid for it goes back to the tender that paid. Raises `TransitionRefused` when it was handed over, sent,
    expired or cancelled.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    _cancel([fulfilment], actor_id=actor_id, reason=reason)
    return fulfilment.order


def _cancel(ways: list[Fulfilment], *, actor_id: int | None, reason: str) -> None:
    """Cancel some fulfilments of an order: its points are settled with the last of them, before any stock is locked."""
    left = []
    for fulfilment in ways:
        one = _give_up(fulfilment, Fulfilment.Status.CANCELLED, actor_id=actor_id)
        events.given_up(order=fulfilment.order, way=fulfilment, actor_id=actor_id, reason=reason, refunded=one.refunded)
        left.append(one)
    _free(left)


def expire_due(*, limit: int = 200) -> int:
    """Give up every pickup that waited past its last day (the database's clock); return how many. May run twice at
    once. One that cannot be given up is reported and does not keep the others waiting."""
    waiting = Fulfilment.objects.filter(status=Fulfilment.Status.READY, keep_until__lt=Now())
    expired = 0
    for pk in list(waiting.order_by("keep_until", "pk").values_list("pk", flat=True)[:limit]):
        try:
            expired += expire(fulfilment_id=pk)
        except (DatabaseError, Refusal):
            logger.exception("pickup %s could not be given up", pk)
    return expired


@transaction.atomic
def expire(*, fulfilment_id: int) -> bool:
    """Give up one pickup whose last day has passed; False when it was collected, extended or expired meanwhile."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if not Fulfilment.objects.filter(pk=fulfilment_id, status=Fulfilment.Status.READY, keep_until__lt=Now()).exists():
        return False
    left = _give_up(fulfilment, Fulfilment.Status.EXPIRED, actor_id=None)
    events.pickup_expired(order=fulfilment.order, way=fulfilment, refunded=left.refunded)
    _free([left])
    return True


@dataclass(frozen=True)
class _GivenUp:
    """A fulfilment that ended: the cents that went back, and what is to be freed: the units that it kept (variant id →
    units), and what was kept for answers to `questions`."""

    fulfilment: Fulfilment
    refunded: int
    kept: Mapping[int, int]
    questions: list[SubstituteQuestion]

    def levels(self) -> set[tuple[int, int]]:
        """Return what is freed, as (variant id, location id)."""
        offered = (one.variant_id for asked in self.questions for one in asked.substitutes.all())
        return {(variant_id, self.fulfilment.location_id) for variant_id in (*self.kept, *offered)}


def _give_up(fulfilment: Fulfilment, status: str, *, actor_id: int | None) -> _GivenUp:
    """Move to `status`, drop every piece that is left in it, ask no more about it, give back money and points. The
    caller frees its stock."""
    order, lines = fulfilment.order, lines_of(fulfilment)
    fulfilment.move_to(status, ended_at=Now())
    ending.given_up(fulfilment, lines)
    if fulfilment.is_sent:
        packing.unpack_all(fulfilment, actor_id=actor_id)
    for line in lines:
        if line.kept:
            dropping.drop(line=line.order_line, quantity=line.kept)
    order.refresh_from_db(fields=["dropped"])
    reference = fulfilment.refund_reference(status)
    refunded = pay_back(fulfilment, reference=reference, actor_id=actor_id)
    close_if_ended(fulfilment, reference=f"{order.number}/{reference}", actor_id=actor_id)
    questions = answering.withdraw(fulfilment, actor_id=actor_id)
    return _GivenUp(fulfilment, refunded, units_by_variant(lines, "kept"), questions)


def _free(given_up: list[_GivenUp]) -> None:
    """Let what was given up be for sale again: where several statements do it, all levels are locked at once first."""
    if len(given_up) > 1 or any(one.questions for one in given_up):
        reserving.lock({level for one in given_up for level in one.levels()})
    for one in given_up:
        answering.let_go(one.questions)
        fulfilment = one.fulfilment
        reserving.release(location_id=fulfilment.location_id, wanted=one.kept, reference=fulfilment.order.number)
