"""A promise is put off while the order becomes ready, and by two workers at once: what is ready is never announced as
late, and nobody is told twice."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from orders.fulfilment import locks, outlook
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.promise_models import Escalation, LoweredPromise
from orders.fulfilment.services import escalating, lowering, readying
from orders.sales.models import OrderEvent
from tests import journeys
from tests.races.books import CENTS, CROWD, SKU, UNITS
from tests.races.crowd import at_once, raised
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bagged(house, integrator, clerk) -> list[Fulfilment]:
    """Pickups that are picked and not declared ready."""
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    return [journeys.picked(order, by=clerk) for order in orders]


def outlooks(bagged: list[Fulfilment]) -> list[Any]:
    at = min(one.promised_at for one in bagged) - timedelta(minutes=1)
    found = {one.open.id: one for one in outlook.of([bagged[0].location_id], at)}
    return [found[one.pk] for one in bagged]


def put_off(found: Any) -> Any:
    return partial(lowering.lower, found=found, after=found.open.promised_at + timedelta(minutes=30))


def declare(one: Fulfilment, spot: int, clerk: Any) -> Any:
    return partial(readying.declare_ready, fulfilment_id=one.pk, hold_place_id=spot, actor_id=clerk.pk)


def told() -> list[tuple[int, str]]:
    """Each fulfilment and what was told of it, in order."""
    kinds = ["promise_lowered", "pickup_ready"]
    rows = OrderEvent.objects.filter(kind__in=kinds).order_by("pk").values_list("data__fulfilment", "kind")
    return list(rows)


def test_what_becomes_ready_while_its_promise_is_put_off_is_told_in_that_order(house, bagged, clerk):
    spot = house.places(house.lille)[0].pk
    works = [put_off(found) for found in outlooks(bagged)] + [declare(one, spot, clerk) for one in bagged]
    outcomes = at_once(works)
    assert not raised(outcomes, Exception)
    for one, lowered in zip(bagged, outcomes[:CROWD], strict=True):
        kinds = [kind for pk, kind in told() if pk == one.pk]
        assert kinds == (["promise_lowered", "pickup_ready"] if lowered else ["pickup_ready"])
        now = Fulfilment.objects.get(pk=one.pk)
        assert now.status == "ready"
        assert now.promised_at == one.promised_at + timedelta(minutes=30 if lowered else 0)


def test_workers_that_meet_put_each_promise_off_once(bagged):
    works = [put_off(found) for found in outlooks(bagged)] * 3
    outcomes = at_once(works)
    assert not raised(outcomes, Exception)
    assert sum(outcomes) == CROWD
    assert [kind for _pk, kind in told()] == ["promise_lowered"] * CROWD
    assert list(LoweredPromise.objects.values_list("number", flat=True)) == [1] * CROWD


def test_workers_that_meet_tell_each_manager_once(bagged):
    queue = [found.open for found in outlooks(bagged)]
    at = queue[0].promised_at + timedelta(minutes=40)
    outcomes = at_once([partial(escalating.tell_due, queue, at)] * 4)
    assert not raised(outcomes, Exception)
    assert sum(outcomes) == 2 * CROWD, "due and overdue"
    assert Escalation.objects.count() == 2 * CROWD


def test_without_the_lock_a_ready_order_is_announced_as_late(house, bagged, clerk, monkeypatch):
    """The twin: the worker has loaded the order to be prepared; before it writes, the clerk declares it ready."""
    take_down(monkeypatch, "lock")
    one, spot = bagged[0], house.places(house.lille)[0].pk
    [found, *_others] = outlooks(bagged)
    Meanwhile(monkeypatch, locks, "lock_fulfilment", declare(one, spot, clerk))
    assert at_once([put_off(found)]) == [True]
    assert [kind for pk, kind in told() if pk == one.pk] == ["pickup_ready", "promise_lowered"]


@pytest.mark.parametrize(
    ("without", "events"), [([], 1), (["lowered_promise_once_per_number"], 2)], ids=["constraint", "nothing"]
)
def test_without_its_lock_the_constraint_keeps_a_promise_from_being_put_off_twice(bagged, monkeypatch, without, events):
    take_down(monkeypatch, "lock")
    create = LoweredPromise.objects.create
    uncounted = SimpleNamespace(filter=lambda **_which: SimpleNamespace(count=lambda: 0), create=create)
    monkeypatch.setattr(lowering, "LoweredPromise", SimpleNamespace(objects=uncounted))
    [found, *_others] = outlooks(bagged)
    with twin("fulfilment_loweredpromise", without=without):
        other = Meanwhile(monkeypatch, locks, "lock_fulfilment", put_off(found))
        outcome = at_once([put_off(found)])[0]
        assert other.outcome is True
        assert (outcome is True) if without else (type(outcome) is IntegrityError)
        assert len(told()) == events
