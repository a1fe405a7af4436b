"""What is drawn for reservations, and how often: what follows is what is drawn for any order."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.bought import Line, Order, Part
from tests.machine.driver_orders import SHARES, OrderWishes, parts_of, some_number, some_pieces, some_tender
from tests.machine.reserving import KIND
from tests.machine.things import Article
from tests.machine.world import CUSTOMERS

ONE, OTHER = CUSTOMERS
some_reservation = st.fixed_dictionaries(
    {
        "stores": st.lists(st.sampled_from(["lille", "lille", "lens"]), min_size=1, max_size=2),
        "beside": st.sampled_from([*[""] * 12, "pickup", "ship", "carry_out"]),
        "customer": st.sampled_from([*[ONE] * 12, OTHER, OTHER, None]),
        "free": st.booleans(),
        "lines": st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from([1, 1, 1, 1, 1, 2, 3, 4, 4]), st.integers(0, SHARES - 1)),
            min_size=1,
            max_size=3,
        ),
        "tender": st.sampled_from([*[""] * 14, "card_online"]),
        "wrong_by": st.sampled_from([None, None, None, 0, 0, 0, 0, 1]),
    }
)


class ReservationWishes(OrderWishes):
    """Wishes for reservations; some are paid, some nobody's, some beside what is bought."""

    def reservation_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        waiting = [order for order in self.house.orders if order.reserved and order.status == "open"]
        ready = [part for part in self.standing("ready") if part.kind == KIND]
        return [(10 if len(waiting) > 4 else 20, self.reserve, [None]), (10, self.try_on, ready)]

    def try_on(self, part: Part, draw: Any) -> None:
        """Some pieces are bought, some left in the store, some wait on."""
        pieces = {one: some_pieces(one, draw(some_number)) for one in part.slices}
        self.ask_hand_over(part, draw(some_tender), pieces)

    def free_in(self, store: str) -> list[Article]:
        """Return what a store has pieces of; everything when it has none of anything."""
        levels = self.house.levels
        free = [one for one in self.world.articles if (store, one.sku) in levels and levels[store, one.sku].free > 3]
        return free or self.world.articles

    def reserve(self, _nothing: None, draw: Any) -> None:
        drawn = draw(some_reservation)
        ways = [(store, KIND) for store in drawn["stores"]]
        if drawn["beside"]:
            ways.append((drawn["stores"][0], drawn["beside"]))
        articles = self.free_in(drawn["stores"][0]) if drawn["free"] else self.world.articles
        wished = [Line(articles[one % len(articles)], quantity) for one, quantity, _share in drawn["lines"]]
        parts = parts_of(ways, wished, [share for _article, _quantity, share in drawn["lines"]])
        order = Order(drawn["customer"], wished, parts)
        wrong_by = drawn["wrong_by"]
        self.ask_place(order, drawn["tender"], None if wrong_by is None else order.total + wrong_by)
