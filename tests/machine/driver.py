"""The machine: what is drawn, and how often."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.machine.asking import Asking
from tests.machine.driver_parcels import ParcelWishes
from tests.machine.driver_shelves import ShelfWishes
from tests.machine.model import REASONS, WAITING
from tests.machine.things import Line, Order
from tests.machine.world import CUSTOMERS

some_place = st.integers(0, 999)
"""Chooses one of a list, whose length depends on how the house stands."""
some_tender = st.sampled_from(["", "cash", "cash", "card_terminal"])
some_reason = st.sampled_from(REASONS)
some_order = st.fixed_dictionaries(
    {
        "store": st.sampled_from(["lille", "lille", "lens"]),
        "kind": st.sampled_from(["pickup", "pickup", "pickup", "ship", "carry_out"]),
        "customer": st.sampled_from([*CUSTOMERS, None]),
        "lines": st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=3),
        "tender": st.sampled_from(["", "card_online", "card_online"]),
        "wrong_by": st.sampled_from([None, None, None, 0, 0, 0, 1]),
    }
)


class Machine(ShelfWishes, ParcelWishes, Asking, RuleBasedStateMachine):
    """The wishes in their proportions: mostly what makes sense as the house stands, and some nonsense."""

    def __init__(self) -> None:
        super().__init__()
        self.begin_life()

    def teardown(self) -> None:
        self.end_life()

    @initialize(
        stock=st.lists(st.integers(-1, 40), min_size=8, max_size=8),
        safety=st.sampled_from([0, 0, 1]),
        posts_after_days=st.sampled_from([0, 14]),
    )
    def open(self, stock: list[int], safety: int, posts_after_days: int) -> None:
        self.open_house(stock, safety, posts_after_days)

    def standing(self, *ways: str) -> list[Order]:
        """Return the orders that stand so, the newest first."""
        return [one for one in self.house.orders[::-1] if one.way in ways]

    def wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished as the house stands: how often, what, and for one of what."""
        still_open = [one for one in self.standing("to_pick", "picking") if any(line.open for line in one.lines)]
        closed = [one for one in self.standing("picking") if not any(line.open for line in one.lines)]
        given = [(order, number) for order in self.house.orders[::-1] for number in range(len(order.given))]
        return [
            (4 if len(self.standing(*WAITING)) > 5 else 16, self.place, [None]),
            (14, self.pick_the_rest, still_open),
            (4, self.pick, self.standing("to_pick", "picking")),
            (3, self.scan, still_open),
            (8, self.report_short, still_open),
            (2, self.start_or_return, self.standing("to_pick", "picking")),
            (16, self.ready_or_dispatch, closed),
            (16, self.hand_over, self.standing("ready")),
            (8, self.undo, given),
            (3, self.last_day, self.standing("ready")),
            (3, self.later, [True, False] if given else []),
            (3, self.cancel, self.standing(*WAITING)),
            (16, self.nonsense, self.house.orders),
            *self.shelf_wishes(),
            *self.parcel_wishes(),
        ]

    @rule(how=some_place, which=some_place, data=st.data())
    def wish(self, how: int, which: int, data: Any) -> None:
        """One thing that somebody does. One rule, because Hypothesis would leave some of many out of each life."""
        feasible = [(wish, things) for weight, wish, things in self.wishes() if things for _ in range(weight)]
        wish, things = feasible[how % len(feasible)]
        wish(things[which % len(things)], data.draw)

    # --- wishes, with what is drawn for them ----------------------------------------------------------------------

    def place(self, _nothing: None, draw: Any) -> None:
        """An order; its caller may have added up another total."""
        drawn = draw(some_order)
        wished = [Line(self.world.articles[article], quantity) for article, quantity in drawn["lines"]]
        order = Order(drawn["store"], drawn["kind"], drawn["customer"], wished)
        wrong_by = drawn["wrong_by"]
        self.ask_place(order, drawn["tender"], None if wrong_by is None else order.total + wrong_by)

    def pick_the_rest(self, order: Order, _draw: Any) -> None:
        for number, line in enumerate(order.lines):
            if line.open:
                self.ask_pick(order, number, line.open)

    def pick(self, order: Order, draw: Any) -> None:
        number = draw(st.integers(0, len(order.lines) - 1))
        self.ask_pick(order, number, draw(st.sampled_from([-2, -1, 1, 1, 2, 3])))

    def scan(self, order: Order, draw: Any) -> None:
        self.ask_scan(order, draw(st.sampled_from(order.lines)).article.sku)

    def report_short(self, order: Order, draw: Any) -> None:
        number = draw(st.sampled_from([number for number, line in enumerate(order.lines) if line.open]))
        self.ask_short(order, number, draw(st.integers(0, order.lines[number].open + 1)), draw(some_reason))

    def start_or_return(self, order: Order, draw: Any) -> None:
        draw(st.sampled_from([self.ask_start, self.ask_return]))(order)

    def ready_or_dispatch(self, order: Order, draw: Any) -> None:
        if order.kind == "ship":
            self.ask_dispatch(order)
        else:
            self.ask_ready(order, own_place=draw(st.sampled_from([True, True, True, False])))

    def hand_over(self, order: Order, draw: Any) -> None:
        self.ask_hand_over(order, draw(some_tender))

    def undo(self, given: tuple[Order, int], _draw: Any) -> None:
        """Undo any hand-over, also one that was undone before."""
        self.ask_undo(*given)

    def last_day(self, order: Order, draw: Any) -> None:
        self.last_day_passes(order)
        if draw(st.booleans()):
            self.ask_sweep()

    def later(self, weeks: bool, _draw: Any) -> None:
        self.time_passes(weeks=weeks)

    def cancel(self, order: Order, _draw: Any) -> None:
        self.ask_cancel(order)

    def nonsense(self, order: Order, draw: Any) -> None:
        """Any wish for any order. Carrying out is always nonsense: it belongs to the placing of such an order."""
        number = draw(st.integers(0, len(order.lines) - 1))
        wishes = [
            lambda: self.ask_hand_over(order, "cash"),
            lambda: self.ask_dispatch(order),
            lambda: self.ask_ready(order, own_place=True),
            lambda: self.ask_cancel(order),
            lambda: self.ask_start(order),
            lambda: self.ask_return(order),
            lambda: self.ask_pick(order, number, 1),
            lambda: self.ask_scan(order, draw(st.sampled_from(self.world.skus))),
            lambda: self.ask_short(order, number, 1, draw(some_reason)),
            lambda: self.ask_carry_out(order),
            self.ask_sweep,
        ]
        draw(st.sampled_from(wishes))()
