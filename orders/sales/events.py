"""One function per kind of event. An event is the order's timeline and the outbox at once."""

from typing import Any

from orders.sales.models import Order, OrderEvent

PLACED = "order_placed"
PICKING_STARTED = "picking_started"
PICKING_RETURNED = "picking_returned"
LINE_SHORT = "line_short"
READY = "pickup_ready"
HANDED_OVER = "handed_over"
HAND_OVER_UNDONE = "hand_over_undone"
DISPATCHED = "dispatched"
EXPIRED = "pickup_expired"
CANCELLED = "order_cancelled"


def _write(kind: str, order: Order, actor_id: int | None, **data: Any) -> OrderEvent:
    return OrderEvent.objects.create(
        order=order, kind=kind, location_id=order.location_id, actor_id=actor_id, data=data
    )


def picking_started(*, order: Order, actor_id: int, fulfilment_id: int) -> OrderEvent:
    """Somebody took the order in hand."""
    return _write(PICKING_STARTED, order, actor_id, fulfilment=fulfilment_id)


def picking_returned(*, order: Order, actor_id: int, fulfilment_id: int) -> OrderEvent:
    """The order went back to the queue."""
    return _write(PICKING_RETURNED, order, actor_id, fulfilment=fulfilment_id)


def line_short(
    *, order: Order, actor_id: int, fulfilment_id: int, line_name: str, quantity: int, reason: str, amount: int
) -> OrderEvent:
    """Pieces were not found: how many, why, and the cents they no longer cost."""
    return _write(
        LINE_SHORT,
        order,
        actor_id,
        fulfilment=fulfilment_id,
        name=line_name,
        quantity=quantity,
        reason=reason,
        amount=amount,
    )


def pickup_ready(*, order: Order, actor_id: int, fulfilment_id: int, place: str) -> OrderEvent:
    """The order waits for its owner; the follower tells them."""
    return _write(READY, order, actor_id, fulfilment=fulfilment_id, place=place)


def handed_over(*, order: Order, actor_id: int, fulfilment_id: int, proof: str, points: int) -> OrderEvent:
    """The goods are with the customer."""
    return _write(HANDED_OVER, order, actor_id, fulfilment=fulfilment_id, proof=proof, points=points)


def hand_over_undone(*, order: Order, actor_id: int, fulfilment_id: int) -> OrderEvent:
    """The hand-over was a mistake; the order waits again."""
    return _write(HAND_OVER_UNDONE, order, actor_id, fulfilment=fulfilment_id)


def dispatched(*, order: Order, actor_id: int, fulfilment_id: int, points: int) -> OrderEvent:
    """The parcel left the store."""
    return _write(DISPATCHED, order, actor_id, fulfilment=fulfilment_id, points=points)


def pickup_expired(*, order: Order, fulfilment_id: int, refunded: int) -> OrderEvent:
    """Nobody came; the goods go back to the shelf."""
    return _write(EXPIRED, order, None, fulfilment=fulfilment_id, refunded=refunded)


def order_cancelled(*, order: Order, actor_id: int, reason: str, refunded: int) -> OrderEvent:
    """The order will not happen."""
    return _write(CANCELLED, order, actor_id, reason=reason, refunded=refunded)
