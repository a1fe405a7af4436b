"""What cancelling would give back, read before anything happens by the rules of `services.giving_up`."""

from collections.abc import Mapping
from dataclasses import dataclass

from loyalty import queries as loyalty
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.substitutes import queries as substitutes
from orders.payments import queries as payments
from orders.sales.services import dropping


@dataclass(frozen=True)
class GivingBack:
    """Cents that each tender gives back, cents that are no longer asked for, pieces that become available again per
    fulfilment, pending points that will not come."""

    refunds: list[tuple[str, int]]
    no_longer_due: int
    pieces: dict[Fulfilment, int]
    points: int


def of_parts(leaving: Mapping[Fulfilment, list[FulfilmentLine]]) -> GivingBack:
    """Return what cancelling some fulfilments of one order gives back; lines with `order_line` loaded."""
    order = next(iter(leaving)).order
    due = payments.account_of(order).due
    held_back = substitutes.worth_asked(order.pk, but=[one.pk for one in leaving])
    dropped = sum(dropping.value_of(line.order_line, line.kept) for lines in leaving.values() for line in lines)
    return GivingBack(
        refunds=payments.refunds(order.pk, max(0, dropped - due - held_back)),
        no_longer_due=max(0, min(due, dropped)),
        pieces={one: sum(line.kept for line in lines) for one, lines in leaving.items()},
        points=_points(order.number) if dropped == order.total - order.dropped else 0,
    )


def _points(number: str) -> int:
    """Return the points that will not come when nothing of an order will."""
    return loyalty.open_pending(number).values_list("points", flat=True).first() or 0
