"""An order is given up while somebody hands it over or makes it ready: one of the two happens."""

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from inventory.stock.errors import ReservationMissing
from inventory.stock.models import Reservation
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.errors import StillOpen
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import giving_up, readying
from orders.sales.models import Order
from tests import journeys
from tests.races.books import CENTS, CROWD, SKU, UNITS, due, hand_over, money, units
from tests.races.crowd import at_once, raised
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_pickup_is_either_collected_or_expired(house, integrator, clerk):
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    waiting = [due(journeys.ready(order, by=clerk)) for order in orders]
    works = [partial(hand_over, one, clerk) for one in waiting]
    works += [partial(giving_up.expire, fulfilment_id=one.pk) for one in waiting]
    outcomes = at_once(works)
    assert set(map(type, raised(outcomes, Exception))) <= {TransitionRefused}
    statuses = Counter(Fulfilment.objects.values_list("status", flat=True))
    assert set(statuses) <= {"collected", "expired"}
    assert statuses.total() == CROWD
    assert [type(given) is HandOver for given in outcomes[:CROWD]] == [not gone for gone in outcomes[CROWD:]]
    for one in waiting:
        collected = Fulfilment.objects.get(pk=one.pk).status == "collected"
        assert money("refund", one) == (0 if collected else CENTS)
        held = Reservation.objects.get(reference=one.order.number)
        assert (held.fulfilled, held.released) == ((UNITS, 0) if collected else (0, UNITS))
    level = house.level(SKU)
    assert (level.on_hand, level.reserved) == (100 - UNITS * statuses["collected"], 0)
    assert units("sold") == UNITS * statuses["collected"]


def test_sweepers_that_meet_expire_each_pickup_once(house, integrator, clerk):
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    waiting = [due(journeys.ready(order, by=clerk)) for order in orders]
    outcomes = at_once([giving_up.expire_due] * 4)
    assert sum(outcomes) == CROWD
    assert [money("refund", one) for one in waiting] == [CENTS] * CROWD
    assert (house.level(SKU).on_hand, house.level(SKU).reserved) == (100, 0)


@transaction.atomic
def careless_expire(fulfilment: Fulfilment) -> None:
    """`giving_up.expire` without its second look at the row: what was loaded is believed."""
    loaded = locks.lock_fulfilment(fulfilment.pk)
    giving_up._free([giving_up._give_up(loaded, Fulfilment.Status.EXPIRED, actor_id=None)])


@pytest.mark.parametrize(
    ("standing", "refusal"), {"status": TransitionRefused, "stock": ReservationMissing, "nothing": None}.items()
)
def test_a_guard_keeps_a_collected_pickup_from_expiring(house, waiting, clerk, monkeypatch, standing, refusal):
    """The sweeper has loaded a due pickup; before it acts, the customer collects. Without a guard both happen."""
    take_down(monkeypatch, *{"lock", "status", "stock"} - {standing})
    with twin("stock_reservation", without=["reservation_gives_what_it_holds"]):
        customer = Meanwhile(monkeypatch, giving_up, "lines_of", partial(hand_over, due(waiting), clerk))
        outcome = at_once([partial(careless_expire, waiting)])[0]
        assert type(customer.outcome) is HandOver
        assert type(outcome) is (refusal or type(None))
        assert (units("sold"), money("refund", waiting)) == (UNITS, 0 if refusal else CENTS)
        taken = 0 if refusal else UNITS
        assert house.level(SKU).reserved == 50 - taken, "the neighbour's units were given away"


def test_an_order_cancelled_while_it_becomes_ready_ends_cancelled(house, integrator, clerk, agent):
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    bagged = [journeys.picked(order, by=clerk) for order in orders]
    spot = house.places(house.lille)[0].pk
    works = [partial(giving_up.cancel, fulfilment_id=one.pk, actor_id=agent.pk, reason="") for one in bagged]
    works += [
        partial(readying.declare_ready, fulfilment_id=one.pk, hold_place_id=spot, actor_id=clerk.pk) for one in bagged
    ]
    outcomes = at_once(works)
    assert not raised(outcomes[:CROWD], Exception)
    assert set(map(type, raised(outcomes[CROWD:], Exception))) <= {TransitionRefused, StillOpen}
    assert set(Fulfilment.objects.values_list("status", flat=True)) == {"cancelled"}
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    assert [money("refund", one) for one in bagged] == [CENTS] * CROWD
    assert (house.level(SKU).on_hand, house.level(SKU).reserved) == (100, 0)


@pytest.mark.parametrize(
    ("walls", "without", "refusal"),
    [
        (["lock"], ["fulfilment_ended_has_its_time"], TransitionRefused),
        (["lock", "status"], [], IntegrityError),
        (["lock", "status"], ["fulfilment_ended_has_its_time"], None),
    ],
    ids=["comparison stands", "constraint stands", "nothing stands"],
)
def test_a_guard_keeps_a_cancelled_order_from_becoming_ready(
    house, integrator, clerk, agent, monkeypatch, walls, without, refusal
):
    bagged = journeys.picked(journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS), by=clerk)
    take_down(monkeypatch, *walls)
    spot = house.places(house.lille)[0].pk
    with twin("fulfilment_fulfilment", without=without):
        cancel = partial(giving_up.cancel, fulfilment_id=bagged.pk, actor_id=agent.pk, reason="")
        caller = Meanwhile(monkeypatch, locks, "lock_fulfilment", cancel)
        ready = partial(readying.declare_ready, fulfilment_id=bagged.pk, hold_place_id=spot, actor_id=clerk.pk)
        outcome = at_once([ready])[0]
        assert type(caller.outcome) is Order
        assert type(outcome) is (refusal or Fulfilment)
        final = "cancelled" if refusal else "ready"
        assert Fulfilment.objects.get(pk=bagged.pk).status == final, "a bag waits whose money went back"
