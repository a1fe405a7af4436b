"""The house as it should be, in plain Python: no database, no Django, nothing of Omni. The machine holds Omni to it.

Every method is one wish. It either changes the house as the books say, or raises `Refused` with the code of the refusal
and changes nothing: all that can be refused is asked before anything is written.
"""

from typing import Any

from tests.machine.bought import WAITING, Order, Part, tax_lines
from tests.machine.picking import REASONS
from tests.machine.reserving import Reserving
from tests.machine.sent import Sent
from tests.machine.shelves import Refused
from tests.machine.things import Article
from tests.machine.visits import Visits
from tests.machine.waiting import Waiting

__all__ = ["WAITING", "REASONS", "House", "Refused"]


class House(Sent, Reserving, Waiting):
    """Two stores, in the order in which they opened, a few articles, two customers, a points rule."""

    def __init__(self, articles: list[Article], stores: list[str], posts_after_days: int) -> None:
        super().__init__(posts_after_days, cents_per_point=100)
        self.articles, self.stores = articles, stores
        self.questions = []
        self.visits = Visits()
        self.begin_waiting()
        self.alike = {
            one.sku: [other.sku for other in articles if other.rate == one.rate and other is not one]
            for one in articles
        }

    @property
    def parts(self) -> list[Part]:
        """All parts of all orders, the newest order first."""
        return [part for order in self.orders[::-1] for part in order.parts]

    # --- placing --------------------------------------------------------------------------------------------------

    def place(self, order: Order, *, tender: str, said_total: int | None) -> Order:
        """`tender` empty: to pay at pickup. `said_total` is what the caller computed."""
        self.require_reservable(order, tender)
        if said_total is not None and said_total != order.total:
            raise Refused("price_differs")
        self.require_few_reserved(order)
        due = self._free_everywhere(order)
        at_once = [part for part in order.parts if part.kind == "carry_out"]
        self.require_money(sum(one.line.each * one.quantity for part in at_once for one in part.slices), tender)
        tax_lines(order.lines)
        order.told.append("order_placed")
        self.address(order)
        for store, wanted in order.wanted().items():
            self.reserve(store, wanted, due[store])
            order.keep(store, wanted)
        if tender and order.total:
            order.money["capture", tender] += order.total
        self.earn_when_placed(order)
        order.parts.sort(key=lambda part: self.stores.index(part.store))
        self.orders.append(order)
        for part in at_once:
            self.leave_at_once(order, part)
        return order

    def _free_everywhere(self, order: Order) -> dict[str, list[tuple[str, str, str]]]:
        """Return what must give way in each store; refused when any is short, naming all of them."""
        due: dict[str, Any] = {}
        short: dict[str, Any] = {}
        for store, wanted in order.wanted().items():
            try:
                due[store] = self.free_for(store, wanted)
            except Refused as refused:
                short |= refused.facts["short"]
        if short:
            raise Refused("short_stock", short=short)
        return due

    # --- given up -------------------------------------------------------------------------------------------------

    def cancel(self, part: Part) -> None:
        if part.way not in WAITING:
            raise Refused("transition_refused")
        self._cancel(self.order_of(part), part)

    def cancel_order(self, order: Order) -> None:
        """Cancel what is still on its way; what the customer has stays theirs."""
        on_its_way = [part for part in order.parts if part.way in WAITING]
        if not on_its_way:
            raise Refused("transition_refused")
        for part in on_its_way:
            self._cancel(order, part)

    def _cancel(self, order: Order, part: Part) -> None:
        self._give_up(order, part, "cancelled")
        order.told.append("order_cancelled" if order.status == "cancelled" else "part_cancelled")

    def expire_due(self) -> int:
        overdue = [part for part in self.parts if part.way == "ready" and part.overdue]
        for part in overdue:
            order = self.order_of(part)
            self._give_up(order, part, "expired")
            order.told.append("pickup_expired")
        return len(overdue)

    def _give_up(self, order: Order, part: Part, way: str) -> None:
        part.way = way
        self.unpack_all(part)
        self.goes_back_to_the_shelf(part)
        self.withdraw_questions(part)
        for sku, units in part.units("kept").items():
            self.levels[part.store, sku].reserved -= units
            order.held[part.store, sku][2] += units
        for one in part.slices:
            one.line.dropped += one.kept
        self.refund_overpaid(order, part)
        self.close_if_ended(order, way, order.parts.index(part))

    # --- time -----------------------------------------------------------------------------------------------------

    def last_day_passes(self, part: Part) -> None:
        part.overdue = part.way == "ready"

    def time_passes(self, *, weeks: bool) -> int:
        """Nothing can be undone any more; after weeks, points that waited count. Return of how many orders."""
        posted = 0
        for order in self.orders:
            for given in order.given:
                given.too_old = True
            if weeks and order.due_later:
                posted += 1
                wallet = self.wallets[order.customer or ""]
                wallet.pending -= order.due_later
                wallet.posted += order.due_later
                order.due_later = 0
        return posted
