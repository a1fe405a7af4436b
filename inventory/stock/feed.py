"""News of stock for sites, in an order that loses nothing.

A change is told when every transaction that began before it has ended: what commits late can then not come in front of
a place that a reader has passed. Numbers of rows could not promise that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from omni.lib import sql

MOST = 1_000

COMPLETE = """(
    SELECT coalesce(min(running.id)::text, pg_snapshot_xmax(pg_current_snapshot())::text)::bigint
    FROM pg_snapshot_xip(pg_current_snapshot()) AS running(id)
    WHERE NOT EXISTS (
        SELECT FROM pg_stat_activity WHERE backend_xid = running.id::xid AND datname <> current_database()
    )
)"""
"""The first transaction that still runs, or the next one that will. What runs in another database of the same server
writes nothing here and holds nobody up; whose database cannot be seen is waited for."""

SINCE = f"""
SELECT change.transaction, change.variant_id, change.location_id, change.version, change.changed_at,
       greatest(0, change.on_hand - change.reserved - change.damaged - change.safety_stock) AS available
FROM stock_stockchange change
WHERE (change.transaction, change.variant_id, change.location_id, change.version)
      > (%(transaction)s::bigint, %(variant)s::bigint, %(location)s::bigint, %(version)s::bigint)
  AND change.transaction < {COMPLETE}
  AND change.location_id = ANY(%(places)s::bigint[])
ORDER BY change.transaction, change.variant_id, change.location_id, change.version
LIMIT %(most)s::int
"""  # noqa: S608  (a constant of ours)


@dataclass(frozen=True, order=True)
class Cursor:
    """How far somebody has read."""

    transaction: int
    variant_id: int = 0
    location_id: int = 0
    version: int = 0

    def __str__(self) -> str:
        return f"{self.transaction}.{self.variant_id}.{self.location_id}.{self.version}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """Return the cursor that `str` wrote, or None."""
        parts = text.split(".")
        if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            return None
        return cls(*map(int, parts))


@dataclass(frozen=True)
class News:
    """What a level promises since its last change: units available, never below 0, and its version."""

    variant_id: int
    location_id: int
    available: int
    version: int
    changed_at: datetime


def now() -> Cursor:
    """Return the cursor behind everything that is complete: who takes a whole picture afterwards misses nothing."""
    return Cursor(int(sql.row(f"SELECT {COMPLETE} AS transaction").transaction))  # noqa: S608


def since(cursor: Cursor, location_ids: Collection[int], most: int = MOST) -> tuple[list[News], Cursor]:
    """Return the next changes of the places, at most `most`, and the cursor behind them.

    Of several changes of one level among them only the last is told.
    """
    rows = sql.rows(
        SINCE,
        {
            "transaction": cursor.transaction, "variant": cursor.variant_id, "location": cursor.location_id,
            "version": cursor.version, "places": sql.numbers(location_ids), "most": most,
        },
    )  # fmt: skip
    if not rows:
        return [], cursor
    last = {(row.variant_id, row.location_id): row for row in rows}
    news = [News(row.variant_id, row.location_id, row.available, row.version, row.changed_at) for row in last.values()]
    end = rows[-1]
    return news, Cursor(end.transaction, end.variant_id, end.location_id, end.version)
