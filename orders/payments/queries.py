"""How much of an order is paid, given back, and still due. Cents."""

from dataclasses import dataclass

from django.db.models import Q, Sum

from orders.payments.models import Payment
from orders.sales.models import Order


@dataclass(frozen=True)
class Account:
    """`due` = total − dropped − paid + refunded; negative when money must go back."""

    paid: int
    refunded: int
    due: int


def account_of(order: Order) -> Account:
    """Return the order's account in one statement."""
    sums = Payment.objects.filter(order=order.pk).aggregate(
        paid=Sum("amount", filter=Q(kind=Payment.Kind.CAPTURE)),
        refunded=Sum("amount", filter=Q(kind=Payment.Kind.REFUND)),
    )
    paid, refunded = sums["paid"] or 0, sums["refunded"] or 0
    return Account(paid, refunded, order.total - order.dropped - paid + refunded)


def given_back(order_id: int, reference: str) -> int:
    """Return the cents that went back for one cause."""
    given = Payment.objects.filter(order=order_id, kind=Payment.Kind.REFUND, reference=reference)
    return given.aggregate(cents=Sum("amount"))["cents"] or 0


def refunds(order_id: int, wanted: int) -> list[tuple[str, int]]:
    """Return which tender gives back how much when `wanted` cents go back: the one that paid first gives first, and
    none gives more than it paid. One statement."""
    given: list[tuple[str, int]] = []
    left = wanted
    for tender, paid in refundable_by_tender(order_id).items():
        amount = min(left, paid)
        if amount > 0:
            given.append((tender, amount))
            left -= amount
    return given


def refundable_by_tender(order_id: int) -> dict[str, int]:
    """Return, per tender, what it paid and has not been given back; the tender that paid first comes first."""
    left: dict[str, int] = {}
    moved = Payment.objects.filter(order=order_id).order_by("pk")
    for tender, kind, amount in moved.values_list("tender", "kind", "amount"):
        left[tender] = left.get(tender, 0) + (amount if kind == Payment.Kind.CAPTURE else -amount)
    return left
