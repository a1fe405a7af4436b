"""Several workers over one outbox: every event is handled once. Points whose day has come count once."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from loyalty.models import Account, Programme
from loyalty.services import settling
from omni.lib import outbox
from orders.sales import events
from orders.sales.models import OrderEvent
from tests import journeys
from tests.races.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS, WORKERS = 12, 4


@pytest.fixture
def handled(house, integrator) -> Counter:
    """Twelve orders wait in the outbox; the follower counts here."""
    for _ in range(ORDERS):
        journeys.placed(house.lille, {"SKU-1": 1}, by=integrator)
    return Counter()


def drain(handled: Counter) -> int:
    def follow(event_id: int) -> None:
        handled.update([event_id])

    return outbox.drain(OrderEvent, {events.PLACED: [follow]})


def test_four_workers_handle_every_event_once(handled):
    outcomes = at_once([partial(drain, handled)] * WORKERS)
    assert sum(outcomes) == ORDERS
    assert set(handled.values()) == {1}
    assert len(handled) == ORDERS
    assert not OrderEvent.objects.filter(handled_at=None).exists()


def test_without_the_lock_workers_handle_the_same_event(handled, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_kwargs: self)
    outcomes = at_once([partial(drain, handled)] * WORKERS)
    assert sum(outcomes) > ORDERS
    assert max(handled.values()) > 1


def test_points_whose_day_has_come_are_posted_once(house, integrator, clerk):
    Programme.objects.update(posts_after_days=14)
    given = journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 3}, by=integrator), by=clerk)
    outcomes = at_once([partial(settling.post_due, timezone.now() + timedelta(days=15))] * WORKERS)
    assert sum(outcomes) == 1
    wallet = Account.objects.get(customer=given.fulfilment.order.customer_id)
    assert (wallet.posted, wallet.pending) == (30, 0)
