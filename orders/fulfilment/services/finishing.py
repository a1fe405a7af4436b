"""Goods leave the house: carried out of the shop, or sent by parcel. Stock, points and money follow."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from inventory.stock.services import selling
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services.charging import pay_back, take_what_is_due
from orders.fulfilment.services.closing import close_if_ended
from orders.fulfilment.services.packing import require_packed
from orders.fulfilment.services.picking import units_by_variant
from orders.fulfilment.services.readying import require_closed_lines
from orders.sales import events


@transaction.atomic
def dispatch(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Send what was picked on its way. Raises `StillOpen`, `MoneyDue`, `TransitionRefused`, and where a carrier takes
    parcels `NotPacked` while a picked piece is in none."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    require_closed_lines(fulfilment)
    require_packed(fulfilment)
    fulfilment.move_to(Fulfilment.Status.DISPATCHED, ended_at=Now())
    fulfilment.lines.update(collected=F("picked"))
    pay_back(fulfilment, reference=fulfilment.refund_reference("dispatch"), actor_id=actor_id)
    points = _complete(fulfilment, f"{fulfilment.order.number}/dispatch/{fulfilment.pk}", actor_id)
    events.dispatched(order=fulfilment.order, way=fulfilment, actor_id=actor_id, points=points)
    return fulfilment


@transaction.atomic
def carry_out(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Finish what its customer carries out at once. Raises `MoneyDue`, `TransitionRefused`."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if fulfilment.kind != Fulfilment.Kind.CARRY_OUT:
        raise fulfilment.refused(Fulfilment.Status.COLLECTED)
    fulfilment.move_to(Fulfilment.Status.COLLECTED, ended_at=Now())
    fulfilment.lines.update(picked=F("quantity"), collected=F("quantity"))
    points = _complete(fulfilment, f"{fulfilment.order.number}/carry-out", actor_id)
    events.handed_over(order=fulfilment.order, way=fulfilment, actor_id=actor_id, proof="carried_out", points=points)
    return fulfilment


def _complete(fulfilment: Fulfilment, reference: str, actor_id: int) -> int:
    """Require its money, close the order if this was the last of it, then move stock: the locks in their order. Return
    the points kept."""
    take_what_is_due(fulfilment, tender="", reference=reference, actor_id=actor_id)
    points = close_if_ended(fulfilment, reference=reference, actor_id=actor_id)
    selling.sell_reserved(
        location_id=fulfilment.location_id,
        wanted=units_by_variant(list(fulfilment.lines.select_related("order_line")), "collected"),
        reservation=fulfilment.order.number,
        reference=reference,
        actor_id=actor_id,
    )
    return points
