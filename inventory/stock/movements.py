"""A level's ledger as a page reads it: newest first, with what was on hand after each movement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.stock.explaining import SIGNED
from omni.lib import sql

MOST = 50

LEDGER = f"""
WITH ledger AS (
    SELECT moved.id, moved.kind, moved.quantity, ({SIGNED} END) * moved.quantity AS signed, moved.reference,
           moved.reason, moved.actor_id, moved.created_at,
           sum(({SIGNED} END) * moved.quantity) OVER (ORDER BY moved.id) AS after
    FROM stock_stockmovement moved
    WHERE moved.variant_id = %(variant)s::bigint AND moved.location_id = %(location)s::bigint
)
SELECT ledger.*, person.name AS actor FROM ledger LEFT JOIN staff_user person ON person.id = ledger.actor_id
WHERE %(before)s::bigint IS NULL OR ledger.id < %(before)s::bigint
ORDER BY ledger.id DESC LIMIT %(most)s::int
"""  # noqa: S608  (kinds and signs are constants of ours)


@dataclass(frozen=True)
class Movement:
    """One row: units that came (+), went (−) or were set aside (0 with `quantity`), and what was on hand after it."""

    kind: str
    signed: int
    quantity: int
    after: int
    reference: str
    reason: str
    actor: str
    at: datetime


def page(*, variant_id: int, location_id: int, before: int | None = None) -> tuple[list[Movement], int | None]:
    """Return at most fifty movements older than `before`, and the mark behind which the next ones are (None: no
    more)."""
    values = {"variant": variant_id, "location": location_id, "before": before, "most": MOST + 1}
    rows = sql.rows(LEDGER, values)
    more = rows[MOST - 1].id if len(rows) > MOST else None
    return [_movement(row) for row in rows[:MOST]], more


def _movement(row: Any) -> Movement:
    return Movement(
        row.kind, row.signed, row.quantity, int(row.after), row.reference, row.reason, row.actor or "", row.created_at
    )
