"""Money that goes back, to the tender that paid, never more than it paid."""

from orders.payments import queries
from orders.payments.models import Payment
from orders.sales.models import Order


def settle_overpaid(*, order: Order, reference: str, actor_id: int | None) -> int:
    """Give back what the order no longer costs; return the cents. The order must be locked by the caller.

    Nothing is given back that was not paid: an order still to be paid simply costs less.
    """
    wanted = max(0, -queries.account_of(order).due)
    left = wanted
    for tender, paid in queries.refundable_by_tender(order.pk).items():
        amount = min(left, paid)
        if amount > 0:
            Payment.objects.create(
                order=order,
                kind=Payment.Kind.REFUND,
                tender=tender,
                amount=amount,
                currency=order.currency,
                reference=reference,
                actor_id=actor_id,
            )
            left -= amount
    return wanted - left
