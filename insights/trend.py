"""A figure over the last days, for the small line under it: the same rows as its page, in one statement."""

from datetime import timedelta
from typing import Any

from insights.figures import THAT_DAY, Figure
from insights.queries import Amount, Day, midnight
from omni.lib import sql

DAYS = 14

SPANS_OF_DAY = """(SELECT spans.location_id, spans.begins, spans.ends FROM spans WHERE spans.on_day = days.on_day)
             AS local(location_id, begins, ends)"""

OVER_DAYS = """
WITH spans AS (
    SELECT * FROM unnest(%(span_days)s::date[], %(span_stores)s::bigint[], %(span_begins)s::timestamptz[],
                         %(span_ends)s::timestamptz[]) AS span(on_day, location_id, begins, ends)
)
SELECT days.on_day, coalesce(sum(behind.value), 0)::bigint AS value, coalesce(sum(behind.out_of), 0)::bigint AS out_of
FROM (SELECT DISTINCT on_day FROM spans) days LEFT JOIN LATERAL ({rows}) behind ON true
GROUP BY days.on_day ORDER BY days.on_day
"""


def trend(figure: Figure, day: Day) -> list[Amount]:
    """Return what the figure came to on each of the fourteen days that end with this one, the earliest first.

    The figure's own rows are asked for each day in turn: what stood for its one day stands for the day of the row.
    """
    if not day.stores:
        return []
    rows = figure.rows.replace(THAT_DAY, SPANS_OF_DAY).replace("%(day)s::date", "days.on_day")
    found = sql.rows(OVER_DAYS.format(rows=rows), {**day.values(), **_spans(day)})
    return [Amount(row.value, row.out_of) for row in found]


def _spans(day: Day) -> dict[str, Any]:
    days = [day.on - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    pairs = [(on, store) for on in days for store in day.stores]
    return {
        "span_days": [on for on, _store in pairs],
        "span_stores": sql.numbers(store.id for _on, store in pairs),
        "span_begins": [midnight(on, store) for on, store in pairs],
        "span_ends": [midnight(on + timedelta(days=1), store) for on, store in pairs],
    }


def points(figure: Figure, amounts: list[Amount]) -> list[float | None]:
    """Return what the line is drawn through; none at all where fewer than two days have anything."""
    if figure.unit == "share":
        values: list[float | None] = [100 * one.value / one.out_of if one.out_of else None for one in amounts]
    else:
        values = [float(one.value) for one in amounts]
    return values if sum(bool(value) for value in values) > 1 else []
