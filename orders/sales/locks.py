"""Every lock of the sales room."""

from django.db import connection

from orders.sales.models import Order


def lock_order(pk: int) -> Order:
    """Lock one order until the end of the transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return Order.objects.select_for_update().get(pk=pk)
