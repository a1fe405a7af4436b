"""The house as it should be, in plain Python: no database, no Django, nothing of Omni. The machine holds Omni to it.

Every method is one wish. It either changes the house as the books say, or raises `Refused` with the code of the refusal
and changes nothing: all that can be refused is asked before anything is written.
"""

from fractions import Fraction

from tests.machine.parcels import Parcels
from tests.machine.shelves import Refused
from tests.machine.things import Article, HandedOver, Line, Order, Wallet

__all__ = ["REASONS", "WAITING", "House", "Refused"]

EMPTIES, SETS_ASIDE = {"not_found", "sold_meanwhile"}, {"damaged", "display_worn"}
REASONS = [*sorted(EMPTIES), *sorted(SETS_ASIDE), "wrong_label", "other"]
WAITING = {"to_pick", "picking", "ready"}


class House(Parcels):
    """Two stores, a few articles, two customers, a points rule."""

    def __init__(self, articles: list[Article], posts_after_days: int, cents_per_point: int = 100) -> None:
        super().__init__()
        self.articles = articles
        self.posts_after_days, self.cents_per_point = posts_after_days, cents_per_point
        self.wallets: dict[str, Wallet] = {}
        self.orders: list[Order] = []

    def points(self, cents: int) -> int:
        return max(0, cents) // self.cents_per_point

    # --- placing --------------------------------------------------------------------------------------------------

    def place(self, order: Order, *, tender: str, said_total: int | None) -> Order:
        """`tender` empty: to pay at pickup. `said_total` is what the caller computed."""
        if said_total is not None and said_total != order.total:
            raise Refused("price_differs")
        wanted = order.units("quantity")
        due = self.free_for(order.store, wanted)
        if order.kind == "carry_out" and order.total and not tender:
            raise Refused("money_due")
        tax_lines(order.lines)
        order.told.append("order_placed")
        self.reserve(order.store, wanted, due)
        for sku, units in wanted.items():
            order.held[sku] = [units, 0, 0]
        if tender and order.total:
            order.money["capture", tender] += order.total
        if order.customer and self.points(order.total):
            order.waits = self.points(order.total)
            self.wallets.setdefault(order.customer, Wallet()).pending += order.waits
        self.orders.append(order)
        if order.kind == "carry_out":
            for line in order.lines:
                line.picked = line.quantity
            self._leave(order, "collected")
            order.told.append("handed_over")
        return order

    # --- picking --------------------------------------------------------------------------------------------------

    def start(self, order: Order) -> None:
        self._may_begin(order)
        self._begin(order)

    def _may_begin(self, order: Order) -> None:
        if order.way not in {"to_pick", "picking"}:
            raise Refused("transition_refused")

    def _begin(self, order: Order) -> None:
        if order.way == "to_pick":
            order.way = "picking"
            order.told.append("picking_started")

    def pick(self, order: Order, line: Line, pieces: int) -> None:
        self._may_begin(order)
        if not 0 <= line.picked + pieces <= line.quantity - line.short:
            raise Refused("not_in_this_order")
        self._begin(order)
        line.picked += pieces

    def scan(self, order: Order, sku: str) -> None:
        self._may_begin(order)
        line = next((one for one in order.lines if one.article.sku == sku and one.open), None)
        if line is None:
            raise Refused("not_in_this_order")
        self.pick(order, line, 1)

    def return_to_queue(self, order: Order) -> None:
        if order.way != "picking":
            raise Refused("transition_refused")
        order.way = "to_pick"
        order.told.append("picking_returned")

    def report_short(self, order: Order, line: Line, quantity: int, reason: str) -> tuple[int, int, int, int]:
        """Return the cents dropped, on hand before and after, and the units set aside."""
        self._may_begin(order)
        if not 1 <= quantity <= line.open:
            raise Refused("not_in_this_order")
        self._begin(order)
        line.short += quantity
        line.dropped += quantity
        line.reason = reason
        level = self.levels[order.store, line.article.sku]
        before = level.on_hand
        level.reserved -= quantity
        order.held[line.article.sku][2] += quantity
        unpromised = max(0, level.on_hand - level.damaged - level.reserved)
        aside = quantity if reason in SETS_ASIDE else 0
        less = 0 if aside else unpromised if reason in EMPTIES else min(quantity, unpromised)
        level.damaged += aside
        if aside:
            level.moved["damaged", aside, reason] += 1
        level.correct(-less, reason)
        order.told.append("line_short")
        return quantity * line.article.price, before, level.on_hand, aside

    # --- ready, handed over, undone -------------------------------------------------------------------------------

    def ready(self, order: Order, *, own_place: bool) -> None:
        self._require_closed(order)
        if not own_place:
            raise Refused("hold_place_unknown")
        if order.way != "picking" or order.kind != "pickup":
            raise Refused("transition_refused")
        order.way, order.overdue = "ready", False
        self._refund_overpaid(order)
        order.told.append("pickup_ready")

    def _require_closed(self, order: Order) -> None:
        if any(line.open for line in order.lines) or not any(line.picked for line in order.lines):
            raise Refused("pieces_still_open")

    def hand_over(self, order: Order, tender: str) -> None:
        if order.way != "ready":
            raise Refused("transition_refused")
        given = self._take_due(order, tender)
        order.given.append(given)
        given.kept = self._leave(order, "collected")
        order.told.append("handed_over")

    def _take_due(self, order: Order, tender: str) -> HandedOver:
        due = order.due
        if due > 0 and not tender:
            raise Refused("money_due")
        if due <= 0:
            return HandedOver()
        order.money["capture", tender] += due
        return HandedOver(taken=(tender, due))

    def _leave(self, order: Order, way: str) -> int:
        order.way, order.status = way, "completed"
        for line in order.lines:
            line.collected = line.picked
        for sku, units in order.units("collected").items():
            level = self.levels[order.store, sku]
            level.on_hand -= units
            level.reserved -= units
            level.moved["sold", units, ""] += 1
            order.held[sku][1] += units
        kept = min(self.points(order.total - order.dropped), order.waits)
        if order.waits:
            wallet = self.wallets[order.customer]
            wallet.pending -= order.waits
            if self.posts_after_days:
                wallet.pending += kept
                order.due_later = kept
            else:
                wallet.posted += kept
        return kept

    def undo(self, order: Order, given: HandedOver) -> None:
        if given.undone or given.too_old:
            raise Refused("too_late_to_undo")
        given.undone = True
        order.way, order.status = "ready", "open"
        for sku, units in order.units("collected").items():
            level = self.levels[order.store, sku]
            level.on_hand += units
            level.reserved += units
            level.moved["returned", units, ""] += 1
            order.held[sku][1] -= units
        for line in order.lines:
            line.collected = 0
        if given.taken:
            tender, cents = given.taken
            order.money["refund", tender] += cents
        if order.waits:
            wallet = self.wallets[order.customer]
            if self.posts_after_days:
                wallet.pending -= given.kept
            else:
                wallet.posted -= given.kept
            wallet.pending += order.waits
            order.due_later = 0
        order.told.append("hand_over_undone")

    def dispatch(self, order: Order) -> None:
        self._require_closed(order)
        if order.way != "picking" or order.kind != "ship":
            raise Refused("transition_refused")
        if order.due > 0:
            raise Refused("money_due")
        self._refund_overpaid(order)
        self._leave(order, "dispatched")
        order.told.append("dispatched")

    def carry_out(self, order: Order) -> None:
        """An order is carried out when it is placed, or never."""
        raise Refused("transition_refused")

    # --- given up -------------------------------------------------------------------------------------------------

    def cancel(self, order: Order) -> None:
        if order.way not in WAITING:
            raise Refused("transition_refused")
        self._give_up(order, "cancelled")
        order.told.append("order_cancelled")

    def expire_due(self) -> int:
        overdue = [order for order in self.orders if order.way == "ready" and order.overdue]
        for order in overdue:
            self._give_up(order, "expired")
            order.told.append("pickup_expired")
        return len(overdue)

    def _give_up(self, order: Order, way: str) -> None:
        order.way, order.status = way, "cancelled"
        for line in order.lines:
            line.dropped = line.quantity
        for sku, (units, fulfilled, released) in order.held.items():
            self.levels[order.store, sku].reserved -= units - fulfilled - released
            order.held[sku][2] = units - fulfilled
        self._refund_overpaid(order)
        if order.waits:
            self.wallets[order.customer].pending -= order.waits
            order.waits = 0

    def _refund_overpaid(self, order: Order) -> None:
        left = max(0, -order.due)
        for tender in [tender for kind, tender in list(order.money) if kind == "capture"]:
            back = min(left, order.money["capture", tender] - order.money["refund", tender])
            if back:
                order.money["refund", tender] += back
            left -= back

    # --- time -----------------------------------------------------------------------------------------------------

    def last_day_passes(self, order: Order) -> None:
        order.overdue = order.way == "ready"

    def time_passes(self, *, weeks: bool) -> int:
        """Nothing can be undone any more; after weeks, points that waited count. Return of how many orders."""
        posted = 0
        for order in self.orders:
            for given in order.given:
                given.too_old = True
            if weeks and order.due_later:
                posted += 1
                wallet = self.wallets[order.customer]
                wallet.pending -= order.due_later
                wallet.posted += order.due_later
                order.due_later = 0
        return posted


def tax_lines(lines: list[Line]) -> None:
    """VAT inside the prices: rounded half up once per rate, its cents to the largest remainders, first come first."""
    for rate in {line.article.rate for line in lines}:
        of_rate = [line for line in lines if line.article.rate == rate]
        exact = [Fraction(line.total * rate, 10_000 + rate) for line in of_rate]
        whole = int(sum(exact) + Fraction(1, 2))
        base = sum(line.total for line in of_rate)
        shares = [Fraction(whole * line.total, base) if base else Fraction(0) for line in of_rate]
        for line, share in zip(of_rate, shares, strict=True):
            line.tax = int(share)
        rest = whole - sum(line.tax for line in of_rate)
        by_remainder = sorted(range(len(of_rate)), key=lambda index: int(shares[index]) - shares[index])
        for index in by_remainder[:rest]:
            of_rate[index].tax += 1
