"""What a count found against what the figures have, article by article, as it is now."""

from dataclasses import dataclass
from typing import Any

from inventory.catalog.queries import PICTURE
from inventory.stock.models import StockMovement
from omni.lib import sql

SIGNED = " ".join(f"WHEN '{kind}' THEN {sign}" for kind, sign in StockMovement.ON_HAND_SIGN.items())
CORRECTS = ("counted_more", "counted_less", "corrected_more", "corrected_less")
"""Movements that no piece made: somebody put the figure right."""

LINES = f"""
SELECT line.id, line.variant_id, line.counted, line.least, line.most, variant.sku, variant.gtin, variant.label,
       product.name, {PICTURE} AS picture, level.id AS level_id, coalesce(level.on_hand, 0) AS on_hand,
       coalesce(level.on_hand - level.damaged - level.reserved, 0) AS free,
       coalesce(since.corrected, 0) AS corrected, coalesce(since.last, 0) AS last_movement
FROM stock_countline line
JOIN stock_stockcount count ON count.id = line.count_id
JOIN catalog_variant variant ON variant.id = line.variant_id
JOIN catalog_product product ON product.id = variant.product_id
LEFT JOIN stock_stocklevel level ON level.variant_id = line.variant_id AND level.location_id = count.location_id
LEFT JOIN LATERAL (
    SELECT max(moved.id) AS last,
           sum((CASE kind {SIGNED} END) * moved.quantity)
               FILTER (WHERE moved.id > line.last_movement AND kind = ANY(%(corrects)s::text[]))::int AS corrected
    FROM stock_stockmovement moved
    WHERE moved.variant_id = line.variant_id AND moved.location_id = count.location_id
) since ON true
WHERE line.count_id = %(count)s::bigint
ORDER BY line.id
"""  # noqa: S608  (kinds and signs are constants of ours)


@dataclass(frozen=True)
class Difference:
    """One line of an open count. `units` is what closing would put right (+ more, − fewer), `spared` how many of the
    missing stay because they are kept for orders or set aside; `row` is the article and its level."""

    row: Any
    counted: int
    expected: int
    spared: int

    @property
    def units(self) -> int:
        """What was found beside what was expected."""
        return self.counted - self.expected

    @property
    def moved(self) -> int:
        """What the figure changes by."""
        return self.units + self.spared


def of_count(count_id: int) -> list[Difference]:
    """Return every line of an open count as closing it now would see it. One statement.

    What is sold, received or returned while a line is counted may or may not have been among its pieces, so any figure
    between the lowest and the highest on hand of that time is right; what moves after the last scan is not asked at
    all. What somebody else put right since then (a short pick, another count) is not put right a second time: it is
    part of what is expected. Pieces kept for orders, or set aside, are never counted away.
    """
    return [_difference(row) for row in sql.rows(LINES, {"count": count_id, "corrects": list(CORRECTS)})]


def _difference(row: Any) -> Difference:
    expected = min(max(row.counted, row.least), row.most) + row.corrected
    spared = max(0, expected - row.counted - max(0, row.free))
    return Difference(row, row.counted, expected, spared)
