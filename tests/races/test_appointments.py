"""Many book the same slot: as many as it has seats, never one more; and without the guards, more."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from omni import audit
from omni.lib.errors import Refusal
from omni.lib.retry import retrying
from omni.staff.models import User
from orders.appointments.locks import lock_offer
from orders.appointments.models import Appointment, Offer, Service
from orders.appointments.services import booking, serving
from orders.appointments.services.booking import SEAT_RACE, Wish
from tests import factories, visits
from tests.conftest import House
from tests.races.crowd import at_once, meet_before, raised
from tests.races.twin import twin

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS, SEATS = 4, 200, 2


@pytest.fixture
def offer(house: House) -> Offer:
    """A fitting of half an hour, two at once, round the clock."""
    return visits.offered(house.lille, seats=SEATS, days_ahead=365)


def tried(work: Callable[[], Any]) -> str:
    """Do it as a form does: a lost race again, and a refusal is an answer."""
    try:
        retrying(work, lost_races=frozenset({SEAT_RACE}))
    except Refusal as refusal:
        return refusal.code
    return "done"


def seats_of(offer: Offer, starts_at: Any) -> list[int]:
    held = Appointment.objects.filter(offer=offer, starts_at=starts_at).exclude(status="cancelled")
    return sorted(held.values_list("seat", flat=True))


def test_a_slot_holds_as_many_as_it_has_seats_however_many_book_it(house: House, clerk: User, offer: Offer) -> None:
    first = visits.coming(offer)
    for turn in range(ROUNDS):
        at = first + timedelta(minutes=30) * turn
        outcomes = at_once([partial(tried, partial(visits.booked, offer, by=clerk, at=at))] * CROWD)
        assert sorted(outcomes) == ["done"] * SEATS + ["slot_full"] * (CROWD - SEATS), turn
        assert seats_of(offer, at) == [1, 2]
    assert audit.differences() == []


def test_who_books_moves_and_cancels_at_once_never_shares_a_seat(house: House, clerk: User, offer: Offer) -> None:
    at = visits.coming(offer)
    for _round in range(12):
        other = at + timedelta(minutes=30)
        here, there = visits.booked(offer, by=clerk, at=at), visits.booked(offer, by=clerk, at=other)
        works: list[Callable[[], Any]] = [
            partial(booking.move, appointment_id=here.pk, starts_at=other, actor_id=clerk.pk, by_house=True),
            partial(booking.move, appointment_id=there.pk, starts_at=at, actor_id=clerk.pk, by_house=True),
            partial(booking.cancel, appointment_id=here.pk, actor_id=clerk.pk),
            partial(visits.booked, offer, by=clerk, at=at),
            partial(visits.booked, offer, by=clerk, at=other),
        ]
        outcomes = at_once([partial(tried, work) for work in works])
        assert set(outcomes) <= {"done", "slot_full", "transition_refused"}, outcomes
        at = other + timedelta(minutes=30)
    assert audit.differences() == []


def test_a_number_is_given_once_and_received_by_one(house: House, clerk: User, manager: User) -> None:
    take = partial(serving.take_number, location_id=house.lille.pk, wish=Wish(name="Malik"), actor_id=clerk.pk)
    taken = at_once([take] * 8)
    assert sorted(one.number for one in taken) == list(range(1, 9))
    calls = [
        partial(tried, partial(serving.call, appointment_id=taken[0].pk, actor_id=person.pk))
        for person in (clerk, manager)
    ]
    assert sorted(at_once(calls * 2)) == ["done"] + ["transition_refused"] * 3


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert booking.lock_offer is lock_offer
    monkeypatch.setattr(booking, "lock_offer", lambda pk: Offer.objects.get(pk=pk))


def test_without_the_lock_the_constraint_stops_whoever_comes_second(
    house: House, clerk: User, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = visits.coming(offer)
    unlocked(monkeypatch)
    meet_before(monkeypatch, booking.BroughtArticle.objects, "bulk_create", 2)
    meet_before(monkeypatch, booking, "_time", 2)
    outcomes = at_once([partial(visits.booked, offer, by=clerk, at=at)] * 2)
    assert len(raised(outcomes, Exception)) == 1, outcomes
    assert raised(outcomes, IntegrityError) or "deadlock" in str(raised(outcomes, Exception)[0])
    assert seats_of(offer, at) == [1]


def test_without_lock_and_constraint_two_people_have_one_seat(
    house: House, clerk: User, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = visits.coming(offer)
    unlocked(monkeypatch)
    meet_before(monkeypatch, booking, "_time", 3)
    with twin("appointments_appointment", without=[SEAT_RACE]):
        monkeypatch.setattr(booking.events, "booked", lambda **_said: None)
        at_once([partial(visits.booked, offer, by=clerk, at=at)] * 3)
        assert seats_of(offer, at) == [1, 1, 1]
        assert [one.invariant.code for one in audit.differences() if one.invariant.code in {"A1", "A2"}] == ["A1", "A2"]


@pytest.mark.parametrize("what", ["named", "offered"])
def test_two_managers_who_say_the_same_at_once_are_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    people = [
        factories.PersonFactory(login=f"manager-{number}", role="manager", stores=[house.lille]) for number in range(2)
    ]
    said: dict[str, Any] = {"minutes": 45, "seats": 3, "notice_minutes": 60, "days_ahead": 14, "rhythm": ""}
    if what == "named":
        said |= {"service": "", "name_fr": "Essayage", "name_en": "Fitting"}
        meet_before(monkeypatch, Service.objects, "create", 2)
    else:
        said["service"] = Service.objects.create(code="fitting", name_fr="Essayage", name_en="Fitting").pk
        meet_before(monkeypatch, Offer.objects, "create", 2)

    def send(person: User) -> int:
        client = Client(raise_request_exception=False)
        client.force_login(person)
        return client.post(reverse("store-appointments", args=["lille"]), said).status_code

    assert sorted(at_once([partial(send, person) for person in people])) == [302, 409]
    assert (Service.objects.count(), Offer.objects.count()) == (1, 1)
