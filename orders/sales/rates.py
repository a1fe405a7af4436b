"""How fast things sell: units of each article in one place over the last days."""

from omni.lib import sql

SOLD = """
SELECT line.variant_id, sum(line.quantity - line.dropped_quantity)::int
FROM sales_order bought
JOIN sales_orderline line ON line.order_id = bought.id
JOIN catalog_variant variant ON variant.id = line.variant_id AND variant.measure = 'piece'
WHERE bought.location_id = %s::bigint AND bought.placed_on > current_date - %s::int AND bought.status <> 'cancelled'
GROUP BY line.variant_id HAVING sum(line.quantity - line.dropped_quantity) > 0
"""


def sold_in(*, location_id: int, days: int) -> dict[int, int]:
    """Return variant id → units of what a place was ordered in the last `days` days and not cancelled, pieces only."""
    return dict(sql.tuples(SOLD, [location_id, days]))
