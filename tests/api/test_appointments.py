"""Appointments over the API: what is free, booked once, moved, cancelled, and every refusal with a code and a
sentence."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse

from customers.models import Customer
from inventory.places.queries import place
from omni import audit
from omni.lib.answers import instant
from orders.appointments.models import Appointment, AppointmentEvent, Offer
from tests import visits
from tests.callers import ApiClient
from tests.conftest import House

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/appointments/"


@pytest.fixture
def offer(house: House) -> Offer:
    return visits.offered(house.lille)


def body(offer: Offer, **differently: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "store": "lille",
        "service": "fitting",
        "starts_at": instant(visits.coming(offer)),
        "customer": {"email": "elise@example.org", "given_name": "Élise", "family_name": "Vasseur"},
        "note": "Size 39",
        "articles": ["SKU-1", "SKU-2"],
    }
    return {name: value for name, value in {**good, **differently}.items() if value is not None}


def problems(answer: HttpResponse) -> set[tuple[str, str]]:
    return {(one["field"], one["code"]) for one in answer.json()["errors"]}  # type: ignore[attr-defined]


def test_booked_once_however_often_it_is_sent(api: ApiClient, offer: Offer) -> None:
    sent = body(offer)
    first, again = (api.post(ADDRESS, sent, key="one") for _turn in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    made = Appointment.objects.get()
    told = first.json()
    assert told == {
        "id": str(made.public_id), "status": "expected", "store": "lille", "store_name": "Lille", "service": "fitting",
        "starts_at": sent["starts_at"], "ends_at": instant(made.ends_at), "local_start": told["local_start"],
        "customer": Customer.objects.get().code, "note": "Size 39", "articles": ["SKU-1", "SKU-2"],
    }  # fmt: skip
    local = place(made.location_id).local(visits.coming(offer))
    assert told["local_start"] == local.isoformat(timespec="minutes")
    assert first.headers["Location"] == f"{ADDRESS}{made.public_id}/"
    assert (made.channel, made.seat) == ("web", 1)
    assert api.get(first.headers["Location"]).json() == told
    assert api.post(ADDRESS, body(offer, note="other"), key="one").status_code == 422
    assert Appointment.objects.count() == 1


def test_every_problem_is_told_at_once(api: ApiClient, offer: Offer) -> None:
    wrong = body(offer, service="massage", starts_at="tomorrow", customer={}, articles=["SKU-1", "NONE"], more=1)
    answer = api.post(ADDRESS, wrong)
    assert answer.status_code == 400
    assert problems(answer) == {
        ("service", "unknown"), ("starts_at", "not_instant"), ("customer", "no_identity"), ("articles.1", "unknown"),
        ("more", "unknown_field"),
    }  # fmt: skip
    assert problems(api.post(ADDRESS, {})) >= {("store", "required"), ("customer", "required")}
    assert Appointment.objects.count() == Customer.objects.count() == 0


def test_a_refused_slot_leaves_nothing_and_names_the_nearest(api: ApiClient, offer: Offer) -> None:
    at = visits.coming(offer)
    for _seat in range(2):
        assert api.post(ADDRESS, body(offer)).status_code == 201
    known = Customer.objects.count()
    late = api.post(ADDRESS, body(offer, customer={"email": "late@example.org"}), key="late")
    assert (late.status_code, late.json()["code"]) == (409, "slot_full")
    assert late.json()["nearest"][0] == instant(at + timedelta(minutes=30))
    past = api.post(ADDRESS, body(offer, starts_at=instant(at - timedelta(hours=2))))
    assert past.json()["code"] == "slot_past"
    offer.notice_minutes = 600
    offer.save()
    soon = api.post(ADDRESS, body(offer, starts_at=instant(at + timedelta(minutes=30))))
    assert soon.json()["code"] == "slot_too_soon"
    assert (Customer.objects.count(), Appointment.objects.count()) == (known, 2)


def test_slots_say_what_is_free_and_nothing_else(api: ApiClient, offer: Offer) -> None:
    at = visits.coming(offer, after=timedelta(days=1))
    day = place(offer.location_id).local(at).date().isoformat()
    for _seat in range(2):
        api.post(ADDRESS, body(offer, starts_at=instant(at)))
    api.post(ADDRESS, body(offer, starts_at=instant(at + timedelta(minutes=30))))
    query = {"store": "lille", "service": "fitting", "from": day, "to": day}
    told = api.get(f"{ADDRESS}slots/", query).json()
    free = {slot["starts_at"]: slot["free"] for slot in told["services"][0]["slots"]}
    assert (instant(at) in free, free.get(instant(at + timedelta(minutes=30)), 1)) == (False, 1)
    assert told["services"][0]["names"] == {"fr": "Essayage", "en": "Fitting"}
    assert [one["service"] for one in api.get(f"{ADDRESS}slots/", {"store": "lille"}).json()["services"]] == ["fitting"]
    other = ({"from": "x"}, {"to": "2000-01-01"}, {"service": "x"}, {"store": "amiens"})
    for wrong in ({}, *(query | one for one in other)):
        assert api.get(f"{ADDRESS}slots/", wrong).status_code == 400


def test_moved_and_cancelled_as_often_as_it_is_sent(api: ApiClient, offer: Offer) -> None:
    address = api.post(ADDRESS, body(offer)).headers["Location"]
    later = instant(visits.coming(offer, after=timedelta(hours=3)))
    for _turn in range(2):
        assert api.put(address, {"starts_at": later}).json()["starts_at"] == later
    assert api.put(address, {"starts_at": "soon"}).status_code == 400
    for _turn in range(2):
        assert api.delete(address).json()["status"] == "cancelled"
    assert api.put(address, {"starts_at": instant(visits.coming(offer))}).json()["code"] == "transition_refused"
    kinds = AppointmentEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["appointment_booked", "appointment_moved", "appointment_cancelled"]
    assert audit.differences() == []


def test_an_appointment_of_another_store_does_not_exist(api: ApiClient, house: House, clerk: Any) -> None:
    foreign = visits.booked(visits.offered(house.amiens), by=clerk)
    address = f"{ADDRESS}{foreign.public_id}/"
    answers = [api.get(address), api.put(address, {"starts_at": "x"}), api.delete(address)]
    assert [one.status_code for one in answers] == [404, 404, 404]
    foreign.refresh_from_db()
    assert foreign.status == "expected"
