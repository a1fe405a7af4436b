"""What is available where."""

from collections.abc import Collection, Mapping

from omni.lib import sql

# The inner SELECT hides from the planner how many variants there are, so it keeps its plan.
AVAILABLE = """
SELECT variant_id, string_agg(location_id || ';"available":' || greatest(0, on_hand - reserved - damaged - safety_stock)
                              || ',"version":' || version || ',"changed_at":' || to_json(changed_at), ';') AS figures
FROM stock_stocklevel
WHERE variant_id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) {places} GROUP BY variant_id
"""
EVERYWHERE = AVAILABLE.format(places="")
AT_PLACES = AVAILABLE.format(places="AND location_id = ANY(%s::bigint[])")

# One row for each variant and no word of the places: to look each level up by its place, and to hand over each as a
# row of its own, takes several times as long where there are hundreds.
UNITS = """
SELECT variant_id, string_agg(location_id::text, ';'),
       string_agg((on_hand - reserved - damaged - safety_stock)::text, ';')
FROM stock_stocklevel
WHERE variant_id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) AND on_hand - reserved - damaged - safety_stock > 0
GROUP BY variant_id
"""

HAS_ENOUGH = """
SELECT level.variant_id, level.location_id
FROM stock_stocklevel level
JOIN unnest(%s::bigint[], %s::int[]) AS wanted(variant_id, quantity) USING (variant_id)
WHERE level.on_hand - level.reserved - level.damaged - level.safety_stock >= wanted.quantity
"""


def availability(
    variant_ids: Collection[int], location_ids: Collection[int] | None = None
) -> dict[int, dict[str, str]]:
    """Return, per variant and location id (as text), its figures as members of a JSON object, in one statement.

    `available` is units available to promise, never below 0; `version` grows with every change; `changed_at` is the
    instant of the last, ISO 8601. A pair without a level is left out. PostgreSQL puts them together because there may
    be thousands; everywhere costs it half of naming every location.
    """
    if location_ids is None:
        found = sql.tuples(EVERYWHERE, [sql.numbers(variant_ids)])
    else:
        found = sql.tuples(AT_PLACES, [sql.numbers(variant_ids), sql.numbers(location_ids)])
    return {variant_id: _in_pairs(figures.split(";")) for variant_id, figures in found}


def _in_pairs(parts: list[str]) -> dict[str, str]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def locations_with(wanted: Mapping[int, int]) -> dict[int, set[int]]:
    """Return, per location, which of the wanted variants it has enough of. Locations with none are left out."""
    found: dict[int, set[int]] = {}
    for variant_id, location_id in sql.rows(HAS_ENOUGH, [list(wanted), list(wanted.values())]):
        found.setdefault(location_id, set()).add(variant_id)
    return found


def units_at(variant_ids: Collection[int], location_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return, per location and variant id, the units available to promise, in one statement. What a place has none of
    is left out."""
    asked = frozenset(location_ids)
    found: dict[int, dict[int, int]] = {}
    for pk, places, figures in sql.tuples(UNITS, [sql.numbers(variant_ids)]):
        for place, units in zip(map(int, places.split(";")), map(int, figures.split(";")), strict=True):
            if place in asked:
                found.setdefault(place, {})[pk] = units
    return found
