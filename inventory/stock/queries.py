"""What is available where."""

from collections.abc import Collection, Mapping

from omni.lib import sql

Available = tuple[int, int, int, int, str]
"""Variant id, location id, units available to promise, a number that grows with every change of them, and when the last
was: an ISO 8601 instant in UTC, to the second."""

# The inner SELECT hides from the planner how many variants there are, so it keeps its plan.
AVAILABLE = """
SELECT variant_id, location_id, greatest(0, on_hand - reserved - damaged - safety_stock) AS available, version,
       to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS changed_at
FROM stock_stocklevel
WHERE variant_id = ANY(ARRAY(SELECT unnest(%s::bigint[])))
"""
AVAILABLE_AT = AVAILABLE + " AND location_id = ANY(%s::bigint[])"

HAS_ENOUGH = """
SELECT level.variant_id, level.location_id
FROM stock_stocklevel level
JOIN unnest(%s::bigint[], %s::int[]) AS wanted(variant_id, quantity) USING (variant_id)
WHERE level.on_hand - level.reserved - level.damaged - level.safety_stock >= wanted.quantity
"""


def availability(variant_ids: Collection[int], location_ids: Collection[int] | None = None) -> list[Available]:
    """Return the figures of all variants at the locations, or everywhere, in one statement; a pair without a level is
    left out. Everywhere costs PostgreSQL half of naming every location."""
    if location_ids is None:
        return sql.tuples(AVAILABLE, [sql.numbers(variant_ids)])
    return sql.tuples(AVAILABLE_AT, [sql.numbers(variant_ids), sql.numbers(location_ids)])


def locations_with(wanted: Mapping[int, int]) -> dict[int, set[int]]:
    """Return, per location, which of the wanted variants it has enough of. Locations with none are left out."""
    found: dict[int, set[int]] = {}
    for variant_id, location_id in sql.rows(HAS_ENOUGH, [list(wanted), list(wanted.values())]):
        found.setdefault(location_id, set()).add(variant_id)
    return found
