"""Baskets in opposite order never wait for each other in a circle: rows are locked in the order of their id."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, transaction

from inventory.stock.models import Reservation
from inventory.stock.services import reserving
from loyalty.models import Account
from omni.lib import retry
from omni.lib.retry import DEADLOCK, retrying
from orders.fulfilment.services import giving_up, handing_over
from orders.placing.services.placing import PlacedOrder
from tests import journeys
from tests.races.crowd import Meeting, at_once, deadlocks, raised

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS = 8, 10


def opposite_baskets(house) -> list[dict[int, int]]:
    there = {variant.pk: 1 for variant in house.variants}
    back = dict(reversed(there.items()))
    return [there if number % 2 else back for number in range(CROWD)]


def reserve_in_rounds(house, name: int, wanted: dict[int, int]) -> None:
    for number in range(ROUNDS):
        with transaction.atomic():  # without `retrying`, which would hide a deadlock
            reserving.reserve(location_id=house.lille.pk, wanted=wanted, reference=f"{name}-{number}")


def test_baskets_in_opposite_order_do_not_deadlock(house):
    works = [partial(reserve_in_rounds, house, name, wanted) for name, wanted in enumerate(opposite_baskets(house))]
    before = deadlocks()
    assert at_once(works) == [None] * CROWD
    assert deadlocks() == before
    assert [house.level(sku).reserved for sku in house.skus] == [CROWD * ROUNDS] * 5


def test_orders_in_opposite_order_do_not_deadlock_over_http(house, wire, monkeypatch):
    monkeypatch.setattr(retry, "AGAIN", frozenset())  # nothing is run again: a deadlock would be a 500

    def place(name: int, skus: list[str]) -> list[int]:
        body = {
            "customer": {"email": f"buyer-{name}@example.org"},
            "lines": [{"sku": sku, "quantity": 1} for sku in skus],
            "fulfilment": {"kind": "pickup", "store": "lille"},
        }
        return [wire.place(body).status for _ in range(ROUNDS // 2)]

    baskets = [house.skus if name % 2 else house.skus[::-1] for name in range(CROWD)]
    outcomes = at_once([partial(place, name, skus) for name, skus in enumerate(baskets)])
    assert outcomes == [[201] * (ROUNDS // 2)] * CROWD


def reserve_as_it_comes(house, name: int, wanted: dict[int, int]) -> None:
    """The same reservation in the order of the basket, line by line: the twin."""
    for variant_id, quantity in wanted.items():
        reference = f"{name}/{variant_id}"
        reserving.reserve(location_id=house.lille.pk, wanted={variant_id: quantity}, reference=reference)


@pytest.fixture
def embrace(house, monkeypatch) -> list[Callable[[], None]]:
    """Two buyers of two articles, unsorted: each holds one and comes for the other's."""
    first, last = house.variants[0].pk, house.variants[-1].pk
    meeting = Meeting(2)
    reserve = reserving.reserve

    def reserve_and_meet(**wish: Any) -> None:
        reserve(**wish)
        meeting.wait()

    monkeypatch.setattr(reserving, "reserve", reserve_and_meet)
    baskets = [{first: 1, last: 1}, {last: 1, first: 1}]
    return [partial(reserve_as_it_comes, house, name, wanted) for name, wanted in enumerate(baskets)]


def test_without_the_order_of_locks_two_buyers_deadlock(embrace):
    before = deadlocks()
    outcomes = at_once([transaction.atomic(work) for work in embrace])
    assert [error.__cause__.sqlstate for error in raised(outcomes, OperationalError)] == [DEADLOCK]
    assert outcomes.count(None) == 1
    assert Reservation.objects.count() == 2
    assert deadlocks() == before + 1


def test_a_deadlock_would_be_cured_by_running_again(embrace):
    assert at_once([partial(retrying, work) for work in embrace]) == [None, None]
    assert Reservation.objects.count() == 4


def test_one_customers_orders_are_placed_given_and_given_up_at_once_without_a_deadlock(house, integrator, clerk):
    """One wallet, the same five articles: every path takes the same locks, and in the same order."""
    basket = dict.fromkeys(house.skus, 1)
    back = dict(reversed(basket.items()))

    def place(units: dict[str, int]) -> PlacedOrder:
        return journeys.placed(house.lille, units, by=integrator, paid=15_000, email="camille@example.org")

    ready = [journeys.ready(place(basket), by=clerk).pk for _ in range(CROWD)]
    given = [partial(handing_over.hand_over, fulfilment_id=pk, proof="code", actor_id=clerk.pk) for pk in ready[::2]]
    gone = [partial(giving_up.cancel, fulfilment_id=pk, actor_id=clerk.pk, reason="") for pk in ready[1::2]]
    placing = [partial(transaction.atomic(place), units) for units in (basket, back) * (CROWD // 2)]
    before = deadlocks()
    outcomes = at_once([*given, *gone, *placing])
    assert not raised(outcomes, Exception)
    assert deadlocks() == before
    half = CROWD // 2
    assert [(house.level(sku).on_hand, house.level(sku).reserved) for sku in house.skus] == [(100 - half, CROWD)] * 5
    wallet = Account.objects.get(kind="wallet")
    assert (wallet.posted, wallet.pending) == (150 * half, 150 * CROWD)
