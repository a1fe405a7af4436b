"""The demo's clock moves while somebody writes: it waits for them, so that nothing is moved half."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from inventory.places.models import Location
from loyalty.models import Entry
from omni import audit
from omni.demo.clock import ageing, services
from omni.demo.models import Clock
from omni.lib import reference
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import handing_over

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


def given_while_the_clock_moves(pickup: Fulfilment, clerk: User) -> bool:
    """Hand a pickup over, and move the clock before that is committed; return whether what was written at once still
    stands together: the hand-over, and the points for it."""
    written, commit = threading.Event(), threading.Event()

    def give() -> None:
        with transaction.atomic():
            handing_over.hand_over(fulfilment_id=pickup.pk, proof="code", actor_id=clerk.pk)
            written.set()
            commit.wait(10)
        connection.close()

    def move() -> None:
        services.retrying(lambda: services.grow_older(HOUR), tries=services.TRIES)
        connection.close()

    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(give)
        assert written.wait(10)
        second = crowd.submit(move)
        threading.Event().wait(0.4)
        assert not second.done()
        commit.set()
        first.result(20)
        second.result(20)
    given, earned = HandOver.objects.get(), Entry.objects.latest("pk")
    return abs(given.created_at - earned.created_at) < HOUR / 2


def test_what_is_being_written_is_moved_whole_once_it_is_there(demo: Fulfilment, clerk: User) -> None:
    assert given_while_the_clock_moves(demo, clerk)
    assert audit.differences() == []
    assert HandOver.objects.get().created_at < timezone.now() - HOUR / 2
    assert Clock.objects.get().moved == HOUR


def test_without_its_locks_the_clock_would_leave_a_row_behind(demo: Fulfilment, clerk: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(ageing, "lock", lambda tables: None)
    assert not given_while_the_clock_moves(demo, clerk)
