"""Every ORM lock of the stock room. Statements of `services/` lock in the same order: by id."""

from collections.abc import Collection

from django.db import connection

from inventory.stock.models import StockCount, StockLevel
from omni.lib import sql

LOCK = """
SELECT id FROM stock_stocklevel
WHERE (variant_id, location_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
ORDER BY id FOR UPDATE
"""


def lock_level(*, location_id: int, variant_id: int) -> StockLevel:
    """Lock one level until the end of the transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return StockLevel.objects.select_for_update().get(location=location_id, variant=variant_id)


def lock_levels(pairs: Collection[tuple[int, int]]) -> None:
    """Lock the levels of some (variant id, location id) in the order of their ids, until the transaction ends."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    if pairs:
        sql.rows(LOCK, [sql.numbers(pk for pk, _place in pairs), sql.numbers(place for _pk, place in pairs)])


def lock_count(count_id: int) -> StockCount:
    """Lock a count until the end of the transaction: nothing is counted in it meanwhile. It is locked before levels."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    found: StockCount = StockCount.objects.select_for_update().get(pk=count_id)
    return found
