"""The end of an order: when nothing of it is on its way any more. Its points are settled then."""

from loyalty import queries as loyalty
from loyalty.services import earning, settling
from omni.lib import sql
from orders.fulfilment.models import Fulfilment
from orders.sales.models import Order

STANDING = """
SELECT bool_or(way.ended_at IS NULL) AS on_its_way, coalesce(sum(slice.collected), 0) > 0 AS given
FROM fulfilment_fulfilment way
LEFT JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = way.id
WHERE way.order_id = %s::bigint
"""


def close_if_ended(fulfilment: Fulfilment, *, reference: str, actor_id: int | None) -> int:
    """Complete the fulfilment's order when something of it reached the customer, cancel it when nothing did; leave it
    open while something is still on its way. The order is locked by the caller.

    Points follow what was paid, all at once, under `reference`; return those that were kept. What was reserved earns
    them here and not before: until now nothing was bought.
    """
    order = fulfilment.order
    standing = sql.row(STANDING, [order.pk])
    if standing.on_its_way:
        return 0
    if not standing.given:
        order.move_to(Order.Status.CANCELLED, closed_under=reference)
        settling.void(cause=order.number, reference=reference, actor_id=actor_id)
        return 0
    order.move_to(Order.Status.COMPLETED, closed_under=reference)
    order.refresh_from_db(fields=["dropped"])
    if order.reserved and order.customer_id and not loyalty.open_pending(order.number).exists():
        # For all of it, so that an undo finds them: what was left in the store is voided at once.
        earning.earn_pending(
            customer_id=order.customer_id,
            paid=order.total,
            cause=order.number,
            location_id=order.location_id,
            actor_id=actor_id,
        )
    return settling.confirm(
        cause=order.number, paid=order.total - order.dropped, reference=reference, actor_id=actor_id
    )
