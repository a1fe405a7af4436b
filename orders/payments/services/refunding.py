"""Money that goes back, to the tender that paid, never more than it paid."""

from orders.payments import queries
from orders.payments.models import Payment
from orders.sales.models import Order


def settle_overpaid(*, order: Order, reference: str, actor_id: int | None, held_back: int = 0) -> int:
    """Give back what the order no longer costs, but for the cents that are `held_back`; return the cents. The order
    must be locked by the caller.

    Nothing is given back that was not paid: an order still to be paid simply costs less.
    """
    given = queries.refunds(order.pk, max(0, -queries.account_of(order).due - held_back))
    for tender, amount in given:
        Payment.objects.create(
            order=order,
            kind=Payment.Kind.REFUND,
            tender=tender,
            amount=amount,
            currency=order.currency,
            reference=reference,
            actor_id=actor_id,
        )
    return sum(amount for _tender, amount in given)
