"""Goods leave the house: collected at the counter, carried out of the shop, sent by parcel. Stock, points and money
follow."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.services import selling
from loyalty.services import settling
from orders.fulfilment import locks
from orders.fulfilment.errors import MoneyDue
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services.picking import units_by_variant
from orders.fulfilment.services.readying import require_closed_lines
from orders.payments import queries as payment_queries
from orders.payments.services import capturing, refunding
from orders.sales import events
from orders.sales.models import Order


@transaction.atomic
def hand_over(*, fulfilment_id: int, proof: str, actor_id: int, collected_by: str = "", tender: str = "") -> HandOver:
    """Give a ready pickup to its customer: what is due is taken by `tender`, points count by the programme's rule,
    stock falls.

    Works once, whoever comes second gets `TransitionRefused`. Raises `MoneyDue` when something is due and no tender
    is named.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    order = fulfilment.order
    fulfilment.move_to(Fulfilment.Status.COLLECTED, ended_at=Now())
    given = HandOver.objects.create(fulfilment=fulfilment, proof=proof, actor_id=actor_id, collected_by=collected_by)
    reference = f"{order.number}/hand-over/{given.pk}"
    _take_what_is_due(order, tender=tender, reference=reference, actor_id=actor_id)
    points = _complete(fulfilment, reference=reference, actor_id=actor_id)
    events.handed_over(order=order, actor_id=actor_id, fulfilment_id=fulfilment.pk, proof=proof, points=points)
    return given


@transaction.atomic
def dispatch(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Send a picked parcel on its way. Raises `StillOpen`, `MoneyDue`, `TransitionRefused`."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    require_closed_lines(fulfilment)
    fulfilment.move_to(Fulfilment.Status.DISPATCHED, ended_at=Now())
    reference = f"{fulfilment.order.number}/dispatch"
    refunding.settle_overpaid(order=fulfilment.order, reference=f"dispatch/{fulfilment.pk}", actor_id=actor_id)
    _take_what_is_due(fulfilment.order, tender="", reference=reference, actor_id=actor_id)
    points = _complete(fulfilment, reference=reference, actor_id=actor_id)
    events.dispatched(order=fulfilment.order, actor_id=actor_id, fulfilment_id=fulfilment.pk, points=points)
    return fulfilment


@transaction.atomic
def carry_out(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Finish an order that its customer carries out at once. Raises `MoneyDue`, `TransitionRefused`."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if fulfilment.kind != Fulfilment.Kind.CARRY_OUT:
        raise fulfilment.refused(Fulfilment.Status.COLLECTED)
    fulfilment.move_to(Fulfilment.Status.COLLECTED, ended_at=Now())
    fulfilment.lines.update(picked=F("quantity"))
    reference = f"{fulfilment.order.number}/carry-out"
    _take_what_is_due(fulfilment.order, tender="", reference=reference, actor_id=actor_id)
    points = _complete(fulfilment, reference=reference, actor_id=actor_id)
    events.handed_over(
        order=fulfilment.order, actor_id=actor_id, fulfilment_id=fulfilment.pk, proof="carried_out", points=points
    )
    return fulfilment


def _take_what_is_due(order: Order, *, tender: str, reference: str, actor_id: int) -> None:
    due = payment_queries.account_of(order).due
    if due <= 0:
        return
    if not tender:
        raise MoneyDue(_("This order is not paid: choose how the customer pays."), extra={"due": due})
    capturing.capture(
        order_id=order.pk, tender=tender, amount=due, currency=order.currency, reference=reference, actor_id=actor_id
    )


def _complete(fulfilment: Fulfilment, *, reference: str, actor_id: int) -> int:
    """Collect the lines, close the order, post points, then move stock: the locks in their order. Return the points
    kept."""
    order = fulfilment.order
    fulfilment.lines.update(collected=F("picked"))
    order.move_to(Order.Status.COMPLETED)
    points = settling.confirm(
        cause=order.number, paid=order.total - order.dropped, reference=reference, actor_id=actor_id
    )
    lines = list(fulfilment.lines.select_related("order_line"))
    selling.sell_reserved(
        location_id=fulfilment.location_id,
        wanted=units_by_variant(lines, "collected"),
        reservation=order.number,
        reference=reference,
        actor_id=actor_id,
    )
    return points
