"""What will not be handed over: cancelled by somebody, or never collected. Stock, points and money go back once."""

import logging

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.services import reserving
from omni.lib.errors import Refusal
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import packing
from orders.fulfilment.services.closing import close_if_ended
from orders.fulfilment.services.picking import lines_of, units_by_variant
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.waiting.services import ending
from orders.payments.services import refunding
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
    for fulfilment in open_ways:
        _cancel(fulfilment, actor_id=actor_id, reason=reason)


@transaction.atomic
def cancel(*, fulfilment_id: int, actor_id: int | None, reason: str) -> Order:
    """Cancel one fulfilment that has not left the store, and with it the order when nothing else is in it.

    What was paid for it goes back to the tender that paid. Raises `TransitionRefused` when it was handed over, sent,
    expired or cancelled.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    _cancel(fulfilment, actor_id=actor_id, reason=reason)
    return fulfilment.order


def _cancel(fulfilment: Fulfilment, *, actor_id: int | None, reason: str) -> None:
    refunded = _give_up(fulfilment, Fulfilment.Status.CANCELLED, actor_id=actor_id)
    events.given_up(order=fulfilment.order, way=fulfilment, actor_id=actor_id, reason=reason, refunded=refunded)


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
    events.pickup_expired(order=fulfilment.order, way=fulfilment, refunded=refunded)
    return True


def _give_up(fulfilment: Fulfilment, status: str, *, actor_id: int | None) -> int:
    """Move to `status`, drop every piece that is left in it, give back money, points and stock. Return the cents given
    back."""
    order, lines = fulfilment.order, lines_of(fulfilment)
    fulfilment.move_to(status, ended_at=Now())
    ending.given_up(fulfilment, lines)
    if fulfilment.is_sent:
        packing.unpack_all(fulfilment, actor_id=actor_id)
    for line in lines:
        if line.kept:
            dropping.drop(line=line.order_line, quantity=line.kept)
    order.refresh_from_db(fields=["dropped"])
    reference = f"{status}/{fulfilment.pk}"
    refunded = refunding.settle_overpaid(order=order, reference=reference, actor_id=actor_id)
    close_if_ended(fulfilment, reference=f"{order.number}/{reference}", actor_id=actor_id)
    kept = units_by_variant(lines, "kept")
    answering.withdraw(fulfilment, actor_id=actor_id, variants=kept)
    reserving.release(location_id=fulfilment.location_id, wanted=kept, reference=order.number)
    return refunded
