"""The outbox: what was written late is found, what failed is tried again, what died half way is done by the next."""

from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from omni.lib import outbox
from orders.sales.models import Order, OrderEvent
from tests import journeys

pytestmark = pytest.mark.django_db

KIND = "order_placed"


@pytest.fixture
def event(house, clerk) -> OrderEvent:
    """The event of an order that was just placed."""
    return OrderEvent.objects.get(order=journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.id)


class Follower:
    """Notes what it was called with; fails as often as told, with what it is told."""

    def __init__(self, *failures: BaseException) -> None:
        self.seen: list[int] = []
        self.failures = list(failures)

    def __call__(self, event_id: int) -> None:
        self.seen.append(event_id)
        if self.failures:
            raise self.failures.pop(0)


def drain(*followers: Follower, **more: int) -> int:
    return outbox.drain(OrderEvent, {KIND: list(followers)} if followers else {}, **more)


def make_due(event: OrderEvent) -> None:
    OrderEvent.objects.filter(pk=event.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_follower_is_told_once(event):
    follower = Follower()
    assert drain(follower) == 1
    assert drain(follower) == 0
    assert follower.seen == [event.pk]
    event.refresh_from_db()
    assert event.handled_at is not None
    assert (event.attempts, event.failure) == (0, "")


def test_an_event_that_nobody_follows_is_marked_in_one_go(event, statements):
    with statements() as seen:
        assert drain() == 1
    assert sum(statement.startswith("UPDATE") for statement in seen) == 1
    assert not OrderEvent.objects.filter(handled_at=None).exists()


def test_events_are_told_in_the_order_they_were_written(house, clerk):
    for _ in range(3):
        journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    follower = Follower()
    assert drain(follower, batch=2) == 2
    assert drain(follower, batch=2) == 1
    assert follower.seen == sorted(OrderEvent.objects.values_list("pk", flat=True))


def test_a_failing_follower_is_tried_again_later_with_growing_pauses(event):
    follower = Follower(ValueError("secret of a customer"), ValueError())
    assert drain(follower) == 0
    event.refresh_from_db()
    assert (event.handled_at, event.attempts, event.failure) == (None, 1, "ValueError")
    assert timedelta(seconds=1) < event.next_attempt_at - timezone.now() <= timedelta(seconds=2)
    assert drain(follower) == 0, "not before its time"
    make_due(event)
    assert drain(follower) == 0
    event.refresh_from_db()
    assert event.attempts == 2
    assert timedelta(seconds=3) < event.next_attempt_at - timezone.now() <= timedelta(seconds=4)
    make_due(event)
    assert drain(follower) == 1
    assert follower.seen == [event.pk] * 3


def test_a_failing_follower_does_not_stop_the_queue(house, clerk):
    first, second = (journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.id for _ in range(2))
    follower = Follower(ValueError())
    assert drain(follower) == 1
    assert list(OrderEvent.objects.filter(handled_at=None).values_list("order", flat=True)) == [first]
    assert len(follower.seen) == 2
    assert second


def test_an_event_that_another_worker_handled_meanwhile_is_passed_by(house, clerk):
    for _ in range(2):
        journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    seen: list[int] = []

    def follow(event_id: int) -> None:
        seen.append(event_id)
        OrderEvent.objects.exclude(pk=event_id).update(handled_at=timezone.now())

    assert outbox.drain(OrderEvent, {KIND: [follow]}) == 1
    assert seen == [OrderEvent.objects.earliest("pk").pk]


def test_after_twelve_tries_an_event_waits_for_a_person(event):
    follower = Follower(*[ValueError() for _ in range(20)])
    for _ in range(15):
        drain(follower)
        make_due(event)
    assert len(follower.seen) == outbox.MOST_ATTEMPTS == 12
    event.refresh_from_db()
    assert (event.handled_at, event.attempts) == (None, 12)


def test_what_a_failing_follower_wrote_is_taken_back_also_of_those_before_it(event):
    def writes(event_id: int) -> None:
        Order.objects.filter(pk=event.order_id).update(external_ref="written")

    assert outbox.drain(OrderEvent, {KIND: [writes, Follower(ValueError())]}) == 0
    assert Order.objects.get(pk=event.order_id).external_ref is None


def test_a_worker_that_dies_half_way_leaves_the_event_to_the_next(event):
    follower = Follower(SystemExit())
    with pytest.raises(SystemExit):
        drain(follower)
    event.refresh_from_db()
    assert (event.handled_at, event.attempts) == (None, 0)
    assert drain(follower) == 1
    assert follower.seen == [event.pk] * 2


@pytest.mark.django_db(transaction=True)
def test_an_event_committed_after_a_later_one_is_found(event, house, clerk):
    elsewhere = connections.create_connection("default")
    try:
        elsewhere.set_autocommit(False)
        with elsewhere.cursor() as cursor:  # takes its id now, commits last
            cursor.execute(
                "INSERT INTO sales_orderevent (order_id, kind, data) VALUES (%s, %s, '{}') RETURNING id",
                [event.order_id, KIND],
            )
            late = cursor.fetchone()[0]
        after = OrderEvent.objects.get(order=journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.id)
        assert after.pk > late
        follower = Follower()
        assert drain(follower) == 2
        elsewhere.commit()
        assert drain(follower) == 1
        assert follower.seen == [event.pk, after.pk, late]
    finally:
        elsewhere.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("followed", [True, False])
def test_a_second_worker_passes_by_what_the_first_has_in_hand(event, followed):
    follower = Follower()
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM sales_orderevent WHERE id = %s FOR UPDATE", [event.pk])
        assert drain(*[follower] * followed) == 0
        assert follower.seen == []
        other.rollback()
        assert drain(*[follower] * followed) == 1
    finally:
        other.close()


def test_a_drain_inside_a_transaction_keeps_it_whole(event):
    with transaction.atomic():
        assert drain(Follower(ValueError())) == 0
        assert OrderEvent.objects.get(pk=event.pk).attempts == 1
