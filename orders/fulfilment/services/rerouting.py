"""A piece that one place could not find is served by another: kept there at once, and the customer told."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from inventory.places.queries import place
from inventory.stock.services import reserving
from orders.fulfilment import promises
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services.opening import open_fulfilment
from orders.sales import events
from orders.sales.models import Order


@dataclass(frozen=True)
class Instead:
    """Another place and its way of handing over; a parcel goes to `ship_to`."""

    location_id: int
    kind: str
    ship_to: dict[str, Any] | None = None


def reserve_there(line: FulfilmentLine, instead: Instead, *, quantity: int) -> None:
    """Keep the pieces at the other place, before they are given up here: both levels are locked in their order.

    Raises `ShortStock`; the caller's transaction must then be rolled back.
    """
    variant_id, here = line.order_line.variant_id, line.fulfilment
    reserving.lock([(variant_id, here.location_id), (variant_id, instead.location_id)])
    reserving.reserve(
        location_id=instead.location_id, wanted={variant_id: quantity}, reference=here.order.number, adds=True
    )


def serve_there(line: FulfilmentLine, instead: Instead, *, quantity: int, actor_id: int) -> Fulfilment:
    """Let the other place prepare the pieces, together with what it already prepares of this order in the same way."""
    here = line.fulfilment
    there = _joined(line, instead, quantity) or _opened(line, instead, quantity)
    order = here.order
    if instead.location_id not in {order.location_id, *order.also_at}:
        order.also_at = [*order.also_at, instead.location_id]
        Order.objects.filter(pk=order.pk).update(also_at=order.also_at)
    events.rerouted(
        order=order,
        way=there,
        actor_id=actor_id,
        short_at=here.location_id,
        line_name=line.order_line.name,
        quantity=quantity,
    )
    return there


def _joined(line: FulfilmentLine, instead: Instead, quantity: int) -> Fulfilment | None:
    """Add the pieces to what waits to be picked there in the same way; None when nothing does."""
    here = line.fulfilment
    same = Fulfilment.objects.filter(
        order=here.order_id,
        location=instead.location_id,
        kind=instead.kind,
        status=Fulfilment.Status.TO_PICK,
        instead_of=here.pk,
    )
    there = same.first()
    if there is not None:
        slices = FulfilmentLine.objects.filter(fulfilment=there, order_line=line.order_line_id)
        if not slices.update(quantity=F("quantity") + quantity):
            FulfilmentLine.objects.create(fulfilment=there, order_line_id=line.order_line_id, quantity=quantity)
    return there


def _opened(line: FulfilmentLine, instead: Instead, quantity: int) -> Fulfilment:
    here, there = line.fulfilment, place(instead.location_id)
    pk, _short_id = open_fulfilment(
        order_id=here.order_id,
        kind=instead.kind,
        place=there,
        promised_at=promises.promise(place=there, kind=instead.kind, now=timezone.now(), pieces=quantity),
        slices=[(line.order_line_id, quantity)],
        ship_to=instead.ship_to,
        instead_of=here.pk,
    )
    return Fulfilment.objects.get(pk=pk)
