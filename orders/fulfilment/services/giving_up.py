"""Orders that will not be handed over: cancelled by somebody, or never collected. Stock, points and money go back
once."""

import logging

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from inventory.stock.services import reserving
from loyalty.services import settling
from omni.lib.errors import Refusal
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services.picking import units_by_variant
from orders.payments.services import refunding
from orders.sales import events
from orders.sales.models import Order
from orders.sales.services import dropping

logger = logging.getLogger(__name__)


@transaction.atomic
def cancel_order(*, fulfilment_id: int, actor_id: int, reason: str) -> Order:
    """Cancel an order that has not left the store, with everything in it.

    What was paid goes back to the tender that paid. Raises `TransitionRefused` when it was handed over, sent, expired
    or cancelled.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    refunded = _give_up(fulfilment, Fulfilment.Status.CANCELLED, actor_id=actor_id)
    events.order_cancelled(order=fulfilment.order, actor_id=actor_id, reason=reason, refunded=refunded)
    return fulfilment.order


def expire_due(*, limit: int = 200) -> int:
    """Give up every pickup that waited past its last day (the database's clock); return how many. May run twice at
    once. One that cannot be given up is reported and does not keep the others waiting."""
    waiting = Fulfilment.objects.filter(status=Fulfilment.Status.READY, keep_until__lt=Now()).order_by("keep_until")
    expired = 0
    for pk in list(waiting.values_list("pk", flat=True)[:limit]):
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
    refunded = _give_up(fulfilment, Fulfilment.Status.EXPIRED, actor_id=None)
    events.pickup_expired(order=fulfilment.order, fulfilment_id=fulfilment.pk, refunded=refunded)
    return True


def _give_up(fulfilment: Fulfilment, status: str, *, actor_id: int | None) -> int:
    """Move to `status`, drop every piece that is left, give back money, points and stock. Return the cents given
    back."""
    order = fulfilment.order
    lines = list(fulfilment.lines.select_related("order_line"))
    fulfilment.move_to(status, ended_at=Now())
    order.move_to(Order.Status.CANCELLED)
    for line in lines:
        if line.order_line.kept:
            dropping.drop(line=line.order_line, quantity=line.order_line.kept)
    order.refresh_from_db(fields=["dropped"])
    refunded = refunding.settle_overpaid(order=order, reference=f"{status}/{fulfilment.pk}", actor_id=actor_id)
    settling.void(cause=order.number, reference=f"{order.number}/{status}", actor_id=actor_id)
    reserving.release(
        location_id=fulfilment.location_id, wanted=units_by_variant(lines, "kept"), reference=order.number
    )
    return refunded
