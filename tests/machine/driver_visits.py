"""What is drawn for appointments, and how often."""

from typing import Any

from hypothesis import strategies as st

from tests.machine.asking_visits import AskingVisits
from tests.machine.visits import DAY, HOUR, Offer, Visit

some_time = st.sampled_from(["next"] * 12 + ["past", "between", "closed", "next week", "far"])
some_minutes = st.sampled_from([5, 10, 30, 30, 60])
some_name = st.sampled_from(["Nicole", "Malik", "Ines"])
by_the_house = st.booleans()


class VisitWishes(AskingVisits):
    """Wishes for appointments: near slots mostly, so that they are full; and each step also when it is not its turn."""

    def visit_wishes(self) -> list[tuple[int, Any, list[Any]]]:
        """Return what can be wished of appointments: how often, what, and for one of what."""
        visits, offers = self.house.visits.visits[::-1], self.house.visits.offers
        expected, waiting, with_us = (
            [one for one in visits if one.status == status] for status in ("expected", "waiting", "with_us")
        )
        today = [one for one in expected if one.day == self.house.visits.today]
        tapped = [one for one in visits if one.before]
        return [
            (8 if len(expected) < 9 else 2, self.visit, offers),
            (4, self.move_visit, expected),
            (3, self.cancel_visit, expected),
            (5, self.visitor_arrives, today),
            (2, self.walk_in, offers),
            (4, self.call, waiting),
            (3, self.serve, with_us),
            (2, self.miss, [*today, *waiting, *with_us]),
            (3, self.undo_step, tapped),
            (3, self.clock_goes_on, [None]),
            (5, self.look, offers),
            (1 if all(one.is_open for one in offers) else 6, self.settle, offers),
            (4, self.nonsense_about_visits, visits),
        ]

    def a_time(self, offer: Offer, draw: Any) -> int:
        """Mostly one of the next slots; sometimes one that nobody can have."""
        now, today = self.house.visits.now, self.house.visits.today
        coming = [at for day in (today, today + 1) for at in offer.slots(day) if at >= now]
        when = draw(some_time)
        near = coming[draw(st.integers(0, 2))]
        if when == "past":
            return offer.slots(today)[0] if offer.slots(today)[0] < now else now - HOUR
        away = {"between": 10, "closed": 6 * HOUR, "next week": 7 * DAY, "far": 9 * DAY}
        return int(near + away.get(when, 0))

    # --- booked, moved, cancelled -----------------------------------------------------------------------------------

    def visit(self, offer: Offer, draw: Any) -> None:
        self.ask_visit(offer, self.a_time(offer, draw), draw(some_name), by_house=draw(by_the_house))

    def move_visit(self, visit: Visit, draw: Any) -> None:
        offer = visit.offer or self.house.visits.offers[0]
        self.ask_move_visit(visit, self.a_time(offer, draw), by_house=draw(by_the_house))

    def cancel_visit(self, visit: Visit, _draw: Any) -> None:
        self.ask_cancel_visit(visit)

    def settle(self, offer: Offer, draw: Any) -> None:
        """The manager changes how long it takes, for how many, or whether it is offered."""
        minutes, seats = draw(st.sampled_from([30, 45])), draw(st.sampled_from([1, 2, 3]))
        self.offer_otherwise(offer, minutes=minutes, seats=seats, is_open=draw(st.sampled_from([True, True, False])))

    # --- the day at the counter ---------------------------------------------------------------------------------------

    def walk_in(self, offer: Offer, draw: Any) -> None:
        self.ask_number(offer.store, draw(st.sampled_from([offer, None])), draw(some_name))

    def visitor_arrives(self, visit: Visit, _draw: Any) -> None:
        self.ask_step("arrive", visit)

    def call(self, visit: Visit, _draw: Any) -> None:
        self.ask_step("call", visit)

    def serve(self, visit: Visit, _draw: Any) -> None:
        self.ask_step("serve", visit)

    def miss(self, visit: Visit, _draw: Any) -> None:
        self.ask_step("miss", visit)

    def undo_step(self, visit: Visit, draw: Any) -> None:
        self.ask_undo_step(visit, late=draw(st.integers(0, 3)) == 0)

    def clock_goes_on(self, _nothing: None, draw: Any) -> None:
        """Some minutes pass; after the last slot of the day comes the next morning."""
        visits = self.house.visits
        visits.now += draw(some_minutes)
        if visits.now % DAY > 12 * HOUR:
            visits.now = (visits.today + 1) * DAY + 8 * HOUR

    def look(self, offer: Offer, draw: Any) -> None:
        if draw(st.booleans()):
            self.ask_queue(offer.store)
        else:
            self.ask_free(offer, by_house=draw(by_the_house))

    def nonsense_about_visits(self, visit: Visit, draw: Any) -> None:
        """Any wish for anybody, also for who left, or has a number."""
        wishes = [
            *(lambda step=step: self.ask_step(step, visit) for step in ("arrive", "call", "serve", "miss")),
            lambda: self.ask_undo_step(visit, late=False),
            lambda: self.ask_cancel_visit(visit),
            lambda: self.move_visit(visit, draw),
        ]
        draw(st.sampled_from(wishes))()
