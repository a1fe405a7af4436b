"""The machine: what is drawn, and how often."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.machine.asking import Asking
from tests.machine.driver_parcels import ParcelWishes
from tests.machine.driver_reserving import ReservationWishes
from tests.machine.driver_sent import SentWishes
from tests.machine.driver_shelves import ShelfWishes
from tests.machine.driver_visits import VisitWishes
from tests.machine.driver_waiting import WaitingWishes

some_place = st.integers(0, 9_999)
"""Chooses one of a list, whose length depends on how the house stands."""
AREAS = ("order", "question", "reservation", "waiting", "sent", "shelf", "parcel", "visit")


class Machine(
    *(SentWishes, WaitingWishes, ReservationWishes, ShelfWishes, ParcelWishes, VisitWishes, Asking),
    RuleBasedStateMachine,
):
    """The wishes in their proportions: mostly what makes sense as the house stands, and some nonsense."""

    areas: tuple[str, ...] = AREAS
    """What is wished for: everything, unless a life is about something."""

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

    def wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished as the house stands: how often, what, and for one of what."""
        return [one for area in self.areas for one in getattr(self, f"{area}_wishes")()]

    @rule(how=some_place, which=some_place, data=st.data())
    def wish(self, how: int, which: int, data: Any) -> None:
        """One thing that somebody does. One rule, because Hypothesis would leave some of many out of each life."""
        feasible = [(wish, things) for weight, wish, things in self.wishes() if things for _ in range(weight)]
        wish, things = feasible[how % len(feasible)]
        wish(things[which % len(things)], data.draw)
