"""The points of one customer, as their page shows them: the wallet and its latest moves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import queries
from loyalty.models import Entry
from omni.lib import sql
from omni.lib.cursors import NEWEST, Cursor
from omni.staff.access import Actor

RANK = 20
"""Moves stand below the event that caused them when both happened at the same instant."""
SHOWN = 6

MOVE = """
(SELECT entry.id, entry.created_at AS at, entry.kind, entry.stage, entry.cause, entry.points, entry.location_id,
        {gained} AS gained, {threaded} AS threaded
 FROM loyalty_entry entry
 WHERE entry.{side} = wallet.id AND {wanted}
 ORDER BY entry.created_at DESC, entry.id DESC LIMIT {limit})
"""
BEFORE = f"""entry.created_at <= %(at)s::timestamptz
   AND (entry.created_at, {RANK}, entry.id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)"""
GAINED = {"gained": "true", "side": "credit_id"}
LOST = {"gained": "false", "side": "debit_id"}
PARTS = [
    MOVE.format(**GAINED, threaded="true", wanted=f"NOT entry.derived AND {BEFORE}", limit="%(limit)s::int"),
    MOVE.format(**LOST, threaded="true", wanted=BEFORE, limit="%(limit)s::int"),
    MOVE.format(**GAINED, threaded="false", wanted="true", limit=SHOWN),
    MOVE.format(**LOST, threaded="false", wanted="true", limit=SHOWN),
]
"""Each side by itself: an OR of both is read by no index. An import derives gains only."""

WALLET = f"""
SELECT wallet.posted, wallet.pending, move.*
FROM (
    SELECT id, posted, pending FROM loyalty_account WHERE customer_id = %(customer)s::bigint AND kind = 'wallet'
) wallet
LEFT JOIN LATERAL ({" UNION ALL ".join(PARTS)}) move ON true
ORDER BY move.at DESC, move.id DESC
"""  # noqa: S608  (our own words)
"""The moves of one page of the thread (none that an import derived), and the newest of all."""

BALANCES = "SELECT customer_id, posted FROM loyalty_account WHERE kind = 'wallet' AND customer_id = ANY(%s::bigint[])"

OF_CAUSE = """
SELECT coalesce(sum(CASE WHEN stage = 'posts' OR (stage = 'posted' AND kind = 'earn') THEN points
                         WHEN stage = 'posted' AND kind = 'reverse' THEN -points ELSE 0 END), 0)::bigint AS posted,
       coalesce(sum(CASE stage WHEN 'pending' THEN points WHEN 'posts' THEN -points WHEN 'voids' THEN -points
                               ELSE 0 END), 0)::bigint AS pending,
       (SELECT posted FROM loyalty_account WHERE customer_id = %(customer)s::bigint AND kind = 'wallet') AS balance
FROM loyalty_entry WHERE cause = %(cause)s::text
"""


@dataclass(frozen=True)
class Move:
    """One move of a wallet. `gained`: which way; `cause` is empty for an order that the reader may not see."""

    cursor: Cursor
    kind: str
    stage: str
    points: int
    gained: bool
    cause: str

    @property
    def at(self) -> datetime:
        return self.cursor.at

    @property
    def counts_later(self) -> bool:
        """Whether it moves pending points only."""
        return self.stage in {Entry.Stage.PENDING, Entry.Stage.VOIDS}

    @property
    def signed(self) -> int:
        """Points as the reader sees them: what counts, or will count, more or less."""
        return self.points if self.gained and self.stage != Entry.Stage.VOIDS else -self.points

    @property
    def label(self) -> str:
        """What happened, in words."""
        if self.kind == Entry.Kind.REVERSE:
            return _("Points taken back")
        return {
            Entry.Stage.PENDING: _("Points to come"),
            Entry.Stage.POSTED: _("Points earned"),
            Entry.Stage.POSTS: _("Points earned"),
            Entry.Stage.VOIDS: _("Points cancelled"),
        }[Entry.Stage(self.stage)]


@dataclass(frozen=True)
class Points:
    """A customer's balances, the newest moves, and those of one page of the thread."""

    posted: int
    pending: int
    newest: list[Move]
    threaded: list[Move]


def points_of(customer_id: int, actor: Actor, *, limit: int, before: Cursor = NEWEST) -> Points | None:
    """Return a customer's points, with at most `limit` moves that come after `before` in the thread. One statement.

    None for who may not see customers.
    """
    if not actor.may("customers.view"):
        return None
    values = {"customer": customer_id, "limit": limit, "at": before.at, "rank": before.rank, "id": before.id}
    rows = sql.rows(WALLET, values)
    if not rows:
        return Points(0, 0, [], [])
    return Points(
        posted=rows[0].posted,
        pending=rows[0].pending,
        newest=[_move(row, actor) for row in rows if row.threaded is False][:SHOWN],
        threaded=[_move(row, actor) for row in rows if row.threaded],
    )


def _move(row: Any, actor: Actor) -> Move:
    visible = actor.may("orders.view") and (row.location_id is None or row.location_id in actor.store_ids)
    return Move(Cursor(row.at, RANK, row.id), row.kind, row.stage, row.points, row.gained, row.cause if visible else "")


def context(points: Points, card: str) -> dict[str, Any]:
    """Return what `loyalty/_customer_points.html` shows."""
    return {
        "points": {
            "balance": points.posted,
            "pending": points.pending,
            "card": card,
            "rule": _rule() if points.pending else "",
            "entries": [_entry(move) for move in points.newest],
        }
    }


def _entry(move: Move) -> dict[str, Any]:
    return {
        "at": move.at,
        "label": move.label,
        "points": move.points,
        "direction": "in" if move.signed > 0 else "out",
        "pending": move.counts_later,
        "reference": move.cause,
    }


def _rule() -> str:
    rule = queries.rule()
    if rule is None or not rule.posts_after_days:
        return _("Pending points count once the order is handed over.")
    days = rule.posts_after_days
    return ngettext(
        "Pending points count %(days)s day after the hand-over.",
        "Pending points count %(days)s days after the hand-over.",
        days,
    ) % {"days": days}


def balances(customer_ids: Collection[int], actor: Actor) -> dict[int, int]:
    """Return, per customer with a wallet, the points that count. One statement."""
    if not actor.may("customers.view"):
        return {}
    return {row.customer_id: row.posted for row in sql.rows(BALANCES, [sql.numbers(customer_ids)])}


@dataclass(frozen=True)
class OrderPoints:
    """What an order earned, as a sentence (empty: nothing), and what its customer's wallet holds (None: no wallet)."""

    line: str
    balance: int | None


def of_order(number: str, customer_id: int | None) -> OrderPoints:
    """Return the points of an order and the balance of whose it is. One statement."""
    found = sql.row(OF_CAUSE, {"cause": number, "customer": customer_id})
    return OrderPoints(_earned(found.pending, found.posted), found.balance)


def _earned(pending: int, posted: int) -> str:
    if pending:
        return ngettext("%(points)s point to come", "%(points)s points to come", pending) % {"points": pending}
    if posted:
        return ngettext("%(points)s point earned", "%(points)s points earned", posted) % {"points": posted}
    return ""
