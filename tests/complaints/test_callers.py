"""What users of other houses complain about on the telephone: the caller is not recognised, the note is sent out, a new
rule about PINs locks people out."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from omni import tasks
from omni.staff.models import User
from omni.staff.services import pins
from orders.fulfilment.services import picking, readying, shorting
from tests import factories, journeys
from tests.canaries.bodies import text
from tests.conftest import House
from tests.permissions.world import build
from tests.staff import tablets

AS_PEOPLE_WRITE_IT = [
    "06 39 98 45 67", "06/39/98/45/67", "06/39984567", "0639/98.45.67", "06.39.98.45.67", "06-39-98-45-67",
    "+33 6 39 98 45 67", "+33 (0)6 39 98 45 67", "0033639984567", "0033 6 39/98 45 67", "4567", "984567", "45/67",
]  # fmt: skip


@pytest.fixture
def caller(house: House) -> Customer:
    """Somebody of whom only the telephone is known: no name, no e-mail."""
    person = factories.CustomerFactory(given_name="", family_name="")
    factories.IdentityFactory(customer=person, kind="phone", value="+33639984567")
    return person


@pytest.mark.parametrize("written", AS_PEOPLE_WRITE_IT)
def test_a_caller_is_found_however_the_number_is_written(agent_client: Client, caller: Customer, written: str) -> None:
    answer = agent_client.get(reverse("customers"), {"q": written})
    assert (answer.status_code, answer.get("Location")) == (302, reverse("customer", args=[caller.code]))


def test_a_number_nobody_has_finds_nobody(agent_client: Client, caller: Customer) -> None:
    answer = agent_client.get(reverse("customers"), {"q": "06/39 98 45 68"})
    assert (answer.status_code, answer.context["rows"]) == (200, [])


@pytest.mark.parametrize("written", ["06/39 98 45 67", "+33 (0)6.39.98.45.67"])
def test_an_order_of_a_known_caller_is_theirs(api: Any, caller: Customer, order_body: Any, written: str) -> None:
    answer = api.place(order_body(customer={"phone": written}))
    assert answer.status_code == 201, answer.content
    assert list(Customer.objects.values_list("pk", flat=True)) == [caller.pk]


@pytest.mark.django_db
def test_no_word_that_staff_wrote_for_themselves_reaches_a_customer(house: House) -> None:
    world = build(house, foreign=False)
    words, staff = world.own.words, world.own.staff
    extra = journeys.placed(house.lille, {"SKU-1": 1, "SKU-3": 1}, by=staff, email=words.email)
    short = journeys.fulfilment_of(extra)
    first, second = short.lines.order_by("pk")
    mine = {"fulfilment_id": short.pk, "actor_id": staff.pk}
    shorting.report_short(line_id=first.pk, quantity=1, reason="other", note=words.note, **mine)
    picking.pick(line_id=second.pk, pieces=1, **mine)
    readying.declare_ready(hold_place_id=house.places(house.lille)[0].pk, **mine)
    tasks.drain_outbox()
    assert len(mail.outbox) >= 4
    internal = [words.note, words.staff, words.bearer, words.locker, words.payment]
    for letter in mail.outbox:
        said = "\n".join([letter.subject, str(letter.body), *(str(part[0]) for part in letter.alternatives)])
        assert [word for word in internal if word in said] == [], letter.subject


def test_the_field_for_colleagues_is_not_the_one_for_customers(clerk_client: Client, house: House, clerk: User) -> None:
    order = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk))
    page = text(clerk_client.get(reverse("short-line", args=[order.public_id, 1])))
    assert 'name="note"' in page
    assert "What happened, in one sentence" in page  # it asks what happened, not what to tell


def test_an_old_password_that_no_rule_allows_today_still_opens(house: House, settings: Any) -> None:
    person = factories.PersonFactory(login="veteran", role="clerk", stores=[house.lille])
    person.set_password("abc")
    person.save()
    answer = Client().post(reverse("sign-in"), {"username": "veteran", "password": "abc"})
    assert answer.status_code in {302, 303}


def test_a_pin_of_two_years_ago_opens_today(house: House, clerk: User, manager: User) -> None:
    device = tablets.enrolled(house.lille, by=manager)
    tablets.with_pin(device, clerk)
    with time_machine.travel(timezone.now() + timedelta(days=730), tick=True):
        tablet = tablets.client_of(device)
        assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": tablets.PIN}).status_code == 302
        assert tablet.get(reverse("today")).status_code == 200


def test_a_new_rule_about_pins_locks_nobody_out(
    house: House, clerk: User, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tablets.enrolled(house.lille, by=manager)
    tablets.with_pin(device, clerk)
    monkeypatch.setattr(pins, "RUNS", tablets.PIN)  # from today on, this one is too easily guessed
    tablet = tablets.client_of(device)
    assert tablet.post(reverse("pin", args=[clerk.pk]), {"pin": tablets.PIN}).status_code == 302
