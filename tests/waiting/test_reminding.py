"""Reminders: on the store's days, once each, while it is open, never of what does not wait any more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from customers.models import Message
from inventory.places.models import Location, SpecialDay
from inventory.places.queries import place
from omni import audit, tasks
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.services import extending, reminding
from tests import journeys

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 6, 10, 8, 0, tzinfo=UTC)  # ten o'clock in Lille


@pytest.fixture
def waiting(house, clerk) -> Fulfilment:
    """Ready since Wednesday at ten, kept for a week; open from nine to seven except on Sundays."""
    Location.objects.filter(pk=house.lille.pk).update(opening_hours="Mo-Sa 09:00-19:00")
    reference.forget()
    one = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000), by=clerk)
    Fulfilment.objects.filter(pk=one.pk).update(ready_at=WEDNESDAY, keep_until=WEDNESDAY + timedelta(days=7))
    Message.objects.all().delete()
    return one


@pytest.fixture
def five(house, clerk, waiting) -> list[Fulfilment]:
    """Five pickups that wait, each ready later than the one before it."""
    others = [
        journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000), by=clerk) for _ in range(4)
    ]
    for later, one in enumerate(others, start=1):
        ready_at = WEDNESDAY + timedelta(minutes=later // 2)  # some in the same instant
        Fulfilment.objects.filter(pk=one.pk).update(ready_at=ready_at, keep_until=WEDNESDAY + timedelta(days=7))
    Message.objects.all().delete()
    return [waiting, *others]


def days() -> list[int]:
    return [one.facts["day"] for one in Message.objects.filter(template="pickup_reminder").order_by("pk")]


def at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return reminding.remind_due()


def test_who_does_not_come_is_reminded_on_the_second_and_the_fifth_day(waiting):
    reminded = {day: at(WEDNESDAY + timedelta(days=day)) for day in range(7)}
    assert reminded == {0: 0, 1: 0, 2: 1, 3: 0, 4: 0, 5: 1, 6: 0}
    assert days() == [2, 5]


def test_a_reminder_waits_until_the_store_opens(waiting):
    friday = WEDNESDAY + timedelta(days=2)
    assert at(friday.replace(hour=5)) == 0
    assert at(friday.replace(hour=6, minute=59)) == 0
    assert at(friday.replace(hour=7)) == 1
    assert at(friday.replace(hour=17)) == 0


def test_a_closed_day_reminds_on_the_next_open_one_and_never_of_two_days_at_once(house, waiting):
    for day in ("2026-06-12", "2026-06-13"):
        SpecialDay.objects.create(location=house.lille, on=day, reason="Holiday")
    with time_machine.travel(WEDNESDAY, tick=False):
        reference.forget()
        place(house.lille.pk)
    assert at(WEDNESDAY + timedelta(days=2)) == 0
    assert at(WEDNESDAY + timedelta(days=4)) == 0, "Sunday"
    assert at(WEDNESDAY + timedelta(days=5)) == 1
    assert days() == [5]


@pytest.mark.parametrize(("first", "second", "expected"), [(0, 0, []), (3, 0, [3]), (1, 1, [1])])
def test_the_days_are_the_store_s(house, waiting, first, second, expected):
    Location.objects.filter(pk=house.lille.pk).update(first_reminder_days=first, second_reminder_days=second)
    reference.forget()
    for day in range(7):
        at(WEDNESDAY + timedelta(days=day))
    assert days() == expected


@pytest.mark.parametrize("end", ["collected", "cancelled", "expired"])
def test_what_does_not_wait_any_more_is_not_reminded_of(waiting, clerk, end):
    if end == "collected":
        handing_over.hand_over(fulfilment_id=waiting.pk, proof="code", actor_id=clerk.pk)
    elif end == "cancelled":
        giving_up.cancel(fulfilment_id=waiting.pk, actor_id=clerk.pk, reason="mistake")
    else:
        Fulfilment.objects.filter(pk=waiting.pk).update(keep_until=WEDNESDAY)
        giving_up.expire(fulfilment_id=waiting.pk)
    assert at(WEDNESDAY + timedelta(days=2)) == 0
    assert days() == []


def test_a_reminder_that_is_not_true_any_more_is_dropped(waiting, clerk, mailoutbox):
    assert at(WEDNESDAY + timedelta(days=2)) == 1
    handing_over.hand_over(fulfilment_id=waiting.pk, proof="code", actor_id=clerk.pk)
    tasks.send_messages()
    assert Message.objects.get(template="pickup_reminder").dropped_because == "collected"
    assert mailoutbox == []


def test_a_reminder_carries_the_code_the_last_day_and_the_link(waiting, mailoutbox):
    assert at(WEDNESDAY + timedelta(days=2)) == 1
    tasks.send_messages()
    [mail] = mailoutbox
    assert mail.subject == "L1-1 vous attend à Lille"
    assert "mercredi 17 juin" in mail.body
    assert links.address_of(waiting.order) in mail.body
    assert len(mail.attachments) == 1
    assert audit.differences() == []


def test_what_is_kept_longer_is_not_reminded_of_the_same_day_again(waiting):
    assert at(WEDNESDAY + timedelta(days=5)) == 1
    with time_machine.travel(WEDNESDAY + timedelta(days=6), tick=False):
        extending.extend(fulfilment_id=waiting.pk, actor_id=None)
    assert [at(WEDNESDAY + timedelta(days=day)) for day in range(6, 14)] == [0] * 8


def test_who_has_no_address_is_not_written_to(waiting):
    waiting.order.customer.identities.all().delete()
    assert at(WEDNESDAY + timedelta(days=2)) == 0


def test_those_behind_the_first_that_were_reminded_have_their_turn(five):
    with time_machine.travel(WEDNESDAY + timedelta(days=2), tick=False):
        assert reminding.remind_due(at_a_time=3) == 5
        assert reminding.remind_due(at_a_time=3) == 0
    assert {one.facts["fulfilment"] for one in Message.objects.all()} == {one.pk for one in five}


def test_whoever_was_reminded_costs_no_statement_of_their_own(five):
    with time_machine.travel(WEDNESDAY + timedelta(days=2), tick=False):
        reminding.remind_due()
        with CaptureQueriesContext(connection) as asked:
            reminding.remind_due()
    assert len(asked) <= 4, [one["sql"] for one in asked]


def test_a_reminder_that_cannot_be_written_stops_nobody_else_s(five, monkeypatch):
    lock_status = reminding.lock_status

    def in_other_hands(pk: int) -> str:
        if pk == five[0].pk:
            raise OperationalError("lock timeout")
        return lock_status(pk)

    monkeypatch.setattr(reminding, "lock_status", in_other_hands)
    assert at(WEDNESDAY + timedelta(days=2)) == 4
    monkeypatch.undo()
    assert at(WEDNESDAY + timedelta(days=2)) == 1


def test_the_scheduler_reminds(waiting):
    with time_machine.travel(WEDNESDAY + timedelta(days=2), tick=False):
        assert tasks.remind_waiting() == 1
        assert tasks.remind_waiting() == 0
