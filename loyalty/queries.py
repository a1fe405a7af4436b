"""What a customer's wallet holds, and why."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.models import Account, Programme
from omni.lib import reference, sql


@dataclass(frozen=True)
class Rule:
    """The programme as every order needs it."""

    programme_id: int
    issue_account_id: int
    cents_per_point: int
    posts_after_days: int

    def points(self, paid: int) -> int:
        """Return the points that `paid` cents earn: whole points only, none for nothing."""
        return max(0, paid) // self.cents_per_point


@dataclass(frozen=True)
class Wallet:
    """Points that count and points that are still pending."""

    posted: int
    pending: int


@dataclass(frozen=True)
class PointsMove:
    """One line of a wallet's history. `points` is signed for the reader: what the wallet gained or lost."""

    at: datetime
    kind: str
    stage: str
    points: int
    cause: str


def rule() -> Rule | None:
    """Return the rule of the house's programme, or None when it has none."""
    return reference.remember("points_rule", [0], lambda _: {0: _load_rule()})[0]


def _load_rule() -> Rule | None:
    programme = Programme.objects.order_by("pk").first()
    if programme is None:
        return None
    issue = Account.objects.get(programme=programme, kind=Account.Kind.ISSUE)
    return Rule(programme.pk, issue.pk, programme.cents_per_point, programme.posts_after_days)


def wallet(customer_id: int) -> Wallet:
    """Return the customer's balances; a customer without a wallet has none of either."""
    found = Account.objects.filter(customer=customer_id, kind=Account.Kind.WALLET).first()
    return Wallet(found.posted, found.pending) if found else Wallet(0, 0)


HISTORY = """
SELECT entry.created_at AS at, entry.kind, entry.stage, entry.cause,
       CASE WHEN entry.credit_id = wallet.id THEN entry.points ELSE -entry.points END AS points
FROM loyalty_account wallet
JOIN loyalty_entry entry ON entry.credit_id = wallet.id OR entry.debit_id = wallet.id
WHERE wallet.customer_id = %s AND wallet.kind = 'wallet' AND NOT entry.derived
ORDER BY entry.created_at DESC, entry.id DESC LIMIT %s
"""


def history(customer_id: int, limit: int = 20) -> list[PointsMove]:
    """Return the newest moves of a customer's points, without those derived from imported history."""
    return [
        PointsMove(row.at, row.kind, row.stage, row.points, row.cause)
        for row in sql.rows(HISTORY, [customer_id, limit])
    ]
