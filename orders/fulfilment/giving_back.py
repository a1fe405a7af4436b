"""What cancelling an order would give back, read before anything happens by the rules of `services.giving_up`."""

from dataclasses import dataclass

from loyalty import queries as loyalty
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.payments import queries as payments
from orders.sales.services import dropping


@dataclass(frozen=True)
class GivingBack:
    """Cents that each tender gives back, cents that are no longer asked for, pieces that become available again at
    the fulfilment's store, pending points that will not come."""

    refunds: list[tuple[str, int]]
    no_longer_due: int
    pieces: int
    points: int


def of_whole(fulfilment: Fulfilment, lines: list[FulfilmentLine]) -> GivingBack:
    """Return what cancelling the whole order gives back; `lines` with `order_line` loaded. Three statements."""
    order = fulfilment.order
    due = payments.account_of(order).due
    dropped = sum(dropping.value_of(line.order_line, line.order_line.kept) for line in lines)
    pending = loyalty.open_pending(order.number).values_list("points", flat=True).first()
    return GivingBack(
        refunds=payments.refunds(order.pk, max(0, dropped - due)),
        no_longer_due=max(0, due),
        pieces=sum(line.kept for line in lines),
        points=pending or 0,
    )
