"""What is told of an order when something else may come in the place of missing pieces."""

from collections.abc import Sequence
from datetime import datetime

from orders.sales.events import Way, write
from orders.sales.models import Order, OrderEvent

ASKED = "substitute_asked"
ACCEPTED = "substitute_accepted"
REFUSED = "substitute_refused"


def asked(
    *,
    order: Order,
    way: Way,
    actor_id: int,
    question: int,
    line_name: str,
    quantity: int,
    offered: Sequence[str],
    answer_by: datetime,
) -> OrderEvent:
    """The customer is asked whether one of `offered` may come instead; the follower writes to them."""
    return write(
        ASKED, order, way, actor_id,
        question=question, name=line_name, quantity=quantity, offered=list(offered), answer_by=answer_by.isoformat(),
    )  # fmt: skip


def accepted(
    *, order: Order, way: Way, actor_id: int | None, line_name: str, instead_of: str, quantity: int, amount: int
) -> OrderEvent:
    """The customer takes it: `amount` cents for all of it. Without an actor it was the customer on their page."""
    return write(
        ACCEPTED, order, way, actor_id, name=line_name, instead_of=instead_of, quantity=quantity, amount=amount
    )


def refused(*, order: Order, way: Way, actor_id: int | None, instead_of: str, why: str) -> OrderEvent:
    """Nothing comes instead: the customer said no, did not answer in time, or the house took the question back."""
    return write(REFUSED, order, way, actor_id, instead_of=instead_of, why=why)
