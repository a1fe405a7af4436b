"""The pages of appointments: the day and its poll, booking at the desk, the store's settings, and who they are for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.places.queries import place
from omni import tasks
from omni.lib import reference
from omni.staff.access import actor_of
from omni.staff.models import User
from orders.appointments import notices, screens, words
from orders.appointments.models import Appointment, AppointmentEvent, Offer, Service
from orders.appointments.services import booking, serving, settling
from orders.appointments.services.booking import Wish
from orders.appointments.words import COUNTED_DOWN
from tests import factories, visits
from tests.conftest import House

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def offer(house: House) -> Offer:
    return visits.offered(house.lille)


def poll(client: Client, address: str, version: str) -> int:
    return client.get(address, {"version": version}, headers=FRAGMENT).status_code


def test_the_day_is_answered_204_until_something_of_it_changes(
    clerk_client: Client, offer: Offer, clerk: User, statements: Callable[..., Any]
) -> None:
    address = reverse("appointments")
    first = clerk_client.get(address).context["version"]
    with statements() as seen:
        assert poll(clerk_client, address, first) == 204
    assert sum("appointments_appointment" in str(one) for one in seen) == 1, seen
    serving.take_number(location_id=offer.location_id, wish=Wish(name="Malik"), actor_id=clerk.pk)
    assert poll(clerk_client, address, first) == 200
    page = clerk_client.get(address)
    assert [row["name"] for row in page.context["queue"]] == ["Malik"]
    assert page.context["estimate"] == "Who comes now waits about 15 minutes."


@pytest.mark.parametrize(
    ("ahead", "counts"),
    [(timedelta(hours=4), False), (timedelta(hours=2), True), (timedelta(minutes=-10), True), (-COUNTED_DOWN, True)],
)
def test_the_minutes_count_while_somebody_is_late_or_comes_soon(
    offer: Offer, clerk: User, ahead: timedelta, counts: bool
) -> None:
    one = visits.booked(offer, by=clerk, at=visits.coming(offer, after=timedelta(days=1)))
    assert one.starts_at
    store, at = place(offer.location_id), one.starts_at - ahead
    first, second = (screens.day_version(store, one.on, at + timedelta(minutes=more)) for more in (0, 1))
    assert (first != second) == counts
    told = [words.state_words(one, at + timedelta(minutes=more)) for more in (0, 1)]
    assert (told[0] != told[1]) == counts, "what the page says"


def test_today_tells_who_waits_in_the_statement_it_asks_anyway(
    clerk_client: Client, offer: Offer, clerk: User, statements: Callable[..., Any]
) -> None:
    with statements() as before:
        quiet = clerk_client.get(reverse("today"))
    assert quiet.context["visits_line"] == ""
    for _number in range(2):
        serving.take_number(location_id=offer.location_id, wish=Wish(name="Malik"), actor_id=clerk.pk)
    assert poll(clerk_client, reverse("today"), quiet.context["queue_version"]) == 200
    with statements() as after:
        told = clerk_client.get(reverse("today"))
    assert told.context["visits_line"] == "2 people wait"
    assert len(after) <= len(before), after


def test_a_clerk_books_for_a_name_and_what_is_wrong_is_said_beside_it(clerk_client: Client, offer: Offer) -> None:
    address, at = reverse("appointment-booking"), visits.coming(offer).isoformat()
    sent = {"offer": offer.pk, "starts_at": at, "name": "", "articles": "SKU-1 NONE"}
    wrong = clerk_client.post(address, sent)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"name", "articles"}
    assert clerk_client.post(address, sent | {"starts_at": "x"}).status_code == 422
    good = sent | {"name": "Nicole Aubert", "articles": "SKU-1", "idempotency_key": "one"}
    made = [clerk_client.post(address, good) for _turn in range(2)]
    assert [one.status_code for one in made] == [302, 302]
    found = Appointment.objects.get()
    assert (found.name, found.seat, found.brought.get().variant.sku) == ("Nicole Aubert", 1, "SKU-1")
    assert clerk_client.post(address, good | {"idempotency_key": "two"}).status_code == 302
    full = clerk_client.post(address, good | {"idempotency_key": "three"})
    assert (full.status_code, "Free: " in full.context["problem"]) == (409, True)
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize("also", ["another service", "no other"])
def test_a_service_that_was_switched_off_meanwhile_is_not_booked_as_another(
    clerk_client: Client, offer: Offer, also: str
) -> None:
    if also == "another service":
        visits.offered(offer.location, code="piercing")
    at = visits.coming(offer).isoformat()
    Offer.objects.filter(pk=offer.pk).update(is_open=False)
    sent = {"offer": offer.pk, "starts_at": at, "name": "Nicole Aubert"}
    refused = clerk_client.post(reverse("appointment-booking"), sent)
    assert (refused.status_code, refused.context["problem"]) == (409, "This is not offered here any more.")
    assert not Appointment.objects.exists()
    if also == "another service":
        times = refused.context["times"]["slots"]
        assert times
        assert not any(slot["selected"] for slot in times)
        assert refused.context["form"]["name"].value() == "Nicole Aubert"


def test_a_customer_is_found_by_a_name_and_by_who_may_see_customers(
    clerk_client: Client, clerk: User, offer: Offer
) -> None:
    customer = factories.CustomerFactory(given_name="Élise", family_name="Vasseur")
    page = clerk_client.get(reverse("appointment-booking"), {"q": "vasseur"})
    assert [one["name"] for one in page.context["found"]] == ["Élise Vasseur"]
    chosen = clerk_client.get(reverse("appointment-booking"), {"customer": customer.code})
    assert chosen.context["customer"] == customer
    clerk.role.permissions = [one for one in clerk.role.permissions if one != "customers.view"]
    clerk.role.save()
    reference.forget()
    hidden = clerk_client.get(reverse("appointment-booking"), {"customer": customer.code, "q": "vasseur"})
    assert (hidden.context["customer"], hidden.context["found"]) == (None, [])


def test_an_agent_books_moves_and_cancels_but_receives_nobody(agent_client: Client, clerk: User, offer: Offer) -> None:
    one = visits.booked(offer, by=clerk)
    assert agent_client.get(one.get_absolute_url()).context["may_serve"] is False
    call = reverse("appointment-step", args=[one.public_id, "arrival"])
    assert agent_client.post(call).status_code == 403
    later = visits.coming(offer, now=one.starts_at)
    moved = agent_client.post(reverse("appointment-time", args=[one.public_id]), {"starts_at": later.isoformat()})
    assert moved.status_code == 302
    cancel = reverse("appointment-cancellation", args=[one.public_id])
    assert agent_client.post(cancel, {"why": "nonsense"}).status_code == 422
    assert agent_client.post(cancel, {"why": "customer_wish"}).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.starts_at) == ("cancelled", later)
    assert AppointmentEvent.objects.latest("pk").data["why"] == "customer_wish"


def test_a_step_that_is_none_does_not_exist_and_a_refused_one_says_why(
    clerk_client: Client, clerk: User, offer: Offer
) -> None:
    one = visits.booked(offer, by=clerk)
    assert clerk_client.post(reverse("appointment-step", args=[one.public_id, "dance"])).status_code == 404
    refused = clerk_client.post(reverse("appointment-step", args=[one.public_id, "end"]), follow=True)
    assert [str(message) for message in refused.context["messages"]] == [
        "This is “Expected” and cannot become “Served”."
    ]


def test_a_manager_says_what_can_be_booked(manager_client: Client, house: House, clerk: User) -> None:
    address = reverse("store-appointments", args=["lille"])
    new = {"minutes": 45, "seats": 3, "notice_minutes": 60, "days_ahead": 14, "rhythm": "Tu-Sa 10:00-18:00"}
    assert manager_client.post(address, new).status_code == 422
    named = new | {"service": "", "name_fr": "Essayage", "name_en": "Fitting"}
    assert manager_client.post(address, named).status_code == 302
    offer = Offer.objects.get()
    assert (str(offer.service), offer.minutes, offer.seats, offer.rhythm) == ("Fitting", 45, 3, "Tu-Sa 10:00-18:00")
    again = manager_client.post(address, named | {"idempotency_key": "again"})
    assert (again.status_code, Service.objects.count()) == (409, 1)
    change = reverse("store-appointment-offer", args=["lille", offer.pk])
    fields = {f"offer-{offer.pk}-{name}": value for name, value in (new | {"rhythm": "sometimes"}).items()}
    assert manager_client.post(change, fields).status_code == 422
    assert manager_client.post(change, fields | {f"offer-{offer.pk}-rhythm": ""}).status_code == 302
    offer.refresh_from_db()
    assert (offer.rhythm, offer.is_open) == ("", False)
    assert manager_client.get(reverse("appointment-booking")).status_code == 200


def test_who_changed_what_can_be_booked_stands_in_the_log(house: House, manager: User) -> None:
    admin = factories.PersonFactory(login="admin", role="administrator", stores=[house.lille])
    offer = visits.offered(house.lille)
    kept = {name: getattr(offer, name) for name in settling.SETTINGS}
    settling.change_offer(actor=actor_of(manager), offer_id=offer.pk, **kept | {"seats": 5})
    client = Client()
    client.force_login(admin)
    row = client.get(reverse("audit"), {"kind": "offer"}).context["rows"][0]
    assert (row["title"], row["who"]) == ("Lille: how “Fitting” is booked was changed", "Mira Manager")
    assert [(one.label, one.before, one.after) for one in row["changes"]] == [("At once, people", "2", "5")]


def test_what_failed_after_an_appointment_is_seen_and_tried_again(house: House, offer: Offer, clerk: User) -> None:
    admin = factories.PersonFactory(login="admin", role="administrator", stores=[house.lille])
    client = Client()
    client.force_login(admin)
    one = visits.booked(offer, by=clerk)
    event = one.events.get()
    AppointmentEvent.objects.filter(pk=event.pk).update(attempts=12, failure="OSError")
    page = client.get(reverse("jobs"))
    assert [(row["kind"], row["about"], row["given_up"]) for row in page.context["rows"]] == [
        ("visit", "Nicole Aubert", True)
    ]
    assert client.post(reverse("jobs-retry"), {"kind": "visit", "pk": event.pk}).status_code == 302
    event.refresh_from_db()
    assert (event.attempts, event.failure, event.handled_at) == (0, "", None)
    tasks.drain_outbox()
    event.refresh_from_db()
    assert event.handled_at is not None


def test_a_cancelled_appointment_is_not_among_the_expected(clerk_client: Client, clerk: User, offer: Offer) -> None:
    one = visits.booked(offer, by=clerk)
    booking.cancel(appointment_id=one.pk, actor_id=clerk.pk)
    day = clerk_client.get(reverse("appointments"), {"on": one.on.isoformat()})
    assert day.context["booked"] == []
    page = clerk_client.get(one.get_absolute_url())
    assert (page.context["one"]["state_words"], page.context["one"]["primary"]) == ("Cancelled", None)
    assert notices.remind_due() == 0
