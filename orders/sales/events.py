"""One function per kind of event. An event is the order's timeline and the outbox at once."""

from datetime import datetime
from typing import Any, Protocol

from omni.staff import history
from orders.sales.models import Order, OrderEvent

PLACED = "order_placed"
PICKING_STARTED = "picking_started"
PICKING_RETURNED = "picking_returned"
PROMISE_LOWERED = "promise_lowered"
LINE_SHORT = "line_short"
READY = "pickup_ready"
HANDED_OVER = "handed_over"
HAND_OVER_UNDONE = "hand_over_undone"
DISPATCHED = "dispatched"
EXPIRED = "pickup_expired"
REROUTED = "rerouted"
PART_CANCELLED = "part_cancelled"
CANCELLED = "order_cancelled"
GIVEN_UP = (CANCELLED, PART_CANCELLED, EXPIRED)
"""What ends a fulfilment without its goods having reached the customer, or not all of them."""


class Way(Protocol):
    """A fulfilment, as its events need it: which one, and where."""

    pk: int
    location_id: int


def write(kind: str, order: Order, way: Way, actor_id: int | None, **data: Any) -> OrderEvent:
    """Write an event of an order: what happened, where, who did it, from which tablet."""
    return record(kind, order.pk, way.location_id, actor_id, fulfilment=way.pk, **data)


def record(kind: str, order_id: int, location_id: int, actor_id: int | None, **data: Any) -> OrderEvent:
    """Write an event of the order with this id. Every event of an order is written here, or by `write`."""
    facts = {**data, **from_device()}
    return OrderEvent.objects.create(
        order_id=order_id, kind=kind, location_id=location_id, actor_id=actor_id, data=facts
    )


def from_device() -> dict[str, str]:
    """Return the tablet that is being served, as a member of an event's data; nothing for any other machine."""
    device = history.device()
    return {"device": device} if device else {}


def _reserved(order: Order) -> dict[str, bool]:
    return {"reserved": True} if order.reserved else {}


def picking_started(*, order: Order, way: Way, actor_id: int) -> OrderEvent:
    """Somebody took the order in hand."""
    return write(PICKING_STARTED, order, way, actor_id)


def picking_returned(*, order: Order, way: Way, actor_id: int) -> OrderEvent:
    """The order went back to the queue."""
    return write(PICKING_RETURNED, order, way, actor_id)


def promise_lowered(*, order: Order, way: Way, before: datetime, after: datetime, **why: int) -> OrderEvent:
    """The pickup will be ready later than it was promised; the follower tells its customer. `why` are the figures that
    were reckoned with: orders and pieces before it and in it, people at work."""
    instants = {"before": before.isoformat(), "after": after.isoformat()}
    return write(PROMISE_LOWERED, order, way, None, **instants, **why)


def line_short(
    *, order: Order, way: Way, actor_id: int, line_name: str, quantity: int, reason: str, amount: int
) -> OrderEvent:
    """Pieces were not found: how many, why, and the cents they no longer cost; none when another place serves them."""
    return write(LINE_SHORT, order, way, actor_id, name=line_name, quantity=quantity, reason=reason, amount=amount)


def rerouted(*, order: Order, way: Way, actor_id: int, short_at: int, line_name: str, quantity: int) -> OrderEvent:
    """Pieces that were not found at the place `short_at` are served by `way` instead; the follower tells the
    customer."""
    return write(REROUTED, order, way, actor_id, short_at=short_at, name=line_name, quantity=quantity)


def pickup_ready(*, order: Order, way: Way, actor_id: int, place: str) -> OrderEvent:
    """The order waits for its owner; the follower tells them."""
    return write(READY, order, way, actor_id, place=place)


def handed_over(
    *, order: Order, way: Way, actor_id: int, proof: str, points: int, left: int = 0, refunded: int = 0
) -> OrderEvent:
    """The goods are with the customer; `left` pieces still wait for them, `refunded` cents went back for refused
    ones."""
    return write(HANDED_OVER, order, way, actor_id, proof=proof, points=points, left=left, refunded=refunded)


def hand_over_undone(*, order: Order, way: Way, actor_id: int) -> OrderEvent:
    """The hand-over was a mistake; the order waits again."""
    return write(HAND_OVER_UNDONE, order, way, actor_id)


def dispatched(*, order: Order, way: Way, actor_id: int, points: int) -> OrderEvent:
    """The parcel left the store."""
    return write(DISPATCHED, order, way, actor_id, points=points)


def pickup_expired(*, order: Order, way: Way, refunded: int) -> OrderEvent:
    """Nobody came; the goods go back to the shelf."""
    return write(EXPIRED, order, way, None, refunded=refunded, **_reserved(order))


def given_up(*, order: Order, way: Way, actor_id: int | None, reason: str, refunded: int) -> OrderEvent:
    """The order will not happen; or this part of it, when another part did or still will."""
    kind = CANCELLED if order.status == Order.Status.CANCELLED else PART_CANCELLED
    return write(kind, order, way, actor_id, reason=reason, refunded=refunded, **_reserved(order))
