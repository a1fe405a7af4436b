"""What is available where."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from omni.lib import sql


class Available(NamedTuple):
    """Units available to promise of a variant at a location; `version` grows with every change."""

    variant_id: int
    location_id: int
    available: int
    version: int
    changed_at: datetime


AVAILABLE = """
SELECT variant_id, location_id, greatest(0, on_hand - reserved - damaged - safety_stock) AS available, version,
changed_at
FROM stock_stocklevel
WHERE variant_id = ANY(%s::bigint[]) AND location_id = ANY(%s::bigint[])
"""

HAS_ENOUGH = """
SELECT level.variant_id, level.location_id
FROM stock_stocklevel level
JOIN unnest(%s::bigint[], %s::int[]) AS wanted(variant_id, quantity) USING (variant_id)
WHERE level.on_hand - level.reserved - level.damaged - level.safety_stock >= wanted.quantity
"""


def availability(variant_ids: Collection[int], location_ids: Collection[int]) -> list[Available]:
    """Return the figures of all variants at all locations in one statement; a pair without a level is left out."""
    return [Available(*row) for row in sql.rows(AVAILABLE, [list(variant_ids), list(location_ids)])]


def locations_with(wanted: Mapping[int, int]) -> dict[int, set[int]]:
    """Return, per location, which of the wanted variants it has enough of. Locations with none are left out."""
    found: dict[int, set[int]] = {}
    for variant_id, location_id in sql.rows(HAS_ENOUGH, [list(wanted), list(wanted.values())]):
        found.setdefault(location_id, set()).add(variant_id)
    return found
