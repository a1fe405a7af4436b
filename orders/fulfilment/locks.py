"""Every lock of the fulfilment room. Order before fulfilment, then points, then stock."""

from django.db import connection

from orders.fulfilment.models import Fulfilment
from orders.sales import locks as order_locks


def lock_fulfilment(pk: int) -> Fulfilment:
    """Lock an order and its fulfilment until the end of the transaction; `fulfilment.order` is the locked order."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    order = order_locks.lock_order(Fulfilment.objects.values_list("order_id", flat=True).get(pk=pk))
    fulfilment = Fulfilment.objects.select_for_update().get(pk=pk)
    fulfilment.order = order
    return fulfilment


def lock_open(order_id: int) -> list[Fulfilment]:
    """Lock an order, then its fulfilments that have not ended, in the order of their ids."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    order = order_locks.lock_order(order_id)
    found = list(Fulfilment.objects.select_for_update().filter(order=order_id, ended_at=None).order_by("pk"))
    for fulfilment in found:
        fulfilment.order = order
    return found


def lock_status(pk: int) -> str:
    """Lock a fulfilment alone until the end of the transaction and return its status; "" when there is none. Whoever
    holds it this way asks for no other lock afterwards."""
    found = Fulfilment.objects.select_for_update().filter(pk=pk)
    return found.values_list("status", flat=True).first() or ""
