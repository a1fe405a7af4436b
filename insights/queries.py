"""A day of several stores, each by its own clock: figures per store and channel, and the rows behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from insights.figures import Figure
from inventory.places.queries import Place
from omni.lib import sql

SUMS = """
SELECT location_id, channel, count(*) AS rows, sum(value)::bigint AS value, coalesce(sum(out_of), 0)::bigint AS out_of
FROM ({rows}) behind GROUP BY location_id, channel
"""

ROWS = """
SELECT behind.*, count(*) OVER () AS all_rows, sum(value) OVER ()::bigint AS all_value,
       coalesce(sum(out_of) OVER (), 0)::bigint AS all_out_of
FROM ({rows}) behind
WHERE (%(channel)s::text IS NULL OR channel = %(channel)s::text)
ORDER BY at, number, value, detail LIMIT %(limit)s::int OFFSET %(offset)s::int
"""


@dataclass(frozen=True)
class Day:
    """A day as some stores lived it. `now` decides which promises have come due."""

    on: date
    stores: list[Place]
    now: datetime

    def values(self) -> dict[str, Any]:
        """Return what the statements bind: the day, and its beginning and end in each store's zone."""
        return {
            "day": self.on,
            "stores": sql.numbers(store.id for store in self.stores),
            "begins": [midnight(self.on, store) for store in self.stores],
            "ends": [midnight(self.on + timedelta(days=1), store) for store in self.stores],
            "now": self.now,
        }


def midnight(day: date, store: Place) -> datetime:
    """Return the instant (UTC) at which a day begins on the store's clock."""
    return datetime(day.year, day.month, day.day, tzinfo=store.zone).astimezone(UTC)


@dataclass(frozen=True)
class Amount:
    """What a figure comes to; `out_of` is the denominator of a share, 0 when there is nothing to have a share of."""

    value: int = 0
    out_of: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.value + other.value, self.out_of + other.out_of)


@dataclass(frozen=True)
class Cell:
    """A figure of one store and one channel, and how many rows it is the sum of."""

    location_id: int
    channel: str
    rows: int
    amount: Amount


@dataclass(frozen=True)
class RowBehind:
    """One row behind a figure; `amount.value` is what it adds."""

    location_id: int
    channel: str
    number: str
    at: datetime
    detail: str
    detail_at: datetime | None
    amount: Amount


@dataclass(frozen=True)
class Page:
    """A page of the rows behind a figure, with what all of its rows come to."""

    rows: list[RowBehind]
    all_rows: int
    total: Amount


def cells(figure: Figure, day: Day) -> list[Cell]:
    """Return a figure per store and channel; where nothing happened there is no cell. One statement."""
    rows = sql.rows(SUMS.format(rows=figure.rows), day.values())
    return [Cell(row.location_id, row.channel, row.rows, Amount(row.value, row.out_of)) for row in rows]


def total(found: Iterable[Cell], *, store_id: int | None = None, channel: str | None = None) -> Amount:
    """Add up cells: of a store, of a channel, of both, or all."""
    chosen = (cell.amount for cell in found if store_id in (None, cell.location_id) and channel in (None, cell.channel))
    return sum(chosen, Amount())


def rows_behind(figure: Figure, day: Day, *, channel: str | None, limit: int, offset: int = 0) -> Page:
    """Return rows behind a figure, the earliest first; the total is that of all pages. One statement."""
    values = {**day.values(), "channel": channel, "limit": limit, "offset": offset}
    found = sql.rows(ROWS.format(rows=figure.rows), values)
    rows = [
        RowBehind(
            row.location_id,
            row.channel,
            row.number,
            row.at,
            row.detail or "",
            row.detail_at,
            Amount(row.value, row.out_of or 0),
        )
        for row in found
    ]
    if not found:
        return Page([], 0, Amount())
    return Page(rows, found[0].all_rows, Amount(found[0].all_value, found[0].all_out_of))
