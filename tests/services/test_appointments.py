"""Appointments: slots on the store's clock, seats that are never taken twice, the day's steps and their way back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from inventory.places.models import Location, SpecialDay
from inventory.places.queries import place
from omni import audit
from omni.lib import reference
from omni.lib.transitions import TransitionRefused
from omni.staff.models import User
from orders.appointments import queries, slots, waiting
from orders.appointments.errors import (
    NoSuchSlot,
    NothingToUndo,
    NotOffered,
    NotToday,
    SlotFull,
    SlotPast,
    SlotTooFar,
    SlotTooSoon,
    StoreClosed,
)
from orders.appointments.models import Appointment, AppointmentEvent, Offer
from orders.appointments.services import booking, serving
from orders.appointments.services.booking import Wish
from tests import visits
from tests.conftest import House

pytestmark = pytest.mark.django_db

WEDNESDAY = date(2030, 6, 5)
NINE = datetime(2030, 6, 5, 7, 0, tzinfo=UTC)
"""Nine o'clock in Lille, which is two hours ahead of UTC in June."""


def opened(store: Location, hours: str, zone: str = "Europe/Paris") -> None:
    Location.objects.filter(pk=store.pk).update(opening_hours=hours, time_zone=zone)
    reference.forget()


@pytest.fixture
def offer(house: House) -> Offer:
    """A fitting of half an hour in Lille, two at once; the store is open from nine to twelve."""
    opened(house.lille, "Mo-Fr 09:00-12:00")
    return visits.offered(house.lille, notice_minutes=60, days_ahead=7)


def local(offer: Offer, day: date) -> list[str]:
    store = place(offer.location_id)
    return [f"{store.local(slot.starts_at):%H:%M}" for slot in slots.of_day(store, offer, day)]


def book(offer: Offer, by: User, *, at: datetime = NINE, now: datetime = NINE, **more: Any) -> Appointment:
    return visits.booked(offer, by=by, at=at, now=now, **more)


def kinds(appointment: Appointment) -> list[str]:
    return list(AppointmentEvent.objects.filter(appointment=appointment).order_by("pk").values_list("kind", flat=True))


def test_slots_follow_each_other_inside_opening_hours_and_rhythm(offer: Offer) -> None:
    assert local(offer, WEDNESDAY) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    offer.minutes = 50
    assert local(offer, WEDNESDAY) == ["09:00", "09:50", "10:40"]
    offer.rhythm = "We 08:00-10:00,11:00-18:00"
    assert local(offer, WEDNESDAY) == ["09:00", "11:00"]
    assert local(offer, WEDNESDAY + timedelta(days=1)) == []


def test_a_special_day_is_closed_or_has_its_own_hours(offer: Offer, house: House) -> None:
    soon = timezone.now().date() + timedelta(days=3)
    SpecialDay.objects.create(location=house.lille, on=soon, reason="Stocktaking")
    SpecialDay.objects.create(
        location=house.lille, on=soon + timedelta(days=1), opens_at="14:15", closes_at="15:30", reason="Fair"
    )
    reference.forget()
    assert local(offer, soon) == []
    assert local(offer, soon + timedelta(days=1)) == ["14:15", "14:45"]


def test_the_hour_that_is_left_out_in_spring_has_no_slots_and_the_one_in_autumn_has_them_twice(house: House) -> None:
    opened(house.lille, "24/7")
    offer = visits.offered(house.lille)
    spring, autumn = date(2030, 3, 31), date(2030, 10, 27)
    assert len(local(offer, spring)) == 46
    assert local(offer, spring)[2:6] == ["01:00", "01:30", "03:00", "03:30"]
    assert len(local(offer, autumn)) == 50
    assert local(offer, autumn)[3:9] == ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]
    instants = [slot.starts_at for slot in slots.of_day(place(house.lille.pk), offer, autumn)]
    assert instants == sorted(set(instants))
    assert {after - before for before, after in zip(instants, instants[1:], strict=False)} == {timedelta(minutes=30)}


def test_a_store_in_another_zone_keeps_its_own_clock(house: House, clerk: User) -> None:
    opened(house.lille, "Mo-Fr 09:00-10:00", "Indian/Reunion")
    offer = visits.offered(house.lille)
    assert local(offer, WEDNESDAY) == ["09:00", "09:30"]
    at = datetime(2030, 6, 5, 5, 0, tzinfo=UTC)
    made = book(offer, clerk, at=at, now=at - timedelta(days=3))
    assert (made.on, made.remind_at) == (WEDNESDAY, at - timedelta(days=1))


@pytest.mark.parametrize(
    ("begins", "reminded"),
    [
        (datetime(2030, 4, 1, 8, 0, tzinfo=UTC), datetime(2030, 3, 31, 8, 0, tzinfo=UTC)),
        (datetime(2030, 3, 31, 8, 0, tzinfo=UTC), datetime(2030, 3, 30, 9, 0, tzinfo=UTC)),
        (datetime(2030, 10, 27, 9, 0, tzinfo=UTC), datetime(2030, 10, 26, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_reminder_comes_at_the_same_hour_of_the_day_before(
    house: House, clerk: User, begins: datetime, reminded: datetime
) -> None:
    offer = visits.offered(house.lille)
    assert book(offer, clerk, at=begins, now=begins - timedelta(days=5)).remind_at == reminded


def test_what_is_booked_on_its_day_is_reminded_of_two_hours_before_or_not_at_all(offer: Offer, clerk: User) -> None:
    assert book(offer, clerk, now=NINE - timedelta(hours=5)).remind_at == NINE - timedelta(hours=2)
    assert book(offer, clerk, now=NINE - timedelta(hours=1)).remind_at is None


def test_each_refusal_of_a_slot_says_why_and_what_is_free(offer: Offer, clerk: User) -> None:
    midday = NINE + timedelta(hours=3)
    cases: list[tuple[type[Exception], datetime, datetime, bool]] = [
        (StoreClosed, midday, NINE, True),
        (NoSuchSlot, NINE + timedelta(minutes=10), NINE, True),
        (SlotPast, NINE - timedelta(minutes=30), NINE, True),
        (SlotTooSoon, NINE + timedelta(minutes=30), NINE, False),
        (SlotTooFar, NINE + timedelta(days=8), NINE, False),
    ]
    for kind, at, now, by_house in cases:
        with pytest.raises(kind) as refused:
            book(offer, clerk, at=at, now=now, by_house=by_house)
        nearest = refused.value.extra["nearest"]  # type: ignore[attr-defined]
        assert nearest or kind is SlotTooFar
    assert Appointment.objects.count() == 0
    assert book(offer, clerk, at=NINE + timedelta(minutes=30)).seat == 1


def test_a_full_slot_is_refused_and_the_nearest_free_ones_are_named(offer: Offer, clerk: User) -> None:
    assert [book(offer, clerk).seat, book(offer, clerk).seat] == [1, 2]
    with pytest.raises(SlotFull) as refused:
        book(offer, clerk)
    assert refused.value.extra == {"nearest": ["2030-06-05T07:30:00Z", "2030-06-05T08:00:00Z", "2030-06-05T08:30:00Z"]}
    assert "Free: " in str(refused.value)
    assert Appointment.objects.count() == 2


def test_a_longer_service_from_now_on_does_not_sit_on_who_has_booked(offer: Offer, clerk: User) -> None:
    offer.seats = 1
    offer.save()
    book(offer, clerk, at=NINE + timedelta(minutes=30))
    offer.minutes = 60
    offer.save()
    with pytest.raises(SlotFull):
        book(offer, clerk)
    assert book(offer, clerk, at=NINE + timedelta(hours=1)).ends_at == NINE + timedelta(hours=2)


def test_what_is_not_offered_any_more_is_not_booked(offer: Offer, clerk: User) -> None:
    offer.is_open = False
    offer.save()
    with pytest.raises(NotOffered):
        book(offer, clerk)


def test_nobody_is_moved_to_what_is_not_offered_any_more_but_keeps_the_time_they_have(
    offer: Offer, clerk: User
) -> None:
    one = book(offer, clerk)
    offer.is_open = False
    offer.save()
    keys: dict[str, Any] = {"appointment_id": one.pk, "actor_id": clerk.pk, "by_house": True, "now": NINE}
    with pytest.raises(NotOffered):
        booking.move(starts_at=NINE + timedelta(hours=1), **keys)
    assert booking.move(starts_at=NINE, **keys).starts_at == NINE


def test_moving_frees_the_seat_and_keeps_the_story(offer: Offer, clerk: User) -> None:
    one, other = book(offer, clerk), book(offer, clerk)
    later = NINE + timedelta(hours=1)
    booking.move(appointment_id=one.pk, starts_at=later, actor_id=clerk.pk, by_house=True, now=NINE)
    booking.move(appointment_id=one.pk, starts_at=later, actor_id=clerk.pk, by_house=True, now=NINE)
    one.refresh_from_db()
    assert (one.starts_at, one.seat, kinds(one)) == (later, 1, ["appointment_booked", "appointment_moved"])
    assert book(offer, clerk).seat == 1
    with pytest.raises(SlotFull):
        booking.move(appointment_id=one.pk, starts_at=NINE, actor_id=clerk.pk, by_house=True, now=NINE)
    booking.cancel(appointment_id=other.pk, actor_id=clerk.pk)
    booking.cancel(appointment_id=other.pk, actor_id=clerk.pk)
    assert kinds(other) == ["appointment_booked", "appointment_cancelled"]
    with pytest.raises(TransitionRefused):
        booking.move(appointment_id=other.pk, starts_at=later, actor_id=clerk.pk, by_house=True, now=NINE)
    assert book(offer, clerk).seat == 2
    assert audit.differences() == []


def test_the_steps_of_a_visit_and_who_took_them(offer: Offer, clerk: User) -> None:
    one = book(offer, clerk)
    early, late = NINE - timedelta(days=1), NINE + timedelta(minutes=5)
    with pytest.raises(NotToday):
        serving.arrive(appointment_id=one.pk, actor_id=clerk.pk, now=early)
    with pytest.raises(NotToday):
        serving.miss(appointment_id=one.pk, actor_id=clerk.pk, now=NINE - timedelta(minutes=5))
    for step in (serving.call, serving.serve):
        with pytest.raises(TransitionRefused):
            step(appointment_id=one.pk, actor_id=clerk.pk)
    serving.arrive(appointment_id=one.pk, actor_id=clerk.pk, now=NINE)
    for again in (serving.arrive, booking.cancel):
        with pytest.raises(TransitionRefused):
            again(appointment_id=one.pk, actor_id=clerk.pk, now=late)  # type: ignore[operator]
    serving.call(appointment_id=one.pk, actor_id=clerk.pk, now=late)
    serving.serve(appointment_id=one.pk, actor_id=clerk.pk, now=late + timedelta(minutes=20))
    with pytest.raises(TransitionRefused):
        serving.miss(appointment_id=one.pk, actor_id=clerk.pk, now=late)
    one.refresh_from_db()
    assert (one.status, one.arrived_at, one.called_at, one.served_by_id) == ("served", NINE, late, clerk.pk)
    assert kinds(one) == ["appointment_booked", "customer_arrived", "customer_called", "customer_served"]
    assert audit.differences() == []


def test_a_mistaken_tap_is_taken_back_step_by_step_for_ten_minutes(offer: Offer, clerk: User) -> None:
    one = book(offer, clerk)
    before = Appointment.objects.filter(pk=one.pk).values().get()
    keys = {"appointment_id": one.pk, "actor_id": clerk.pk}
    with pytest.raises(NothingToUndo):
        serving.undo(**keys)
    for steps in ([serving.arrive], [serving.arrive, serving.call], [serving.miss]):
        for step in steps:
            step(**keys, now=NINE + timedelta(minutes=1))
        serving.undo(**keys)
        with pytest.raises(NothingToUndo):
            serving.undo(**keys)
        if steps[1:]:
            one.refresh_from_db()
            assert (one.status, one.called_at, one.served_by) == ("waiting", None, None)
            Appointment.objects.filter(pk=one.pk).update(status="expected", arrived_at=None)
    after = Appointment.objects.filter(pk=one.pk).values().get()
    assert {**after, "remind_at": None} == {**before, "remind_at": None}
    serving.arrive(**keys, now=NINE)
    with pytest.raises(NothingToUndo):
        serving.undo(**keys, now=timezone.now() + timedelta(minutes=11))


@pytest.mark.parametrize(
    ("before", "late"),
    [
        ((serving.miss,), (serving.arrive, serving.call)),
        ((serving.arrive, serving.call), (serving.arrive,)),
        ((serving.arrive, serving.call, serving.serve), (serving.arrive, serving.call)),
    ],
)
def test_a_tablet_that_shows_an_older_state_is_told_the_new_one(
    offer: Offer, clerk: User, before: tuple[Any, ...], late: tuple[Any, ...]
) -> None:
    """What leads back belongs to the undoing of a step, which knows what was written down for it."""
    one = book(offer, clerk)
    keys = {"appointment_id": one.pk, "actor_id": clerk.pk, "now": NINE}
    for step in before:
        step(**keys)
    story = kinds(one)
    for step in late:
        with pytest.raises(TransitionRefused):
            step(**keys)
    assert kinds(one) == story


def test_numbers_begin_anew_each_day_of_the_store(house: House, clerk: User) -> None:
    late = datetime(2030, 6, 5, 21, 30, tzinfo=UTC)
    taken = [
        serving.take_number(location_id=store.pk, wish=Wish(name="Malik"), actor_id=clerk.pk, now=now)
        for store, now in (
            (house.lille, late), (house.lille, late), (house.lens, late), (house.lille, late + timedelta(hours=1)),
        )
    ]  # fmt: skip
    assert [(one.on.day, one.number) for one in taken] == [(5, 1), (5, 2), (5, 1), (6, 1)]
    assert kinds(taken[0]) == ["came_without_appointment"]
    with pytest.raises(TransitionRefused):
        booking.cancel(appointment_id=taken[0].pk, actor_id=clerk.pk)


def test_the_estimate_hands_the_queue_to_whoever_is_free_first(offer: Offer, clerk: User, manager: User) -> None:
    def day() -> list[Appointment]:
        return queries.of_day(offer.location_id, WEDNESDAY)

    def number(**more: Any) -> Appointment:
        return serving.take_number(
            location_id=offer.location_id, wish=Wish(name="x"), actor_id=clerk.pk, now=NINE, **more
        )

    assert waiting.estimate(day(), NINE) == timedelta()
    first, second = number(), number(offer_id=offer.pk)
    assert waiting.estimate(day(), NINE) == timedelta(minutes=45)
    serving.call(appointment_id=first.pk, actor_id=clerk.pk, now=NINE)
    assert waiting.estimate(day(), NINE + timedelta(minutes=5)) == timedelta(minutes=40)
    serving.call(appointment_id=second.pk, actor_id=manager.pk, now=NINE)
    assert waiting.estimate(day(), NINE + timedelta(minutes=5)) == timedelta(minutes=10)
    booked = book(offer, clerk)
    serving.arrive(appointment_id=booked.pk, actor_id=clerk.pk, now=NINE)
    number()
    assert [one.kind for one in waiting.in_turn(day())] == ["booked", "walk_in"]
    assert waiting.estimate(day(), NINE + timedelta(minutes=5)) == timedelta(minutes=40)
    assert waiting.estimate(day(), NINE + timedelta(hours=2)) == timedelta(minutes=15)


def test_every_way_of_an_appointment_is_a_story_that_adds_up(house: House, clerk: User) -> None:
    ways = visits.every_way(house.lille, clerk, house.variants[0].pk)
    assert {way: one.status for way, one in ways.items()} == {
        "expected": "expected", "moved": "expected", "cancelled": "cancelled", "arrived": "waiting",
        "served": "served", "left": "no_show", "undone": "expected", "number": "waiting", "called number": "with_us",
        "served number": "served",
    }  # fmt: skip
    assert audit.differences() == []
