"""Asking both for appointments: booking, moving, the day at the counter, and what is free."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from inventory.places.queries import place
from omni.lib.answers import instant
from orders.appointments import queries, waiting
from orders.appointments.errors import SlotRefused
from orders.appointments.models import Appointment
from orders.appointments.models import Offer as RealOffer
from orders.appointments.services import booking, serving, settling
from orders.appointments.services.booking import Wish
from tests.machine.shelves import Refused
from tests.machine.visits import Offer, Visit

FIRST_DAY = date(2030, 1, 9)
MIDNIGHT = datetime(2030, 1, 8, 23, tzinfo=UTC)
"""Of the stores, which are an hour ahead of UTC all of that month."""


def at_minute(minute: int) -> datetime:
    return MIDNIGHT + timedelta(minutes=minute)


def day_of(day: int) -> date:
    return FIRST_DAY + timedelta(days=day)


class AskingVisits:
    """One life's wishes for appointments; `ask`, `house` and `world` are those of `Asking`."""

    ask: Any
    house: Any
    world: Any

    def begin_visits(self) -> None:
        self.visit_keys: dict[Visit, int] = {}

    def real_offer(self, offer: Offer) -> int:
        return int(self.world.offers[offer.store])

    def named_visit(self, visit: Visit) -> str:
        return f"visit {self.house.visits.visits.index(visit)} {visit.status} {visit.starts}"

    def step_keys(self, visit: Visit) -> dict[str, Any]:
        now = at_minute(self.house.visits.now)
        return {"appointment_id": self.visit_keys[visit], "actor_id": self.world.actor.user_id, "now": now}

    # --- booked, moved, cancelled -----------------------------------------------------------------------------------

    def ask_slot(self, name: str, about: str, wanted: Any, real: Any) -> Any:
        """Ask for a slot: who is refused one is told the same nearest ones."""
        said: dict[str, list[str]] = {}

        def noted(side: str, work: Any) -> Any:
            try:
                return work()
            except Refused as refused:
                said[side] = [instant(at_minute(one)) or "" for one in refused.facts.get("nearest", [])]
                raise
            except SlotRefused as refused:
                said[side] = refused.extra["nearest"]
                raise

        granted = self.ask(name, about, lambda: noted("model", wanted), lambda: noted("house", real))
        assert said.get("house", []) == said.get("model", []), said
        return granted

    def ask_visit(self, offer: Offer, at: int, who: str, *, by_house: bool) -> None:
        wish = Wish(name=who, channel="store" if by_house else "web")
        keys: dict[str, Any] = {"actor_id": self.world.actor.user_id, "now": at_minute(self.house.visits.now)}
        granted = self.ask_slot(
            "visit", f"{offer.store} {at} {'' if by_house else 'web'}",
            lambda: self.house.visits.book(offer, at, who, by_house=by_house),
            lambda: booking.book(
                offer_id=self.real_offer(offer), starts_at=at_minute(at), wish=wish, by_house=by_house, **keys
            ),
        )  # fmt: skip
        self._came(granted)

    def _came(self, granted: Any) -> None:
        if granted:
            self.visit_keys[granted[0]] = granted[1].pk
            assert granted[0].number == granted[1].number

    def ask_move_visit(self, visit: Visit, at: int, *, by_house: bool) -> None:
        keys = self.step_keys(visit) | {"starts_at": at_minute(at), "by_house": by_house}
        self.ask_slot(
            "move visit", f"{self.named_visit(visit)} {at} {'' if by_house else 'web'}",
            lambda: self.house.visits.move(visit, at, by_house=by_house), lambda: booking.move(**keys),
        )  # fmt: skip

    def ask_cancel_visit(self, visit: Visit) -> None:
        keys, wanted = self.step_keys(visit), self.house.visits.cancel
        self.ask("cancel visit", self.named_visit(visit), lambda: wanted(visit), lambda: booking.cancel(**keys))

    def offer_otherwise(self, offer: Offer, **how: Any) -> None:
        self.house.visits.settle(offer, **how)
        pk = self.real_offer(offer)
        known = RealOffer.objects.filter(pk=pk).values(*settling.SETTINGS).get()
        settling.change_offer(actor=self.world.actor, offer_id=pk, **known | how)

    # --- the day at the counter ---------------------------------------------------------------------------------------

    def ask_number(self, store: str, offer: Offer | None, who: str) -> None:
        keys: dict[str, Any] = {"location_id": self.world.stores[store].pk, "wish": Wish(name=who)}
        keys |= {"actor_id": self.world.actor.user_id, "now": at_minute(self.house.visits.now)}
        keys |= {"offer_id": self.real_offer(offer) if offer else None}
        wanted = self.house.visits.take_number
        self._came(self.ask("number", store, lambda: wanted(store, offer, who), lambda: serving.take_number(**keys)))

    def ask_step(self, step: str, visit: Visit) -> None:
        """`step` is arrive, call, serve or miss."""
        keys, wanted = self.step_keys(visit), getattr(self.house.visits, step)
        self.ask(step, self.named_visit(visit), lambda: wanted(visit), lambda: getattr(serving, step)(**keys))

    def ask_undo_step(self, visit: Visit, *, late: bool) -> None:
        """Steps are written at the time of the machine that runs this, so that is when they are taken back, or later
        than they can be."""
        keys = self.step_keys(visit) | {"now": timezone.now() + timedelta(minutes=11 if late else 0)}
        wanted = self.house.visits.undo
        self.ask("undo step", self.named_visit(visit), lambda: wanted(visit, late=late), lambda: serving.undo(**keys))

    # --- what is read -------------------------------------------------------------------------------------------------

    def ask_queue(self, store: str) -> None:
        """Who is received next, and how long who comes now waits."""
        expected, found = self.ask("queue", store, lambda: self._queue_wanted(store), lambda: self._queue_found(store))
        assert found == expected

    def _queue_wanted(self, store: str) -> tuple[list[int], timedelta]:
        visits = self.house.visits
        return [self.visit_keys[one] for one in visits.queue(store)], timedelta(minutes=visits.estimate(store))

    def _queue_found(self, store: str) -> tuple[list[int], timedelta]:
        visits = self.house.visits
        day: list[Appointment] = queries.of_day(self.world.stores[store].pk, day_of(visits.today))
        return [one.pk for one in waiting.in_turn(day)], waiting.estimate(day, at_minute(visits.now))

    def ask_free(self, offer: Offer, *, by_house: bool) -> None:
        """What can be booked in the next days."""
        days = range(self.house.visits.today, self.house.visits.today + 3)
        wanted = self.house.visits.bookable
        expected, found = self.ask(
            "free", offer.store, lambda: wanted(offer, days, by_house=by_house),
            lambda: self._free_found(offer, days, by_house=by_house),
        )  # fmt: skip
        assert found == [(at_minute(at), free) for at, free in expected]

    def _free_found(self, offer: Offer, days: range, *, by_house: bool) -> list[tuple[datetime, int]]:
        real = RealOffer.objects.get(pk=self.real_offer(offer))
        store = place(real.location_id)
        every = queries.with_seats(store, real, day_of(days[0]), day_of(days[-1]))
        now = at_minute(self.house.visits.now)
        return [(one.starts_at, one.free) for one in queries.bookable(store, real, every, now, by_house=by_house)]
