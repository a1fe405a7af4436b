"""The lock of a transfer. It is taken before those of stock levels."""

from django.db import connection

from inventory.transfers.models import Transfer


def lock_transfer(transfer_id: int) -> Transfer:
    """Lock a transfer until the end of the transaction: nothing is written in it meanwhile."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    found: Transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
    return found
