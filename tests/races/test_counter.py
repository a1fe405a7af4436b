"""Two people at the counter, one parcel: each change happens once, and every guard alone would be enough.

Every race has its twins: with one guard left standing it still holds; with none, it does what it must not.
"""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from inventory.stock.errors import ReservationMissing
from inventory.stock.models import Reservation, StockMovement
from loyalty.models import Account
from omni.lib.transitions import TransitionRefused
from orders.fulfilment import locks
from orders.fulfilment.errors import NotInThisOrder, StillOpen, TooLate
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import finishing, giving_up, picking, readying, undoing
from orders.payments.models import Payment
from orders.sales.models import Order
from tests import journeys
from tests.races.crowd import at_once, raised, returned
from tests.races.twin import twin
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)

SKU, UNITS, CENTS = "SKU-1", 3, 3000
CROWD = 8


@pytest.fixture
def neighbour(house, integrator):
    """Another customer's order of the same article: what a broken guard would take from."""
    return journeys.placed(house.lille, {SKU: 50}, by=integrator, paid=50_000)


@pytest.fixture
def waiting(house, integrator, clerk, neighbour) -> Fulfilment:
    """A paid order of three units that waits in Lille for its customer."""
    return journeys.ready(journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS), by=clerk)


def due(fulfilment: Fulfilment) -> Fulfilment:
    """Let the last day of a waiting pickup have passed."""
    Fulfilment.objects.filter(pk=fulfilment.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
    return fulfilment


def units(kind: str, **where: Any) -> int:
    """The units of all movements of a kind."""
    return StockMovement.objects.filter(kind=kind, **where).aggregate(units=Sum("quantity"))["units"] or 0


def money(kind: str, fulfilment: Fulfilment) -> int:
    """The cents of all payments of a kind of one order."""
    payments = Payment.objects.filter(kind=kind, order=fulfilment.order_id)
    return payments.aggregate(cents=Sum("amount"))["cents"] or 0


def hand_over(fulfilment: Fulfilment, clerk: Any) -> HandOver:
    return finishing.hand_over(fulfilment_id=fulfilment.pk, proof="code", actor_id=clerk.pk)


# --- handed over twice ------------------------------------------------------------------------------------------------


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
    "status": TransitionRefused,
    "one open hand-over": IntegrityError,
    "stock": ReservationMissing,
}


def hand_over_twice(patch, waiting, clerk, *, standing: str) -> list[Any]:
    """Hand over while a colleague does the same, with one guard standing; return both outcomes."""
    take_down(patch, *{"lock", "status", "stock"} - {standing})
    if standing == "lock":
        return at_once([partial(hand_over, waiting, clerk)] * 2)
    colleague = Meanwhile(patch, locks, "lock_fulfilment", partial(hand_over, waiting, clerk))
    mine = at_once([partial(hand_over, waiting, clerk)])[0]
    return [mine, colleague.outcome]


def twin_of_the_counter(standing: str) -> Any:
    without = {"hand_over_once_unless_undone", "reservation_gives_what_it_holds"}
    without -= {"one open hand-over": {"hand_over_once_unless_undone"}}.get(standing, set())
    return twin("fulfilment_handover", "stock_reservation", without=without)


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


# --- the last day ends while the customer stands there ----------------------------------------------------------------


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
    giving_up._give_up(loaded, Fulfilment.Status.EXPIRED, actor_id=None)


@pytest.mark.parametrize(
    ("standing", "refusal"), {"status": TransitionRefused, "stock": ReservationMissing, "nothing": None}.items()
)
def test_a_guard_keeps_a_collected_pickup_from_expiring(house, waiting, clerk, monkeypatch, standing, refusal):
    """The sweeper has loaded a due pickup; before it acts, the customer collects. Without a guard both happen."""
    take_down(monkeypatch, *{"lock", "status", "stock"} - {standing})
    with twin("stock_reservation", without=["reservation_gives_what_it_holds"]):
        customer = Meanwhile(monkeypatch, locks, "lock_fulfilment", partial(hand_over, due(waiting), clerk))
        outcome = at_once([partial(careless_expire, waiting)])[0]
        assert type(customer.outcome) is HandOver
        assert type(outcome) is (refusal or type(None))
        assert (units("sold"), money("refund", waiting)) == (UNITS, 0 if refusal else CENTS)
        taken = 0 if refusal else UNITS
        assert house.level(SKU).reserved == 50 - taken, "the neighbour's units were given away"


# --- a piece too many -------------------------------------------------------------------------------------------------


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


# --- cancelled while it becomes ready ---------------------------------------------------------------------------------


def test_an_order_cancelled_while_it_becomes_ready_ends_cancelled(house, integrator, clerk, agent):
    orders = [journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS) for _ in range(CROWD)]
    bagged = [journeys.picked(order, by=clerk) for order in orders]
    spot = house.places(house.lille)[0].pk
    works = [partial(giving_up.cancel_order, fulfilment_id=one.pk, actor_id=agent.pk, reason="") for one in bagged]
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
        cancel = partial(giving_up.cancel_order, fulfilment_id=bagged.pk, actor_id=agent.pk, reason="")
        caller = Meanwhile(monkeypatch, locks, "lock_fulfilment", cancel)
        ready = partial(readying.declare_ready, fulfilment_id=bagged.pk, hold_place_id=spot, actor_id=clerk.pk)
        outcome = at_once([ready])[0]
        assert type(caller.outcome) is Order
        assert type(outcome) is (refusal or Fulfilment)
        final = "cancelled" if refusal else "ready"
        assert Fulfilment.objects.get(pk=bagged.pk).status == final, "a bag waits whose money went back"


# --- undone twice -----------------------------------------------------------------------------------------------------


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
    take_down(monkeypatch, *{"lock", "status", "undone"} - {standing})
    without = {"account_never_overdrawn"} | (set() if standing == "one cause" else {"entry_once_per_event"})
    with twin("loyalty_account", "loyalty_entry", without=without):
        colleague = Meanwhile(monkeypatch, locks, "lock_fulfilment", partial(undo, given, clerk))
        outcome = at_once([partial(undo, given, clerk)])[0]
        assert type(colleague.outcome) is Fulfilment
        assert type(outcome) is (refusal or Fulfilment)
        if refusal:
            assert_undone_once(house, waiting)
        else:
            wallet = Account.objects.get(customer=waiting.order.customer_id)
            assert (wallet.posted, wallet.pending) == (-CENTS // 100, 2 * CENTS // 100), "points out of nothing"
