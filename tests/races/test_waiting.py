"""Somebody waits while the rest of the house works: one bag, one refund, one arrival, one extension, one reminder."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from customers.models import Message
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import giving_up
from orders.fulfilment.waiting.errors import NoMoreTime, NotToPutBack, TooLateForThat
from orders.fulfilment.waiting.models import Arrival, Extension, Restock, RestockLine
from orders.fulfilment.waiting.services import arriving, extending, reminding, restocking
from orders.payments.models import Payment
from tests import journeys
from tests.races.books import CENTS, CROWD, SKU, UNITS, due, hand_over, money
from tests.races.crowd import at_once, raised, returned
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 200


def test_in_two_hundred_races_each_pickup_is_collected_or_given_back_once(house, integrator, clerk):
    """The customer stands at the counter in the minute in which the last day ends: money goes back once or never, and
    a bag is left exactly where it went back."""
    ends: Counter[str] = Counter()
    for turn in range(ROUNDS):
        sku, price = house.skus[turn % 5], 1000 * (turn % 5 + 1)
        one = due(journeys.ready(journeys.placed(house.lille, {sku: 1}, by=integrator, paid=price), by=clerk))
        works = [partial(giving_up.expire, fulfilment_id=one.pk), partial(hand_over, one, clerk)]
        outcomes = at_once(works if turn % 2 else works[::-1])
        assert set(map(type, raised(outcomes, Exception))) <= {TransitionRefused}
        status = Fulfilment.objects.get(pk=one.pk).status
        ends[status] += 1
        gone = status == "expired"
        assert Payment.objects.filter(order=one.order_id, kind="refund").count() == gone
        assert money("refund", one) == price * gone
        assert Restock.objects.filter(fulfilment=one).count() == gone
        assert HandOver.objects.filter(fulfilment=one).count() == (not gone)
    assert set(ends) <= {"collected", "expired"}
    assert ends.total() == ROUNDS
    levels = [house.level(sku) for sku in house.skus]
    assert sum(one.on_hand for one in levels) == 500 - ends["collected"]
    assert sum(one.reserved for one in levels) == 0


@transaction.atomic
def careless_expire(fulfilment: Fulfilment) -> None:
    loaded = locks.lock_fulfilment(fulfilment.pk)
    giving_up._free([giving_up._give_up(loaded, Fulfilment.Status.EXPIRED, actor_id=None)])


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "nothing stands"])
def test_without_its_guards_a_pickup_is_given_away_and_its_bag_emptied(house, waiting, clerk, monkeypatch, guarded):
    """The twin of the race above: with neither lock nor comparison the customer has the goods and the money."""
    take_down(monkeypatch, *({"lock", "stock"} if guarded else {"lock", "status", "stock"}))
    with twin("stock_reservation", without=["reservation_gives_what_it_holds"]):
        Meanwhile(monkeypatch, giving_up, "lines_of", partial(hand_over, due(waiting), clerk))
        at_once([partial(careless_expire, waiting)])
        assert Restock.objects.filter(fulfilment=waiting).count() == (not guarded)
        assert money("refund", waiting) == (0 if guarded else CENTS)


def test_of_eight_taps_one_arrival_is_written(waiting):
    outcomes = at_once([partial(arriving.arrive, fulfilment_id=waiting.pk, spot="counter")] * CROWD)
    assert len(returned(outcomes)) == CROWD
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize("standing", ["lock", "once", "nothing"])
def test_one_guard_of_an_arrival_is_enough(waiting, monkeypatch, standing):
    take_down(monkeypatch, *{"lock"} - {standing})
    without = [] if standing == "once" else ["arrival_waits_once_per_fulfilment"]
    arrive = partial(arriving.arrive, fulfilment_id=waiting.pk, spot="counter")
    with twin("waiting_arrival", without=without):
        if standing == "lock":
            outcomes: list[Any] = at_once([arrive] * 2)
        else:
            other = Meanwhile(monkeypatch, arriving.waiting_events, "arrived", arrive)
            outcomes = [*at_once([arrive]), other.outcome]
        assert Arrival.objects.count() == (2 if standing == "nothing" else 1)
        assert len(raised(outcomes, IntegrityError)) == (standing == "once")


def test_who_comes_while_it_is_handed_over_waits_for_nothing(house, integrator, clerk):
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    ready = [journeys.ready(order, by=clerk) for order in orders]
    works = [partial(hand_over, one, clerk) for one in ready]
    works += [partial(arriving.arrive, fulfilment_id=one.pk, spot="counter") for one in ready]
    outcomes = at_once(works)
    assert set(map(type, raised(outcomes, Exception))) <= {TooLateForThat}
    assert not Arrival.objects.filter(ended_at=None).exists()


def test_of_eight_extensions_the_store_allows_one(waiting):
    outcomes = at_once([partial(extending.extend, fulfilment_id=waiting.pk, actor_id=None)] * CROWD)
    assert len(returned(outcomes)) == 1
    assert len(raised(outcomes, NoMoreTime)) == CROWD - 1
    made = Extension.objects.get()
    assert Fulfilment.objects.get(pk=waiting.pk).keep_until == made.keep_until


@pytest.mark.parametrize("standing", ["lock", "once", "nothing"])
def test_one_guard_of_an_extension_is_enough(waiting, monkeypatch, standing):
    take_down(monkeypatch, *{"lock"} - {standing})
    without = [] if standing == "once" else ["extension_begins_once_at_an_end"]
    extend = partial(extending.extend, fulfilment_id=waiting.pk, actor_id=None)
    with twin("waiting_extension", without=without):
        if standing == "lock":
            outcomes: list[Any] = at_once([extend] * 2)
        else:
            other = Meanwhile(monkeypatch, extending, "left", extend)
            outcomes = [*at_once([extend]), other.outcome]
        assert Extension.objects.count() == (2 if standing == "nothing" else 1)
        assert len(raised(outcomes, (NoMoreTime, IntegrityError))) == (standing != "nothing")


def test_of_eight_sweepers_one_reminds(waiting, clerk):
    Message.objects.all().delete()
    Fulfilment.objects.filter(pk=waiting.pk).update(ready_at="2020-01-01T00:00:00Z")
    assert sum(returned(at_once([reminding.remind_due] * CROWD))) == 1
    assert Message.objects.filter(template="pickup_reminder").count() == 1


def test_of_eight_clerks_who_empty_a_bag_one_does_and_no_piece_is_put_back_twice(house, waiting, clerk):
    giving_up.expire(fulfilment_id=due(waiting).pk)
    bag = Restock.objects.get()
    line = bag.lines.get()
    scan = partial(restocking.put_back, location_id=bag.location_id, variant_id=line.variant_id, actor_id=clerk.pk)
    outcomes = at_once([scan] * CROWD)
    assert len(returned(outcomes)) == UNITS
    assert len(raised(outcomes, NotToPutBack)) == CROWD - UNITS
    assert RestockLine.objects.get().put_back == UNITS
    assert Restock.objects.get().done_at is not None
