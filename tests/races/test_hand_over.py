"""Two people at the counter, one parcel: it is given once, and taken back once. Every guard alone would be enough.

Each race has its twins: with one guard left standing it still holds; with none, it does what it must not.
"""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from inventory.stock.errors import ReservationMissing
from loyalty.models import Account
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.errors import TooLate
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import handing_over, undoing
from orders.sales.models import Order
from tests.races.books import CENTS, CROWD, SKU, UNITS, hand_over, units
from tests.races.crowd import at_once, raised, returned
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)


def assert_handed_over_once(house, fulfilment):
    assert HandOver.objects.count() == 1
    assert Fulfilment.objects.get(pk=fulfilment.pk).status == "collected"
    assert Order.objects.get(pk=fulfilment.order_id).status == "completed"
    assert units("sold") == UNITS
    level = house.level(SKU)
    assert (level.on_hand, level.reserved) == (100 - UNITS, 50)
    assert Account.objects.get(customer=fulfilment.order.customer_id).posted == CENTS // 100


def test_of_eight_clerks_one_hands_over(house, waiting, clerk):
    outcomes = at_once([partial(hand_over, waiting, clerk)] * CROWD)
    assert len(returned(outcomes)) == 1
    assert len(raised(outcomes, TransitionRefused)) == CROWD - 1
    assert_handed_over_once(house, waiting)


GUARDS_OF_A_HAND_OVER = {
    "lock": TransitionRefused,
    "pieces that wait": IntegrityError,
    "status": TransitionRefused,
    "stock": ReservationMissing,
}
GIVES_NO_MORE = "fulfilment_line_collects_what_was_picked"


def hand_over_twice(patch, waiting, clerk, *, standing: str) -> list[Any]:
    """Hand over while a colleague does the same, with one guard standing; return both outcomes."""
    take_down(patch, *{"lock", "status", "stock"} - {standing})
    if standing == "lock":
        return at_once([partial(hand_over, waiting, clerk)] * 2)
    colleague = Meanwhile(patch, handing_over, "lines_of", partial(hand_over, waiting, clerk))
    mine = at_once([partial(hand_over, waiting, clerk)])[0]
    return [mine, colleague.outcome]


def twin_of_the_counter(standing: str) -> Any:
    without = {GIVES_NO_MORE, "reservation_gives_what_it_holds"}
    without -= {GIVES_NO_MORE} if standing == "pieces that wait" else set()
    return twin("fulfilment_fulfilmentline", "stock_reservation", without=without)


@pytest.mark.parametrize(("standing", "refusal"), GUARDS_OF_A_HAND_OVER.items())
def test_one_guard_of_a_hand_over_is_enough(house, waiting, clerk, monkeypatch, standing, refusal):
    with twin_of_the_counter(standing):
        outcomes = hand_over_twice(monkeypatch, waiting, clerk, standing=standing)
        assert len(returned(outcomes)) == len(raised(outcomes, refusal)) == 1, outcomes
        assert_handed_over_once(house, waiting)


def test_without_a_guard_goods_are_handed_over_twice(house, waiting, clerk, monkeypatch):
    with twin_of_the_counter("nothing"):
        outcomes = hand_over_twice(monkeypatch, waiting, clerk, standing="nothing")
        assert len(returned(outcomes)) == HandOver.objects.count() == 2
        assert units("sold") == 2 * UNITS
        assert house.level(SKU).on_hand == 100 - 2 * UNITS
        assert house.level(SKU).reserved == 50 - UNITS, "three units of the neighbour's went as well"


def undo(given: HandOver, clerk: Any) -> Fulfilment:
    return undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)


def assert_undone_once(house, fulfilment):
    assert units("returned") == UNITS
    level = house.level(SKU)
    assert (level.on_hand, level.reserved) == (100, 50 + UNITS)
    wallet = Account.objects.get(customer=fulfilment.order.customer_id)
    assert (wallet.posted, wallet.pending) == (0, CENTS // 100)
    assert Fulfilment.objects.get(pk=fulfilment.pk).status == "ready"


def test_of_eight_undos_one_takes_the_goods_back(house, waiting, clerk):
    given = hand_over(waiting, clerk)
    outcomes = at_once([partial(undo, given, clerk)] * CROWD)
    assert len(returned(outcomes)) == 1
    assert len(raised(outcomes, TooLate)) == CROWD - 1
    assert_undone_once(house, waiting)


@pytest.mark.parametrize(
    ("standing", "refusal"),
    {"undone": TooLate, "status": TransitionRefused, "one cause": IntegrityError, "nothing": None}.items(),
)
def test_a_guard_keeps_points_from_coming_back_twice(house, waiting, clerk, monkeypatch, standing, refusal):
    given = hand_over(waiting, clerk)
    take_down(monkeypatch, *{"lock", "status", "undone", "stock"} - {standing})
    without = {"account_never_overdrawn"} | (set() if standing == "one cause" else {"entry_once_per_event"})
    # A second undo takes more back than was given; each of these alone would refuse it.
    without |= {GIVES_NO_MORE, "reservation_gives_what_it_holds", "stock_movement_once_per_cause"}
    goods = ("fulfilment_fulfilmentline", "stock_reservation", "stock_stockmovement")
    with twin("loyalty_account", "loyalty_entry", *goods, without=without):
        colleague = Meanwhile(monkeypatch, locks, "lock_fulfilment", partial(undo, given, clerk))
        outcome = at_once([partial(undo, given, clerk)])[0]
        assert type(colleague.outcome) is Fulfilment
        assert type(outcome) is (refusal or Fulfilment)
        if refusal:
            assert_undone_once(house, waiting)
        else:
            wallet = Account.objects.get(customer=waiting.order.customer_id)
            assert (wallet.posted, wallet.pending) == (-CENTS // 100, 2 * CENTS // 100), "points out of nothing"
