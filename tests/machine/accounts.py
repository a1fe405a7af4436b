"""The accounts of the model: what is paid and given back, which points count, when an order ends. Plain Python."""

from tests.machine.bought import WAITING, Order, Part
from tests.machine.parcels import Parcels
from tests.machine.shelves import Refused
from tests.machine.things import Wallet


class Accounts(Parcels):
    """Orders, wallets, and the points rule."""

    def __init__(self, posts_after_days: int, cents_per_point: int) -> None:
        super().__init__()
        self.posts_after_days, self.cents_per_point = posts_after_days, cents_per_point
        self.wallets: dict[str, Wallet] = {}
        self.orders: list[Order] = []

    def order_of(self, part: Part) -> Order:
        return next(order for order in self.orders if part in order.parts)

    # --- money ----------------------------------------------------------------------------------------------------

    def refund_overpaid(self, order: Order, part: Part) -> None:
        """Give back what the order no longer costs: the tender that paid first gives first."""
        left = order.paid - self.paid_after(order, part)
        for tender in [tender for kind, tender in list(order.money) if kind == "capture"]:
            back = min(left, order.money["capture", tender] - order.money["refund", tender])
            if back:
                order.money["refund", tender] += back
            left -= back

    def paid_after(self, order: Order, part: Part, less: int = 0) -> int:
        """Return what stays paid when a part settles and the order costs so much less."""
        return min(order.paid, order.total - order.dropped - less + self.worth_asked(order, part))

    def worth_asked(self, order: Order, part: Part) -> int:
        """Return what the pieces cost that the customer is asked about in other parts."""
        raise NotImplementedError

    def require_money(self, due: int, tender: str) -> None:
        if due > 0 and not tender:
            raise Refused("money_due")

    # --- points ---------------------------------------------------------------------------------------------------

    def points(self, cents: int) -> int:
        return max(0, cents) // self.cents_per_point

    def earn(self, order: Order) -> None:
        if order.customer and self.points(order.total):
            order.waits = self.points(order.total)
            self.wallets.setdefault(order.customer, Wallet()).pending += order.waits

    def _settle(self, order: Order) -> None:
        order.kept = min(self.points(order.total - order.dropped), order.waits)
        if order.waits:
            wallet = self.wallets[order.customer or ""]
            wallet.pending -= order.waits
            if self.posts_after_days:
                wallet.pending += order.kept
                order.due_later = order.kept
            else:
                wallet.posted += order.kept

    # --- the end of an order, and its undoing ---------------------------------------------------------------------

    def close_if_ended(self, order: Order, word: str, number: int) -> None:
        """Nothing is on its way any more: what the customer has is theirs, or nothing ever was."""
        if any(part.way in WAITING for part in order.parts):
            return
        order.closed_under = (word, number)
        if any(one.collected for part in order.parts for one in part.slices):
            order.status = "completed"
            if order.reserved and not order.waits:  # it is bought now, and what was taken of it counts
                self.earn(order)
            self._settle(order)
        else:
            order.status = "cancelled"
            if order.waits:
                self.wallets[order.customer or ""].pending -= order.waits
                order.waits = 0

    def open_again(self, order: Order) -> None:
        if order.status != "completed":
            return
        order.status, order.closed_under = "open", None
        if order.waits:
            wallet = self.wallets[order.customer or ""]
            if self.posts_after_days:
                wallet.pending -= order.kept
            else:
                wallet.posted -= order.kept
            wallet.pending += order.waits
            order.due_later = order.kept = 0
