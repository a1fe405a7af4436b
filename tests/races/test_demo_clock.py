"""The demo's clock moves while somebody writes: it waits for them, so that nothing is moved half."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inventory.places.models import Location
from omni import audit
from omni.demo.clock import ageing, services
from omni.demo.models import Clock
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting.models import Extension
from orders.fulfilment.waiting.services import extending
from orders.sales.models import OrderEvent

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def demo(waiting: Fulfilment, settings: Any) -> Fulfilment:
    """A pickup that waits in a demo."""
    settings.DEMO = True
    Location.objects.update(invented=True)
    reference.forget()
    now = timezone.now()
    Clock.objects.create(past_until=now - timedelta(days=10), opened_at=now - HOUR)
    return waiting


def extended_while_the_clock_moves(pickup: Fulfilment) -> bool:
    """Keep a pickup longer, and move the clock before that is committed; return whether what was written at once still
    stands together."""
    written, commit = threading.Event(), threading.Event()

    def extend() -> None:
        with transaction.atomic():
            extending.extend(fulfilment_id=pickup.pk, actor_id=None)
            written.set()
            commit.wait(10)
        connection.close()

    def move() -> None:
        services.retrying(lambda: services.grow_older(HOUR), tries=services.TRIES)
        connection.close()

    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(extend)
        assert written.wait(10)
        second = crowd.submit(move)
        threading.Event().wait(0.4)
        assert not second.done()
        commit.set()
        first.result(20)
        second.result(20)
    told = OrderEvent.objects.filter(order=pickup.order_id).latest("pk")
    return bool(abs(told.created_at - Extension.objects.get().created_at) < HOUR / 2)


def test_what_is_being_written_is_moved_whole_once_it_is_there(demo: Fulfilment) -> None:
    assert extended_while_the_clock_moves(demo)
    assert audit.differences() == []
    assert Extension.objects.get().keep_until == Fulfilment.objects.get(pk=demo.pk).keep_until
    assert Clock.objects.get().moved == HOUR


def test_without_its_locks_the_clock_would_leave_a_row_behind(demo: Fulfilment, monkeypatch: Any) -> None:
    monkeypatch.setattr(ageing, "lock", lambda tables: None)
    assert not extended_while_the_clock_moves(demo)
