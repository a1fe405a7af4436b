"""What a customer's wallet holds, and by which rule it earns."""

from dataclasses import dataclass

from django.db.models import QuerySet

from loyalty.models import Account, Entry, Programme
from omni.lib import reference


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


def rule() -> Rule | None:
    """Return the rule of the house's programme, or None when it has none."""
    return reference.remember("points_rule", [0], lambda _: {0: _load_rule()})[0]


def _load_rule() -> Rule | None:
    programme = Programme.objects.order_by("pk").first()
    if programme is None:
        return None
    issue = Account.objects.get(programme=programme, kind=Account.Kind.ISSUE)
    return Rule(programme.pk, issue.pk, programme.cents_per_point, programme.posts_after_days)


def open_pending(cause: str) -> QuerySet[Entry]:
    """Return the entry of `cause` that is still pending: one at most, none once it was posted or voided."""
    return Entry.objects.filter(cause=cause, stage=Entry.Stage.PENDING, settlements=None)


def wallet(customer_id: int) -> Wallet:
    """Return the customer's balances; a customer without a wallet has none of either."""
    found = Account.objects.filter(customer=customer_id, kind=Account.Kind.WALLET).first()
    return Wallet(found.posted, found.pending) if found else Wallet(0, 0)
