"""What a customer pays for what leaves the house, and gets back for what does not come: never for what is still on its
way, never twice."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from omni.lib import sql
from orders.fulfilment.errors import MoneyDue
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes import queries as substitutes
from orders.payments import queries as payments
from orders.payments.queries import Account
from orders.payments.services import capturing, refunding
from orders.sales.models import Order, OrderLine
from orders.sales.services import dropping

GIVEN = """
SELECT line.id, line.total, line.quantity, sum(slice.collected) AS given
FROM sales_orderline line JOIN fulfilment_fulfilmentline slice ON slice.order_line_id = line.id
WHERE line.order_id = %s::bigint GROUP BY line.id
"""


def due_for_given(order: Order, account: Account, about_to_be: Mapping[int, int] | None = None) -> int:
    """Return the cents that are due for the pieces that the customer has, and for those that are about to be given
    (order line id → units). One statement."""
    more = about_to_be or {}
    given = sum(
        dropping.value_of_first(OrderLine(total=row.total, quantity=row.quantity), row.given + more.get(row.id, 0))
        for row in sql.rows(GIVEN, [order.pk])
    )
    return max(0, given - account.paid + account.refunded)


def take_what_is_due(fulfilment: Fulfilment, *, tender: str, reference: str, actor_id: int) -> None:
    """Take by `tender` what is due for the pieces that were given. Raises `MoneyDue` when no tender is named."""
    order = fulfilment.order
    due = due_for_given(order, payments.account_of(order))
    if due <= 0:
        return
    if not tender:
        raise MoneyDue(_("This order is not paid: choose how the customer pays."), extra={"due": due})
    capturing.capture(
        order_id=order.pk, tender=tender, amount=due, currency=order.currency, reference=reference, actor_id=actor_id
    )


def pay_back(fulfilment: Fulfilment, *, reference: str, actor_id: int | None) -> int:
    """Give back what the locked order no longer costs; return the cents. What its customer is still asked about another
    of its fulfilments is kept back: that one settles it, whatever the answer is."""
    order = fulfilment.order
    held_back = substitutes.worth_asked(order.pk, but=[fulfilment.pk])
    return refunding.settle_overpaid(order=order, reference=reference, actor_id=actor_id, held_back=held_back)
