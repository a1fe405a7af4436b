"""Opening stock: the first movement of a level."""

from collections.abc import Collection, Iterable

from django.db import connection, transaction

from inventory.stock.models import StockLevel
from omni.lib import sql

TAKE = """
WITH opened AS (
    INSERT INTO stock_stocklevel (location_id, variant_id, on_hand, safety_stock)
    SELECT opening.location_id, opening.variant_id, opening.quantity, place.safety_stock
    FROM opening JOIN places_location AS place ON place.id = opening.location_id
    ON CONFLICT (variant_id, location_id) DO NOTHING
    RETURNING location_id, variant_id, on_hand
)
INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, derived)
SELECT location_id, variant_id, 'opened', on_hand, 'opening', %s::boolean FROM opened WHERE on_hand > 0
"""


@transaction.atomic
def open_stock(*, rows: Iterable[tuple[int, int, int]], derived: bool = False) -> int:
    """Open levels from `(location id, variant id, units ≥ 0)`; a level that exists is left as it is.
    A new one keeps back what its store keeps back of each article.

    Returns how many movements were written. `derived` marks stock that a rule made up.
    """
    sql.run(
        "CREATE TEMP TABLE opening (location_id bigint, variant_id bigint, quantity int CHECK (quantity >= 0)) "
        "ON COMMIT DROP"
    )
    with connection.cursor() as cursor, cursor.copy("COPY opening FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    written = sql.run(TAKE, [derived])
    sql.run("DROP TABLE opening")
    return written


def open_levels(*, location_id: int, variant_ids: Collection[int]) -> None:
    """Give articles that were never stocked at a place a level of none, so that what comes or is found can be
    booked."""
    known = StockLevel.objects.filter(location=location_id, variant__in=variant_ids).values_list(
        "variant_id", flat=True
    )
    if missing := set(variant_ids).difference(known):
        open_stock(rows=[(location_id, variant_id, 0) for variant_id in sorted(missing)])
