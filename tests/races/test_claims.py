"""An order is taken in hand by one person, and its code opens it once: two hundred races each, and their twins."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from omni.lib.transitions import TransitionRefused
from orders.fulfilment import codes, queries
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import handing_over, picking
from orders.sales.models import OrderEvent
from tests import factories, journeys
from tests.races.books import SKU, UNITS, hand_over
from tests.races.crowd import at_once, raised, returned
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, CROWD = 200, 3


@pytest.fixture
def crew(house: Any) -> list[Any]:
    return [factories.PersonFactory(login=f"crew-{one}", role="clerk", stores=[house.lille]) for one in range(CROWD)]


def test_in_two_hundred_races_each_order_is_in_the_hands_of_one(house, integrator, crew):
    first: Counter[int] = Counter()
    for turn in range(ROUNDS):
        one = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[turn % 5]: 1}, by=integrator))
        works = [partial(picking.claim, fulfilment_id=one.pk, actor_id=person.pk) for person in crew]
        outcomes = at_once(works[turn % CROWD :] + works[: turn % CROWD])
        assert len(returned(outcomes)) == 1, outcomes
        assert len(raised(outcomes, TransitionRefused)) == CROWD - 1
        now = Fulfilment.objects.get(pk=one.pk)
        assert (now.status, now.picker_id) == ("picking", returned(outcomes)[0].picker_id)
        assert OrderEvent.objects.filter(order=one.order_id, kind="picking_started").count() == 1
        first[now.picker_id] += 1
    assert first.total() == ROUNDS


@pytest.mark.parametrize("standing", ["lock", "status", "nothing"])
def test_one_guard_of_a_claim_is_enough(house, integrator, crew, monkeypatch, standing):
    """With neither lock nor comparison two people walk for the same pieces."""
    one = journeys.fulfilment_of(journeys.placed(house.lille, {SKU: 1}, by=integrator))
    take_down(monkeypatch, *{"lock", "status"} - {standing})
    mine, theirs = (partial(picking.claim, fulfilment_id=one.pk, actor_id=person.pk) for person in crew[:2])
    if standing == "lock":
        outcomes = at_once([mine, theirs])
    else:
        colleague = Meanwhile(monkeypatch, picking.locks, "lock_fulfilment", theirs)
        outcomes = [*at_once([mine]), colleague.outcome]
    both = standing == "nothing"
    assert len(returned(outcomes)) == 1 + both
    assert OrderEvent.objects.filter(order=one.order_id, kind="picking_started").count() == 1 + both


def opened_by(code: str, store: Any, clerk: Any) -> HandOver:
    """Find by its digits what waits in the store, and give it to whoever said them."""
    found = queries.waiting_with_code(store.pk, code)
    if found is None:
        raise LookupError("nothing waits under these digits any more")
    return hand_over(found, clerk)


def test_in_two_hundred_races_a_code_opens_its_order_once(house, integrator, crew):
    for turn in range(ROUNDS):
        order = journeys.placed(house.lille, {house.skus[turn % 5]: 1}, by=integrator, paid=1000 * (turn % 5 + 1))
        one = journeys.ready(order, by=crew[0])
        digits = codes.digits(one.public_id, one.code_round)
        outcomes = at_once([partial(opened_by, digits, house.lille, person) for person in crew])
        assert len(returned(outcomes)) == 1, outcomes
        assert HandOver.objects.filter(fulfilment=one).count() == 1
        assert Fulfilment.objects.get(pk=one.pk).status == "collected"
    assert sum(house.level(sku).on_hand for sku in house.skus) == 500 - ROUNDS


def test_without_its_guards_a_code_opens_twice(house, waiting, clerk, monkeypatch):
    take_down(monkeypatch, "lock", "status", "stock")
    digits = codes.digits(waiting.public_id, waiting.code_round)
    again = partial(opened_by, digits, house.lille, clerk)
    without = {"fulfilment_line_collects_what_was_picked", "reservation_gives_what_it_holds"}
    with twin("fulfilment_fulfilmentline", "stock_reservation", without=without):
        colleague = Meanwhile(monkeypatch, handing_over, "lines_of", again)
        outcomes = [*at_once([again]), colleague.outcome]
        assert len(returned(outcomes)) == HandOver.objects.count() == 2
        assert house.level(SKU).on_hand == 100 - 2 * UNITS
