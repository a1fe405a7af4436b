"""The time of waiting in the model: how long it is kept, who is there, and what a customer does by their link. Plain
Python."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.machine.bought import WAITING, Order, Part
from tests.machine.handing import Handing, Pieces
from tests.machine.reserving import KIND
from tests.machine.shelves import Refused


@dataclass(frozen=True)
class Keeping:
    """For how long a store keeps what is ready, how often its customer may have it kept longer, and by how much."""

    days: int
    openings: int
    extensions: int
    extension_days: int


KEEPING = {"lille": Keeping(5, 13, 2, 21), "lens": Keeping(2, 2, 1, 30)}
LONGEST = 60
"""Days from when it was ready; the close of the sixtieth is later than that."""


@dataclass
class Stay:
    """What is known of a part's waiting: until how many days after it was ready it is kept, how often it was kept
    longer and by whom, who is there (where, and by what one finds them), how it was, what goes back to the shelf."""

    days: int | None = None
    by_customer: int = 0
    by_store: int = 0
    here: tuple[str, str] | None = None
    arrivals: int = 0
    rated: tuple[int, str] | None = None
    bag: Counter = field(default_factory=Counter)


class Waiting(Handing):
    """Wishes of a customer who holds a link to their order's page, and of the counter while they wait."""

    stays: dict[Part, Stay]
    rounds: dict[Order, int]
    forgotten: set[Order]

    def begin_waiting(self) -> None:
        self.stays, self.rounds, self.forgotten = {}, {}, set()

    def stay(self, part: Part) -> Stay:
        return self.stays.setdefault(part, Stay())

    # --- what happens to the part ---------------------------------------------------------------------------------

    def ready(self, part: Part, *, own_place: bool) -> None:
        super().ready(part, own_place=own_place)
        keeping = KEEPING[part.store]
        self.stay(part).days = keeping.openings if part.kind == KIND else keeping.days

    def hand_over(self, part: Part, tender: str, pieces: Pieces | None) -> None:
        super().hand_over(part, tender, pieces)
        self.stay(part).here = None

    def goes_back_to_the_shelf(self, part: Part) -> None:
        stay = self.stay(part)
        stay.here, stay.bag = None, part.units("waiting")

    # --- the page ---------------------------------------------------------------------------------------------------

    def on_page(self, order: Order, link: int, wish: Callable[[], Any]) -> Any:
        """Do what is wished on an order's page; only the last link opens it, and not for ever."""
        if link != self.rounds.get(order, 0) or order in self.forgotten:
            raise Refused("page_closed")
        return wish()

    def offered(self, part: Part) -> dict[str, Any]:
        """Return what the page offers of a part: exactly what is granted then."""
        stay, ready, collected = self.stay(part), part.way == "ready", part.way == "collected"
        return {
            "here": ready,
            "longer": ready and self._left(part) > 0 and self._longer(part) < LONGEST,
            "cancel": part.way in WAITING,
            "rate": collected and stay.rated is None,
            "rated": stay.rated[0] if collected and stay.rated else None,
        }

    def arrive(self, part: Part, spot: str, note: str) -> None:
        self._require_ready(part)
        stay = self.stay(part)
        if stay.here is None:
            stay.arrivals += 1
            self.order_of(part).told.append("customer_arrived")
        stay.here = (spot, note)

    def _require_ready(self, part: Part) -> None:
        if part.way != "ready":
            raise Refused("too_late_for_that")

    def extend(self, part: Part, *, by_customer: bool) -> None:
        """Keep it longer: the customer as often as the store lets them and never a reservation, the store as it
        likes."""
        self._require_ready(part)
        if (by_customer and self._left(part) < 1) or self._longer(part) >= LONGEST:
            raise Refused("no_more_time")
        stay = self.stay(part)
        stay.days, part.overdue = self._longer(part), False
        stay.by_customer += by_customer
        stay.by_store += not by_customer
        self.order_of(part).told.append("keep_extended")

    def _left(self, part: Part) -> int:
        return 0 if part.kind == KIND else KEEPING[part.store].extensions - self.stay(part).by_customer

    def _longer(self, part: Part) -> int:
        keeping = KEEPING[part.store]
        return (self.stay(part).days or 0) + (keeping.openings if part.kind == KIND else keeping.extension_days)

    def cancel_on_page(self, part: Part) -> None:
        if part.way not in WAITING:
            raise Refused("too_late_for_that")
        self.cancel(part)

    def cancel(self, part: Part) -> None:
        """Give it up, whoever wishes it."""
        raise NotImplementedError

    def rate(self, part: Part, stars: int, sentence: str) -> None:
        if not 1 <= stars <= 5:
            raise Refused("rating_unknown")
        if part.way != "collected":
            raise Refused("too_late_for_that")
        if self.stay(part).rated:
            raise Refused("rated_already")
        self.stay(part).rated = (stars, sentence)
        self.order_of(part).told.append("visit_rated")

    # --- links, and months ------------------------------------------------------------------------------------------

    def renew_link(self, order: Order) -> None:
        """What was sent so far opens nothing any more."""
        self.rounds[order] = self.rounds.get(order, 0) + 1
        order.told.append("customer_link_renewed")

    def a_month_passes(self, order: Order) -> None:
        """Nothing of it is on its way; its page is closed, and nothing of it can be undone."""
        self.forgotten.add(order)
        for given in order.given:
            given.too_old = True
