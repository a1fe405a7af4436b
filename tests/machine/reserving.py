"""Reservations in the model: what one may be, how many somebody may have open, and when they earn. Plain Python."""

from tests.machine.bought import WAITING, Order
from tests.machine.handing import Handing
from tests.machine.shelves import Refused

KIND = "reservation"
MOST, MOST_PIECES = 3, 12
"""What one person may have open at a time: reservations, and pieces in them."""


class Reserving(Handing):
    """A reservation is free, somebody's, alone in its order, and not one too many."""

    def require_reservable(self, order: Order, tender: str) -> None:
        """Refuse, with every reason, what cannot be a reservation."""
        if not order.reserved:
            return
        reasons = {
            "reservation_alone": any(part.kind != KIND for part in order.parts),
            "reservation_is_free": bool(tender),
            "required": order.customer is None,
        }
        if any(reasons.values()):
            raise Refused(" ".join(code for code, holds in reasons.items() if holds))

    def require_few_reserved(self, order: Order) -> None:
        """Refuse what would be one too many for its customer, or too large beside what is open."""
        if not order.reserved:
            return
        mine = [one for one in self.orders if one.reserved and one.customer == order.customer and one.status == "open"]
        if len(mine) >= MOST:
            raise Refused("too_many_reserved")
        kept = sum(one.kept for bought in mine for part in bought.parts if part.way in WAITING for one in part.slices)
        if kept + sum(line.quantity for line in order.lines) > MOST_PIECES:
            raise Refused("too_many_pieces_reserved")

    def earn_when_placed(self, order: Order) -> None:
        """Nothing of a reservation is bought before it was tried."""
        if not order.reserved:
            self.earn(order)
