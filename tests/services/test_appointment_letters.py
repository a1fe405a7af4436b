"""What a customer is told of an appointment: once each, in their language, and nothing that is no longer true."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from customers.models import Message
from inventory.places.queries import place
from omni import tasks
from omni.staff.models import User
from orders.appointments import notices
from orders.appointments.models import Appointment
from orders.appointments.services import booking, serving
from orders.appointments.services.booking import Wish
from tests import factories, visits
from tests.conftest import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def expected(house: House, clerk: User) -> Appointment:
    """Somebody who comes tomorrow, with an article to try."""
    customer = factories.CustomerFactory(given_name="Élise", language="en")
    factories.IdentityFactory(customer=customer, value="elise@example.org")
    offer = visits.offered(house.lille)
    wish = Wish(customer_id=customer.pk, variant_ids=[house.variants[0].pk])
    return visits.booked(offer, by=clerk, at=visits.coming(offer, after=timedelta(days=2)), wish=wish)


def due(expected: Appointment) -> None:
    Appointment.objects.filter(pk=expected.pk).update(remind_at=timezone.now() - timedelta(seconds=1))


def sent() -> list[str]:
    return [letter.subject.split(",")[0] for letter in mail.outbox]


def test_a_booking_is_confirmed_once(expected: Appointment, house: House) -> None:
    for _turn in range(2):
        tasks.drain_outbox()
    assert sent() == ["Your appointment at Lille"]
    local = place(house.lille.pk).local(expected.starts_at)
    assert f"{local:%H:%M}" in mail.outbox[0].body
    assert "Article 1" in mail.outbox[0].body
    assert mail.outbox[0].to == ["elise@example.org"]


def test_a_reminder_leaves_once_when_its_time_has_come(expected: Appointment) -> None:
    tasks.drain_outbox()
    assert notices.remind_due() == 0
    due(expected)
    assert [tasks.remind_of_appointments(), tasks.remind_of_appointments()] == [1, 0]
    due(expected)  # as if the first turn had not been noted
    assert tasks.remind_of_appointments() == 1
    tasks.send_messages()
    assert sent() == ["Your appointment at Lille", "We expect you at Lille"]


def test_a_reminder_of_what_was_cancelled_meanwhile_is_dropped(expected: Appointment, clerk: User) -> None:
    tasks.drain_outbox()
    due(expected)
    tasks.remind_of_appointments()
    booking.cancel(appointment_id=expected.pk, actor_id=clerk.pk)
    tasks.drain_outbox()
    assert sent() == ["Your appointment at Lille", "Your appointment at Lille is cancelled"]
    dropped = Message.objects.get(status="dropped")
    assert (dropped.template, dropped.dropped_because) == ("appointment_reminder", "appointment_off")


def test_a_confirmation_of_what_was_moved_meanwhile_is_dropped_and_the_new_time_is_told(
    expected: Appointment, clerk: User
) -> None:
    assert expected.offer is not None
    later = visits.coming(expected.offer, after=timedelta(days=3))
    booking.move(appointment_id=expected.pk, starts_at=later, actor_id=clerk.pk, by_house=True)
    tasks.drain_outbox()
    assert sent() == ["Your appointment at Lille is now " + mail.outbox[0].subject.split("is now ")[1].split(",")[0]]
    assert Message.objects.get(status="dropped").dropped_because == "appointment_moved"


def test_who_was_taken_for_another_is_reminded_all_the_same_and_once(expected: Appointment, clerk: User) -> None:
    keys = {"appointment_id": expected.pk, "actor_id": clerk.pk}
    assert expected.starts_at
    assert expected.remind_at
    early = expected.starts_at - timedelta(hours=3)
    Appointment.objects.filter(pk=expected.pk).update(on=place(expected.location_id).local(early).date())
    assert serving.arrive(**keys, now=early).remind_at is None
    assert serving.undo(**keys).remind_at == expected.remind_at
    for _turn in range(2):
        due(expected)
        tasks.remind_of_appointments()
    assert Message.objects.filter(template="appointment_reminder").count() == 1


def test_nobody_is_reminded_of_what_has_begun_or_was_cancelled(expected: Appointment, clerk: User) -> None:
    due(expected)
    serving.arrive(appointment_id=expected.pk, actor_id=clerk.pk, now=expected.starts_at)
    assert tasks.remind_of_appointments() == 0
    due(expected)
    assert tasks.remind_of_appointments() == 0
    assert Message.objects.filter(template="appointment_reminder").count() == 0


def test_who_has_no_address_is_told_nothing(house: House, clerk: User) -> None:
    visits.booked(visits.offered(house.lille), by=clerk)
    tasks.drain_outbox()
    assert Message.objects.count() == 0
