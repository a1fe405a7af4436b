"""Several people prepare one order, several orders become ready at once: no piece too many, no code twice."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from omni.lib.retry import retrying
from orders.fulfilment import codes, locks
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import picking, readying
from tests import journeys
from tests.races.books import CROWD, SKU, UNITS
from tests.races.crowd import at_once, meet_before, raised, returned
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf_line(house, integrator, clerk) -> FulfilmentLine:
    """The line of an order of three units that is being picked."""
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {SKU: UNITS}, by=integrator))
    return picking.start_picking(fulfilment_id=fulfilment.pk, actor_id=clerk.pk).lines.get()


def scan(line: FulfilmentLine, clerk: Any) -> FulfilmentLine:
    return picking.pick(fulfilment_id=line.fulfilment_id, line_id=line.pk, pieces=1, actor_id=clerk.pk)


def test_eight_scans_at_once_count_no_more_than_was_ordered(shelf_line, clerk):
    outcomes = at_once([partial(scan, shelf_line, clerk)] * CROWD)
    assert len(returned(outcomes)) == UNITS
    assert len(raised(outcomes, NotInThisOrder)) == CROWD - UNITS
    shelf_line.refresh_from_db()
    assert shelf_line.picked == UNITS


@pytest.mark.parametrize(
    ("walls", "without", "refusal"),
    [
        (["lock"], ["fulfilment_line_counts_fit"], NotInThisOrder),
        (["lock", "pieces"], [], IntegrityError),
        (["lock", "pieces"], ["fulfilment_line_counts_fit"], None),
    ],
    ids=["condition stands", "constraint stands", "nothing stands"],
)
def test_a_guard_keeps_a_piece_too_many_from_being_counted(shelf_line, clerk, monkeypatch, walls, without, refusal):
    with twin("fulfilment_fulfilmentline", without=without):
        take_down(monkeypatch, *walls)
        outcomes = at_once([partial(scan, shelf_line, clerk)] * CROWD)
        refused = raised(outcomes, refusal) if refusal else []
        assert len(raised(outcomes, Exception)) == len(refused) == (CROWD - UNITS if refusal else 0)
        shelf_line.refresh_from_db()
        assert shelf_line.picked == (UNITS if refusal else CROWD)


@pytest.fixture
def same_digits(house, integrator, clerk, monkeypatch) -> list[Callable[[], Fulfilment]]:
    """Three orders that become ready at once, and whose digits are the same in every round."""
    monkeypatch.setattr(codes, "digits", lambda _public_id, code_round: f"{code_round:06d}")
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator) for _ in range(3)]
    bagged = [journeys.picked(order, by=clerk) for order in orders]
    spot = house.places(house.lille)[0].pk
    return [
        partial(readying.declare_ready, fulfilment_id=one.pk, hold_place_id=spot, actor_id=clerk.pk) for one in bagged
    ]


def test_orders_that_become_ready_at_once_have_different_codes(same_digits, monkeypatch):
    meet_before(monkeypatch, locks, "lock_fulfilment", len(same_digits))
    works = [partial(retrying, ready, lost_races=frozenset({readying.CODE_RACE})) for ready in same_digits]
    assert not raised(at_once(works), Exception)
    assert sorted(Fulfilment.objects.values_list("code_round", flat=True)) == [0, 1, 2]
    assert Fulfilment.objects.filter(status="ready").values("code_hash").distinct().count() == len(same_digits)


@pytest.mark.parametrize("guarded", [True, False])
def test_only_the_constraint_keeps_two_orders_from_one_code(same_digits, monkeypatch, guarded):
    first, second, _third = same_digits
    with twin("fulfilment_fulfilment", without=[] if guarded else [readying.CODE_RACE]):
        colleague = Meanwhile(monkeypatch, readying, "free_code", second)
        outcome = at_once([first])[0]
        assert type(colleague.outcome) is Fulfilment
        assert type(outcome) is (IntegrityError if guarded else Fulfilment)
        ready = Fulfilment.objects.filter(status="ready").values_list("code_hash", flat=True)
        assert (len(ready), len(set(ready))) == (1 if guarded else 2, 1)
