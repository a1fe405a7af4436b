"""Why a figure is what it is: what was there when somebody last looked, what came and went since, what is kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.stock.models import StockLevel, StockMovement
from omni.lib import sql

LOOKED = ("opened", "counted_more", "counted_less")
"""Movements at which somebody saw what is there."""
COUNTED = "counted"
"""A count at which somebody saw what is there; one that found no difference left no movement."""
MOST_TERMS = 6
"""Movements that are told one by one; when there are more, those of a kind are told together."""

SIGNED = "CASE kind " + " ".join(f"WHEN '{kind}' THEN {sign}" for kind, sign in StockMovement.ON_HAND_SIGN.items())

SINCE_SOMEBODY_LOOKED = f"""
WITH looked AS (
    SELECT max(id) AS id FROM stock_stockmovement
    WHERE variant_id = %(variant)s::bigint AND location_id = %(location)s::bigint AND kind = ANY(%(looked)s::text[])
)
SELECT moved.id, moved.kind, moved.quantity, ({SIGNED} END) * moved.quantity AS signed, moved.reference, moved.reason,
       moved.created_at, moved.id = looked.id AS first
FROM stock_stockmovement moved CROSS JOIN looked
WHERE moved.variant_id = %(variant)s::bigint AND moved.location_id = %(location)s::bigint
  AND moved.id >= coalesce(looked.id, 0)
ORDER BY moved.id
"""  # noqa: S608  (kinds and signs are constants of ours)

LAST_COUNT = """
SELECT line.last_movement, count.ended_at
FROM stock_countline line JOIN stock_stockcount count ON count.id = line.count_id
WHERE line.variant_id = %s::bigint AND count.location_id = %s::bigint AND count.status = 'closed'
ORDER BY count.ended_at DESC LIMIT 1
"""

KEPT = """
SELECT reference, quantity - fulfilled - released AS units, expires_at, created_at FROM stock_reservation
WHERE variant_id = %s::bigint AND location_id = %s::bigint AND quantity > fulfilled + released
ORDER BY created_at, id
"""

AS_OF = """
SELECT there.id AS location_id, was.on_hand, was.reserved, was.damaged, was.incoming, was.safety_stock, was.version,
       was.changed_at, greatest(0, was.on_hand - was.reserved - was.damaged - was.safety_stock) AS available
FROM unnest(%s::bigint[]) AS there(id)
CROSS JOIN LATERAL (
    SELECT * FROM stock_stockchange
    WHERE variant_id = %s::bigint AND location_id = there.id AND changed_at <= %s::timestamptz
    ORDER BY version DESC LIMIT 1
) was
"""


@dataclass(frozen=True)
class Moved:
    """Units that came (+) or went (−): one movement with its reference, or `times` of a kind together."""

    kind: str
    signed: int
    times: int
    at: datetime
    reference: str = ""


@dataclass(frozen=True)
class Kept:
    """Units that an order or a basket keeps; one that is only held has an end."""

    reference: str
    units: int
    until: datetime | None


@dataclass(frozen=True)
class Explanation:
    """`available` = max(0, first + Σ moved − Σ kept − damaged − safety), all in units.

    `looked` is when somebody last saw what is there: at a movement (`opened`, `counted_more`, `counted_less`), or at a
    `counted` that was closed; None when nobody ever did. `first` is what was there then.
    """

    available: int
    first: int
    looked: str | None
    looked_at: datetime | None
    moved: list[Moved]
    kept: list[Kept]
    damaged: int
    safety_stock: int


def explain(level: StockLevel) -> Explanation:
    """Explain the figure of one level. Three statements."""
    looked, looked_at, since = _since_somebody_looked(level)
    kept = sql.rows(KEPT, [level.variant_id, level.location_id])
    return Explanation(
        available=max(0, level.on_hand - level.reserved - level.damaged - level.safety_stock),
        first=level.on_hand - sum(row.signed for row in since),
        looked=looked,
        looked_at=looked_at,
        moved=[_one(row) for row in since] if len(since) <= MOST_TERMS else _together(since),
        kept=[Kept(row.reference, row.units, row.expires_at) for row in kept],
        damaged=level.damaged,
        safety_stock=level.safety_stock,
    )


def _since_somebody_looked(level: StockLevel) -> tuple[str | None, datetime | None, list[Any]]:
    """Return how and when somebody last saw what is there, and the movements of units since."""
    rows = sql.rows(
        SINCE_SOMEBODY_LOOKED, {"variant": level.variant_id, "location": level.location_id, "looked": list(LOOKED)}
    )
    count = sql.row(LAST_COUNT, [level.variant_id, level.location_id])
    looked = rows[0] if rows and rows[0].first else None
    if count and (looked is None or looked.id <= count.last_movement):
        return COUNTED, count.ended_at, [row for row in rows if row.signed and row.id > count.last_movement]
    since = [row for row in rows if row.signed and not row.first]
    return (looked.kind, looked.created_at, since) if looked else (None, None, since)


def _one(row: Any) -> Moved:
    return Moved(row.kind, row.signed, 1, row.created_at, row.reference)


def _together(rows: list[Any]) -> list[Moved]:
    kinds: dict[str, list[Any]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return [
        Moved(kind, sum(row.signed for row in same), len(same), same[-1].created_at) for kind, same in kinds.items()
    ]


def as_of(*, variant_id: int, location_ids: Collection[int], at: datetime) -> dict[int, Any]:
    """Return per place what an article's level was at an instant: on_hand, reserved, damaged, incoming, safety_stock,
    available, version, changed_at. A place that had none yet is left out. One statement."""
    return {row.location_id: row for row in sql.rows(AS_OF, [sql.numbers(location_ids), variant_id, at])}
