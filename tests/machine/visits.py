"""Appointments in the model: slots, seats, and the day at the counter. Plain Python.

Time is counted in minutes of the stores' clock, from the midnight before the first day on.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.machine.shelves import Refused

HOUR, DAY = 60, 24 * 60
STEPS = {"customer_arrived", "customer_called", "customer_served", "customer_did_not_come"}
OVER = {"served", "no_show", "cancelled"}
NEAREST = 3
UNKNOWN_LENGTH = 15


@dataclass(eq=False)
class Offer:
    """What a store offers every day between two times of the day, and when others than the house may book it."""

    store: str
    minutes: int
    seats: int
    notice: int
    days_ahead: int
    opens: int
    closes: int
    is_open: bool = True

    def slots(self, day: int) -> list[int]:
        return list(range(day * DAY + self.opens, day * DAY + self.closes - self.minutes + 1, self.minutes))

    def is_open_during(self, at: int) -> bool:
        opens, closes = (at // DAY * DAY + time for time in (self.opens, self.closes))
        return at < closes and at + self.minutes > opens


@dataclass(eq=False)
class Visit:
    """Somebody who is expected in a seat at a time, or who came without and took a number."""

    who: str
    store: str
    offer: Offer | None
    day: int
    starts: int | None = None
    ends: int | None = None
    seat: int | None = None
    of_seats: int | None = None
    number: int | None = None
    remind: int | None = None
    status: str = "expected"
    arrived: int | None = None
    called: int | None = None
    ended: int | None = None
    story: list[str] = field(default_factory=list)
    before: str = ""
    """From where the last step was taken."""

    @property
    def length(self) -> int:
        return self.offer.minutes if self.offer else UNKNOWN_LENGTH


class Visits:
    """Wishes for appointments; `now` is what the clock of the stores shows."""

    def __init__(self) -> None:
        self.now = 8 * HOUR
        self.offers = [
            Offer("lille", 30, 2, HOUR, 7, 9 * HOUR, 12 * HOUR),
            Offer("lens", 45, 1, 0, 3, 10 * HOUR, 12 * HOUR + 30),
        ]
        self.visits: list[Visit] = []
        self.numbers: dict[tuple[str, int], int] = {}

    @property
    def today(self) -> int:
        return self.now // DAY

    # --- seats ------------------------------------------------------------------------------------------------------

    def free_seats(self, offer: Offer, at: int, but: Visit | None = None) -> list[int]:
        """Return the seats that nobody has meanwhile; who did not come, or has been served, has kept theirs."""
        taken = {
            one.seat
            for one in self.visits
            if one.offer is offer and one is not but and one.status != "cancelled"
            and one.starts is not None and one.ends is not None
            and one.starts < at + offer.minutes and one.ends > at
        }  # fmt: skip
        return [seat for seat in range(1, offer.seats + 1) if seat not in taken]

    def bookable(self, offer: Offer, days: range, *, by_house: bool) -> list[tuple[int, int]]:
        """Return the slots that somebody may book, each with its free seats."""
        earliest = self.now if by_house else self.now + offer.notice
        found = [(at, len(self.free_seats(offer, at))) for day in days for at in offer.slots(day)]
        return [
            (at, free)
            for at, free in found
            if free and at >= earliest and (by_house or at // DAY <= self.today + offer.days_ahead)
        ]

    def _seat(self, offer: Offer, at: int, *, by_house: bool, but: Visit | None = None) -> dict[str, Any]:
        """Return what a visit that begins then knows of its time."""
        if not offer.is_open:
            raise Refused("not_offered")
        free = self.free_seats(offer, at, but)
        why = self._why_not(offer, at, by_house=by_house) or ("" if free else "slot_full")
        if why:
            raise Refused(why, nearest=self._nearest(offer, at, by_house=by_house))
        return {
            "day": at // DAY, "starts": at, "ends": at + offer.minutes, "seat": free[0], "of_seats": offer.seats,
            "remind": self._remind(at),
        }  # fmt: skip

    def _why_not(self, offer: Offer, at: int, *, by_house: bool) -> str:
        if at < self.now:
            return "slot_past"
        if at not in offer.slots(at // DAY):
            return "no_such_slot" if offer.is_open_during(at) else "store_closed"
        if not by_house and at < self.now + offer.notice:
            return "slot_too_soon"
        if not by_house and at // DAY > self.today + offer.days_ahead:
            return "slot_too_far"
        return ""

    def _nearest(self, offer: Offer, at: int, *, by_house: bool) -> list[int]:
        wanted = max(at, self.now)
        days = range(wanted // DAY - 1, wanted // DAY + 8)
        free = [start for start, _free in self.bookable(offer, days, by_house=by_house)]
        return sorted(sorted(free, key=lambda start: abs(start - wanted))[:NEAREST])

    def _remind(self, at: int) -> int | None:
        """The day before, or two hours before when that is past, or never."""
        return next((due for due in (at - DAY, at - 2 * HOUR) if due > self.now), None)

    # --- booked, moved, cancelled -----------------------------------------------------------------------------------

    def book(self, offer: Offer, at: int, who: str, *, by_house: bool) -> Visit:
        time = self._seat(offer, at, by_house=by_house)
        self.visits.append(Visit(who, offer.store, offer, **time, story=["appointment_booked"]))
        return self.visits[-1]

    def move(self, visit: Visit, at: int, *, by_house: bool) -> Visit:
        if visit.status != "expected" or visit.offer is None:
            raise Refused("transition_refused")
        if visit.starts == at:
            return visit
        vars(visit).update(self._seat(visit.offer, at, by_house=by_house, but=visit))
        visit.story.append("appointment_moved")
        return visit

    def cancel(self, visit: Visit) -> None:
        if visit.status == "cancelled":
            return
        if visit.status != "expected":
            raise Refused("transition_refused")
        visit.status, visit.ended, visit.remind = "cancelled", self.now, None
        visit.story.append("appointment_cancelled")

    def settle(self, offer: Offer, *, minutes: int, seats: int, is_open: bool) -> None:
        """Who has booked keeps their time and their seat."""
        offer.minutes, offer.seats, offer.is_open = minutes, seats, is_open

    # --- the day at the counter ---------------------------------------------------------------------------------------

    def take_number(self, store: str, offer: Offer | None, who: str) -> Visit:
        number = self.numbers[store, self.today] = self.numbers.get((store, self.today), 0) + 1
        made = Visit(who, store, offer, self.today, number=number, status="waiting", arrived=self.now)
        made.story.append("came_without_appointment")
        self.visits.append(made)
        return made

    def arrive(self, visit: Visit) -> None:
        if visit.day != self.today:
            raise Refused("not_today")
        self._step(visit, {"expected"}, "waiting", "customer_arrived", arrived=self.now, remind=None)

    def call(self, visit: Visit) -> None:
        self._step(visit, {"waiting"}, "with_us", "customer_called", called=self.now)

    def serve(self, visit: Visit) -> None:
        self._step(visit, {"with_us"}, "served", "customer_served", ended=self.now)

    def miss(self, visit: Visit) -> None:
        if visit.status == "expected" and visit.starts is not None and visit.starts > self.now:
            raise Refused("not_today")
        among = {"expected", "waiting", "with_us"}
        self._step(visit, among, "no_show", "customer_did_not_come", ended=self.now, remind=None)

    def _step(self, visit: Visit, among: set[str], status: str, told: str, **changes: int | None) -> None:
        if visit.status not in among:
            raise Refused("transition_refused")
        visit.before = visit.status
        vars(visit).update(changes, status=status)
        visit.story.append(told)

    def undo(self, visit: Visit, *, late: bool) -> None:
        """Take back the last step; `late`, more than ten minutes after it."""
        if late or visit.story[-1] not in STEPS:
            raise Refused("nothing_to_undo")
        visit.status, visit.ended = visit.before, None
        if visit.before in {"expected", "waiting"}:
            visit.called = None
        if visit.before == "expected":
            visit.arrived = None
            visit.remind = None if visit.starts is None else visit.starts - DAY  # undone long before (`ask_undo_step`)
        visit.story.append("step_undone")

    # --- the queue ----------------------------------------------------------------------------------------------------

    def queue(self, store: str) -> list[Visit]:
        """Who waits, in turn: an appointment from its own time on, a number from when it was taken."""
        waiting = [one for one in self._of_today(store) if one.status == "waiting"]
        return sorted(waiting, key=lambda one: one.arrived or 0 if one.starts is None else one.starts)

    def estimate(self, store: str) -> int:
        """Return how long who comes now waits for the one person who serves."""
        ends = [(one.called or 0) + one.length for one in self._of_today(store) if one.status == "with_us"]
        return max([0, *(end - self.now for end in ends)]) + sum(one.length for one in self.queue(store))

    def _of_today(self, store: str) -> list[Visit]:
        return [one for one in self.visits if (one.store, one.day) == (store, self.today)]
