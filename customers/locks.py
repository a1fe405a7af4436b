"""Every lock of the customers' room."""

from django.db import connection

from customers.models import Customer


def lock_customer(pk: int) -> None:
    """Lock one customer until the end of the transaction: the first of all locks. Orders of them that are not asked
    about may be written meanwhile."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    Customer.objects.select_for_update(no_key=True).values_list("pk").get(pk=pk)
