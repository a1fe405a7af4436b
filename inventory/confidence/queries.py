"""How sure the figures are: one statement for many articles in many places."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from inventory.confidence.formula import CHANCES
from omni.lib import sql

SURE = f"""
WITH asked AS (
    SELECT level.id AS number, level.location_id, level.variant_id, %(at)s::timestamptz AS at, level.on_hand AS units,
           level.reserved + level.damaged + CASE WHEN NOT %(at_most)s::boolean THEN wanted.units
               ELSE least(wanted.units, greatest(1, on_hand - reserved - damaged - safety_stock)) END AS need
    FROM stock_stocklevel level
    JOIN (SELECT unnest((SELECT %(variants)s::bigint[])) AS variant_id, unnest((SELECT %(units)s::int[])) AS units)
      wanted USING (variant_id)
    WHERE level.location_id = ANY(ARRAY(SELECT unnest(%(places)s::bigint[]))) AND level.on_hand > 0
), {CHANCES}
SELECT judged.location_id, judged.variant_id, judged.chance, judged.exact, judged.seen_at, judged.seen_by, judged.hits,
       judged.d, coalesce(rate.checks, 0) AS checks, coalesce(rate.wrong, 0) AS wrong, coalesce(rate.days, 0) AS days
FROM judged LEFT JOIN confidence_lossrate rate ON rate.family = judged.family
"""  # noqa: S608  (constants of ours)
"""The inner SELECTs hide from the planner how many there are, so it keeps its plan: to plan this takes five times as
long as to run it."""


@dataclass(frozen=True)
class Chance:
    """How sure it is, in whole per mille, that the wanted pieces are there beside those that are kept or set aside, and
    that the figure misses none; and why: when the figure last proved right (`seen_by` counted, missed, sold_out or
    opened), sales since, days of silence, and how many figures of the family were checked and found wrong, on average
    after so many days."""

    per_mille: int
    exact_per_mille: int
    seen_at: datetime
    seen_by: str
    hits: int
    silent_days: int
    checks: int
    wrong: int
    after_days: int

    @property
    def percent(self) -> int:
        """Whole percent, never the certainty of 100."""
        return min(99, self.per_mille // 10)


def chances(
    wanted: Mapping[int, int],
    location_ids: Collection[int],
    *,
    at: datetime | None = None,
    at_most_available: bool = False,
) -> dict[int, dict[int, Chance]]:
    """Return, per location and variant id, how sure it is that the wanted units (variant id → units) are there, or
    with `at_most_available` as many of them as the place could promise. One statement. Where the figures have none, or
    an article is not counted in pieces, nothing is said."""
    values = {
        "at": at or timezone.now(),
        "at_most": at_most_available,
        "variants": sql.numbers(wanted),
        "units": sql.numbers(wanted.values()),
        "places": sql.numbers(location_ids),
    }
    found: dict[int, dict[int, Chance]] = {}
    for row in sql.rows(SURE, values):
        found.setdefault(row.location_id, {})[row.variant_id] = _chance(row)
    return found


def _chance(row: Any) -> Chance:
    return Chance(
        per_mille=round(1000 * row.chance),
        exact_per_mille=round(1000 * row.exact),
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        hits=row.hits,
        silent_days=int(row.d),
        checks=row.checks,
        wrong=row.wrong,
        after_days=round(row.days / row.checks) if row.checks else 0,
    )
