"""Asking both what a customer wishes by their link, and the counter while they wait; what is drawn for it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from inventory.places.queries import place
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.views import answer
from orders.fulfilment.waiting import links, offers
from orders.fulfilment.waiting.errors import TooLateForThat
from orders.fulfilment.waiting.services import arriving, extending, rating, renewing
from orders.sales.models import Order as SalesOrder
from orders.sales.reasons import CancelReason
from tests.machine import days
from tests.machine.bought import WAITING, Order, Part
from tests.machine.driver_orders import chosen
from tests.machine.driver_questions import QuestionWishes
from tests.machine.questions import Question
from tests.machine.shelves import Refused

some_spot = st.sampled_from([("counter", ""), ("door", ""), ("door", "Blue car")])
some_stars = st.integers(-1, 7)


class WaitingWishes(QuestionWishes):
    """Wishes on the page of an order: mostly with the link that opens it."""

    def waiting_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished while somebody waits: how often, what, and for one of what."""
        ready, still_here = self.standing("ready"), self.standing(*WAITING)
        ended = [one for one in self.house.orders if one.status != "open" and one not in self.house.forgotten]
        rated = [part for part in self.standing("collected") if self.house.stay(part).rated]
        asked = [one for one in self.house.questions if one.status == "open"]
        return [
            (6, self.arrive, ready),
            (10, self.keep_longer, ready),
            (1, self.cancel_on_page, still_here),
            (3, self.cancel_on_page, ready),
            (6, self.rate, self.standing("collected")),
            (3, self.rate, rated),
            (6, self.answer_on_page, asked),
            (4, self.anything_on_page, self.house.parts),
            (2, self.renew, self.house.orders[::-1]),
            (1, self.a_month_passes, ended[::-1]),
        ]

    # --- the page -----------------------------------------------------------------------------------------------------

    def link(self, order: Order, draw: Any) -> int:
        """Draw the round of a link: the last one, or one that was taken back, or is still to come."""
        now = self.house.rounds.get(order, 0)
        return draw(st.sampled_from([*[now] * 9, *range(now), now + 1]))

    def ask_on_page(
        self, name: str, part: Part, link: int, wish: Callable[[], Any], work: Callable[[Fulfilment], Any]
    ) -> Any:
        """Ask both on the page that a link opens, after it was seen to offer what the model would grant."""
        order = self.house.order_of(part)
        offered = self.house.offered(part)

        def on_page() -> Any:
            found = self.found_on_page(order, part, link)
            shown = offers.of(found, place(found.location_id))
            assert shown | {"longer": bool(shown["longer"])} == offered
            return work(found)

        about = f"{self.name(part)} link {link}"
        return self.ask(f"{name} on page", about, lambda: self.house.on_page(order, link, wish), on_page)

    def found_on_page(self, order: Order, part: Part, link: int) -> Fulfilment:
        """Return the part as the page of a link has it: its own order's, once."""
        number = SalesOrder.objects.values_list("number", flat=True).get(pk=self.order_keys[order])
        page = links.opened_by(links.token(number, link))
        if page is None:
            raise Refused("page_closed")
        assert page.order.pk == self.order_keys[order]
        (found,) = (one for one in page.fulfilments if one.pk == self.part_keys[part])
        return found

    def arrive(self, part: Part, draw: Any) -> None:
        link, (spot, note) = self.link(self.house.order_of(part), draw), draw(some_spot)
        self.ask_on_page(
            "arrive", part, link,
            lambda: self.house.arrive(part, spot, note),
            lambda found: arriving.arrive(fulfilment_id=found.pk, spot=spot, note=note),
        )  # fmt: skip

    def keep_longer(self, part: Part, draw: Any) -> None:
        """Half of the time it is the customer who asks."""
        if draw(st.booleans()):
            keys = self.keys(part) | {"reason": "on holiday"}
            wanted = self.house.extend
            self.ask(
                "keep longer", self.name(part),
                lambda: wanted(part, by_customer=False), lambda: extending.extend(**keys),
            )  # fmt: skip
            return
        self.ask_on_page(
            "keep longer", part, self.link(self.house.order_of(part), draw),
            lambda: self.house.extend(part, by_customer=True),
            lambda found: extending.extend(fulfilment_id=found.pk, actor_id=None),
        )  # fmt: skip

    def cancel_on_page(self, part: Part, draw: Any) -> None:
        link = self.link(self.house.order_of(part), draw)
        self.ask_on_page("cancel", part, link, lambda: self.house.cancel_on_page(part), cancelled_by_customer)

    def rate(self, part: Part, draw: Any) -> None:
        link, stars = self.link(self.house.order_of(part), draw), draw(some_stars)
        self.ask_on_page(
            "rate", part, link,
            lambda: self.house.rate(part, stars, "Well."),
            lambda found: rating.rate(fulfilment_id=found.pk, stars=stars, sentence="Well."),
        )  # fmt: skip

    def answer_on_page(self, asked: Question, draw: Any) -> None:
        """A yes to something, or a no."""
        link = self.link(self.house.order_of(asked.part), draw)
        sku = draw(st.sampled_from([*asked.offered, *asked.offered, *self.world.skus, ""]))

        def real(found: Fulfilment) -> None:
            question = SubstituteQuestion.objects.get(pk=self.question_keys[asked], fulfilment=found)
            answer(found, question, sku, actor_id=None)

        granted = self.ask_on_page(
            "accept" if sku else "decline", asked.part, link,
            lambda: self.house.accept(asked, sku) if sku else self.house.decline(asked), real,
        )  # fmt: skip
        if granted and sku:
            order = self.house.order_of(asked.part)
            self.note_keys(order, self.order_keys[order])

    def anything_on_page(self, part: Part, draw: Any) -> None:
        """Any wish for any part, ended ones included."""
        draw(
            st.sampled_from(
                [self.arrive, self.arrive, self.keep_longer, self.keep_longer, self.rate, self.cancel_on_page]
            )
        )(part, draw)

    # --- links, and months ------------------------------------------------------------------------------------------

    def renew(self, order: Order, _draw: Any) -> None:
        keys = {"order_id": self.order_keys[order], "actor_id": self.world.actor.user_id}
        about, wanted = f"#{self.house.orders.index(order)}", self.house.renew_link
        self.ask("renew link", about, lambda: wanted(order), lambda: renewing.renew_link(**keys))

    def a_month_passes(self, order: Order, draw: Any) -> None:
        """Its page is closed; somebody looks for it still."""
        self.house.a_month_passes(order)
        days.a_month_passed(self.order_keys[order])
        self.rate(chosen(order.parts, draw), draw)


def cancelled_by_customer(found: Fulfilment) -> None:
    """Cancel as the page does."""
    if not offers.may_be_cancelled(found):
        raise TooLateForThat("It is too late to cancel.")
    giving_up.cancel(fulfilment_id=found.pk, actor_id=None, reason=CancelReason.BY_CUSTOMER.value)
