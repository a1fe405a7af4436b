"""Every ORM lock of the stock room. Statements of `services/` lock in the same order: by id."""

from django.db import connection

from inventory.stock.models import StockLevel


def lock_level(*, location_id: int, variant_id: int) -> StockLevel:
    """Lock one level until the end of the transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return StockLevel.objects.select_for_update().get(location=location_id, variant=variant_id)
