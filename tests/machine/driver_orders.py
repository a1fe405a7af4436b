"""What is drawn for orders, and how often."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.asking_orders import AskingOrders
from tests.machine.bought import WAITING, HandedOver, Line, Order, Part, Slice
from tests.machine.handing import Pieces
from tests.machine.model import REASONS
from tests.machine.world import CUSTOMERS

SHARES = 3**4
"""In how many ways the up to four pieces of a line can be shared out over up to three ways of handing over."""
some_tender = st.sampled_from(["", "cash", "cash", "card_terminal"])
some_reason = st.sampled_from(REASONS)
some_number = st.integers(0, 999)
some_way = st.tuples(
    st.sampled_from(["lille", "lille", "lens"]),
    st.sampled_from(["pickup", "pickup", "pickup", "ship", "relay", "carry_out"]),
)
some_order = st.fixed_dictionaries(
    {
        "ways": st.sampled_from([1, 1, 2, 2, 3]).flatmap(lambda many: st.lists(some_way, min_size=many, max_size=many)),
        "customer": st.sampled_from([*CUSTOMERS, None]),
        "lines": st.lists(
            st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, SHARES - 1)), min_size=1, max_size=3
        ),
        "tender": st.sampled_from(["", "card_online", "card_online"]),
        "wrong_by": st.sampled_from([None, None, None, 0, 0, 0, 1]),
    }
)


class OrderWishes(AskingOrders):
    """Wishes for orders and for the parts that serve them: mostly what makes sense, and some nonsense."""

    def standing(self, *ways: str) -> list[Part]:
        """Return the parts that stand so, those of the newest order first."""
        return [part for part in self.house.parts if part.way in ways]

    def order_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of the orders as they stand: how often, what, and for one of what."""
        in_hand, waiting = self.standing("to_pick", "picking"), self.standing(*WAITING)
        still_open = [part for part in in_hand if any(one.open for one in part.slices)]
        closed = [part for part in in_hand if part.way == "picking" and not any(one.open for one in part.slices)]
        ready = [part for part in waiting if part.way == "ready"]
        given = [(order, one) for order in self.house.orders[::-1] for one in order.given]
        return [
            (4 if len(waiting) > 7 else 16, self.place, [None]),
            (14, self.pick_the_rest, still_open),
            (4, self.pick, in_hand),
            (3, self.scan, still_open),
            (8, self.report_short, still_open),
            (2, self.start_or_return, in_hand),
            (16, self.ready_or_dispatch, closed),
            (22, self.hand_over, ready),
            (12, self.undo, given),
            (3, self.last_day, ready),
            (3, self.later, [True, False] if given else []),
            (3, self.cancel, waiting),
            (16, self.nonsense, self.house.orders),
        ]

    # --- placing, picking -------------------------------------------------------------------------------------------

    def place(self, _nothing: None, draw: Any) -> None:
        """An order; its caller may have added up another total."""
        drawn = draw(some_order)
        wished = [Line(self.world.articles[article], quantity) for article, quantity, _share in drawn["lines"]]
        parts = parts_of(drawn["ways"], wished, [share for _article, _quantity, share in drawn["lines"]])
        order = Order(drawn["customer"], wished, parts)
        wrong_by = drawn["wrong_by"]
        self.ask_place(order, drawn["tender"], None if wrong_by is None else order.total + wrong_by)

    def pick_the_rest(self, part: Part, _draw: Any) -> None:
        for one in part.slices:
            if one.open:
                self.ask_pick(part, one, one.open)

    def pick(self, part: Part, draw: Any) -> None:
        self.ask_pick(part, chosen(part.slices, draw), draw(st.sampled_from([-2, -1, 1, 1, 2, 3])))

    def scan(self, part: Part, draw: Any) -> None:
        self.ask_scan(part, chosen(part.slices, draw).sku)

    def report_short(self, part: Part, draw: Any) -> None:
        """Some pieces of a slice, or one too many; half of the time another store serves them."""
        one = chosen([one for one in part.slices if one.open], draw)
        kind = draw(st.sampled_from(["", "", "pickup", "pickup", "ship"]))
        kind = "relay" if (kind, part.kind) == ("ship", "relay") else kind
        elsewhere = next(store for store in self.world.stores if store != part.store)
        quantity = draw(st.integers(0, one.open + 1))
        if kind and part.kind == "reservation":  # what is reserved stays so, wherever it is
            kind = part.kind
        self.ask_short(part, one, quantity, draw(some_reason), (elsewhere, kind) if kind else None)

    def start_or_return(self, part: Part, draw: Any) -> None:
        draw(st.sampled_from([self.ask_start, self.ask_return]))(part)

    # --- handing over, and what is given up -------------------------------------------------------------------------

    def ready_or_dispatch(self, part: Part, draw: Any) -> None:
        if part.kind == "ship":
            self.ask_dispatch(part)
        else:
            self.ask_ready(part, own_place=draw(st.sampled_from([True, True, True, False])))

    def hand_over(self, part: Part, draw: Any) -> None:
        """All of it, or a part of it, or what cannot be."""
        tender, how = draw(some_tender), draw(st.sampled_from(["all", "all", "some", "some", "nonsense"]))
        pieces: Pieces | None = None
        if how == "some":
            pieces = {one: some_pieces(one, draw(some_number)) for one in part.slices}
        elif how == "nonsense":
            parts = self.house.order_of(part).parts
            one = chosen([one for other in parts for one in other.slices], draw)
            waits = one.waiting
            said = [(-1, 0), (0, 0), (1, -1), (waits + 1, 0), (waits, 1), (0, waits), (1, 0)]
            pieces = {one: draw(st.sampled_from(said))}
        self.ask_hand_over(part, tender, pieces)

    def undo(self, given: tuple[Order, HandedOver], _draw: Any) -> None:
        """Undo any hand-over, also one that was undone before, or was not the last."""
        self.ask_undo(*given)

    def last_day(self, part: Part, draw: Any) -> None:
        self.last_day_passes(part)
        if draw(st.booleans()):
            self.ask_sweep()

    def later(self, weeks: bool, _draw: Any) -> None:
        self.time_passes(weeks=weeks)

    def cancel(self, part: Part, draw: Any) -> None:
        if draw(st.booleans()):
            self.ask_cancel(part)
        else:
            self.ask_cancel_order(self.house.order_of(part))

    def nonsense(self, order: Order, draw: Any) -> None:
        """Any wish for any order. Carrying out is always nonsense: it belongs to the placing of such an order."""
        part = chosen(order.parts, draw)
        one = chosen(part.slices, draw)
        there = ("lens", "reservation" if order.reserved else "pickup")
        wishes = [
            lambda: self.ask_hand_over(part, "cash"),
            lambda: self.ask_hand_over(part, "cash", {one: (1, 0)}),
            lambda: self.ask_dispatch(part),
            lambda: self.ask_ready(part, own_place=True),
            lambda: self.ask_cancel(part),
            lambda: self.ask_cancel_order(order),
            lambda: self.ask_start(part),
            lambda: self.ask_return(part),
            lambda: self.ask_pick(part, one, 1),
            lambda: self.ask_pick(order.parts[0], one, 1),
            lambda: self.ask_scan(part, draw(st.sampled_from(self.world.skus))),
            lambda: self.ask_short(part, one, 1, draw(some_reason)),
            lambda: self.ask_short(order.parts[0], one, 1, draw(some_reason), there),
            lambda: self.ask_carry_out(part),
            self.ask_sweep,
        ]
        draw(st.sampled_from(wishes))()


def chosen(things: list[Any], draw: Any) -> Any:
    """Draw one of some things by its number: the report of a failure names it in words of its own."""
    return things[draw(some_number) % len(things)]


def parts_of(ways: list[tuple[str, str]], lines: list[Line], shares: list[int]) -> list[Part]:
    """Share the pieces of the lines out; a way that gets none is left out, and only the first may be carried out."""
    pieces = [[share // 3**piece % 3 % len(ways) for piece in range(line.quantity)]
              for line, share in zip(lines, shares, strict=True)]  # fmt: skip
    parts: list[Part] = []
    for way, (store, kind) in enumerate(ways):
        slices = [Slice(line, on.count(way)) for line, on in zip(lines, pieces, strict=True) if way in on]
        again = kind == "carry_out" and any(part.kind == kind for part in parts)
        if slices:
            parts.append(Part(store, "pickup" if again else kind, slices))
    return parts


def some_pieces(one: Slice, drawn: int) -> tuple[int, int]:
    """Let a number say what of a slice is taken, then what of the rest is refused."""
    taken = drawn % (one.waiting + 1)
    return taken, drawn // 10 % (one.waiting - taken + 1)
