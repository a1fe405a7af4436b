"""Money goes back to the tender that paid, never more than it paid, and never twice."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omni.lib.retry import constraint_name
from orders.fulfilment.errors import MoneyDue
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import giving_up, handing_over, picking, readying, shorting, undoing
from orders.payments import queries
from orders.payments.models import Payment
from orders.payments.services import capturing, refunding
from orders.sales.models import Order
from tests import journeys

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(house, clerk) -> Order:
    """An order for 50.00 € that is not paid."""
    return Order.objects.get(pk=journeys.placed(house.lille, {"SKU-5": 1}, by=clerk).order.id)


def pay(order: Order, tender: str, amount: int) -> None:
    capturing.capture(
        order_id=order.pk, tender=tender, amount=amount, currency="EUR", reference=f"test/{tender}", actor_id=None
    )


def refund(order: Order, dropped: int, reference: str = "test/refund") -> int:
    """Let the order cost `dropped` less in all, and settle."""
    Order.objects.filter(pk=order.pk).update(dropped=dropped)
    order.dropped = dropped
    return refunding.settle_overpaid(order=order, reference=reference, actor_id=None)


def refunds(order: Order) -> dict[str, int]:
    return dict(order.payments.filter(kind="refund").order_by("pk").values_list("tender", "amount"))


def test_what_is_too_much_goes_back_to_the_tenders_that_paid_the_first_first(order):
    pay(order, "card_online", 3000)
    pay(order, "cash", 2000)
    assert refund(order, 4000) == 4000
    assert refunds(order) == {"card_online": 3000, "cash": 1000}
    assert refund(order, 5000, "test/again") == 1000
    assert queries.refundable_by_tender(order.pk) == {"card_online": 0, "cash": 0}
    assert queries.account_of(order) == queries.Account(paid=5000, refunded=5000, due=0)


def test_settling_again_gives_nothing_more(order):
    pay(order, "cash", 5000)
    assert refund(order, 1000) == 1000
    assert refund(order, 1000) == 0
    assert refunds(order) == {"cash": 1000}


def test_the_same_cause_never_refunds_twice(order):
    pay(order, "cash", 5000)
    refund(order, 1000)
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        refund(order, 2000)
    assert constraint_name(clash.value) == "payment_once_per_cause"


def test_nothing_goes_back_that_was_not_paid(order):
    assert refund(order, 1000) == 0
    assert queries.account_of(order) == queries.Account(paid=0, refunded=0, due=4000)


def test_an_order_paid_in_part_gets_back_only_what_is_above_its_new_cost(order):
    pay(order, "cash", 3000)
    assert refund(order, 1500) == 0
    assert refund(order, 2500) == 500


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 2500), min_size=1, max_size=4), st.lists(st.integers(0, 5000), min_size=1, max_size=4))
def test_no_tender_gets_more_than_it_paid_however_often_pieces_are_dropped(order, paid, drops):
    with transaction.atomic():
        for tender, amount in zip(["card_online", "card_terminal", "cash", "other"], paid, strict=False):
            pay(order, tender, amount)
        for number, dropped in enumerate(sorted(drops)):
            refund(order, dropped, f"test/{number}")
            left = queries.refundable_by_tender(order.pk)
            assert min(left.values()) >= 0
            assert sum(left.values()) == min(sum(paid), 5000 - dropped)
        transaction.set_rollback(True)


# --- from the counter -----------------------------------------------------------------------------------------------


def test_the_refund_for_a_missing_piece_waits_until_the_order_is_ready(house, clerk):
    placed = journeys.placed(house.lille, {"SKU-1": 3}, by=clerk, paid=3000)
    line = FulfilmentLine.objects.get(fulfilment__order=placed.order.id)
    keys = {"fulfilment_id": line.fulfilment_id, "actor_id": clerk.pk}
    shorting.report_short(line_id=line.pk, quantity=1, reason="not_found", **keys)
    picking.pick(line_id=line.pk, pieces=2, **keys)
    assert refunds(placed_order(placed)) == {}
    readying.declare_ready(hold_place_id=house.places(house.lille)[0].pk, **keys)
    assert refunds(placed_order(placed)) == {"card_online": 1000}


def placed_order(placed) -> Order:
    return Order.objects.get(pk=placed.order.id)


def test_a_hand_over_takes_what_is_due_and_its_undo_gives_exactly_that_back(house, clerk):
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk)
    given = journeys.handed_over(placed, by=clerk, tender="cash")
    number = placed.order.number
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert list(Payment.objects.order_by("pk").values_list("kind", "tender", "amount", "reference")) == [
        ("capture", "cash", 2000, f"{number}/hand-over/{given.pk}"),
        ("refund", "cash", 2000, f"{number}/undo/{given.pk}"),
    ]
    again = handing_over.hand_over(
        fulfilment_id=given.fulfilment_id, proof="code", actor_id=clerk.pk, tender="card_terminal"
    )
    assert again.pk != given.pk
    assert queries.refundable_by_tender(placed.order.id) == {"cash": 0, "card_terminal": 2000}


def test_an_undo_leaves_what_was_paid_online(house, clerk):
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000)
    given = journeys.handed_over(placed, by=clerk, tender="")
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert refunds(placed_order(placed)) == {}
    assert queries.account_of(placed_order(placed)).due == 0


def test_nothing_is_handed_over_unpaid_without_a_tender(house, clerk):
    waiting = journeys.ready(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk), by=clerk)
    with pytest.raises(MoneyDue) as refused:
        handing_over.hand_over(fulfilment_id=waiting.pk, proof="code", actor_id=clerk.pk)
    assert refused.value.extra == {"due": 2000}
    assert Fulfilment.objects.get(pk=waiting.pk).status == "ready"
    assert not HandOver.objects.exists()
    assert not Payment.objects.exists()
    assert house.level("SKU-1").reserved == 2


@pytest.mark.parametrize("way", ["cancelled", "expired"])
def test_what_will_not_be_handed_over_is_refunded_whole_and_its_stock_is_free(house, clerk, way):
    placed = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000)
    waiting = journeys.ready(placed, by=clerk)
    if way == "cancelled":
        giving_up.cancel(fulfilment_id=waiting.pk, actor_id=clerk.pk, reason="no longer wanted")
    else:
        Fulfilment.objects.filter(pk=waiting.pk).update(keep_until="2020-01-01T00:00:00Z")
        assert giving_up.expire_due() == 1
    order = placed_order(placed)
    assert (order.status, order.dropped, refunds(order)) == ("cancelled", 2000, {"card_online": 2000})
    assert Fulfilment.objects.get(pk=waiting.pk).status == way
    assert (house.level("SKU-1").on_hand, house.level("SKU-1").reserved) == (100, 0)


def test_a_pickup_is_given_up_once_and_not_before_its_last_day_has_passed(house, clerk):
    waiting = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    assert giving_up.expire(fulfilment_id=waiting.pk) is False
    assert giving_up.expire_due() == 0
    Fulfilment.objects.filter(pk=waiting.pk).update(keep_until="2020-01-01T00:00:00Z")
    assert giving_up.expire_due() == 1
    assert giving_up.expire_due() == 0
    assert giving_up.expire(fulfilment_id=waiting.pk) is False


def test_one_pickup_that_cannot_be_given_up_does_not_keep_the_others(house, clerk):
    broken, sound = (journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk) for _ in range(2))
    Fulfilment.objects.filter(pk=broken.pk).update(keep_until="2020-01-01T00:00:00Z")
    Fulfilment.objects.filter(pk=sound.pk).update(keep_until="2020-01-02T00:00:00Z")
    Order.objects.filter(pk=broken.order_id).update(status="completed")  # somebody meddled: it cannot be cancelled
    assert giving_up.expire_due() == 1
    statuses = dict(Fulfilment.objects.values_list("pk", "status"))
    assert statuses == {broken.pk: "ready", sound.pk: "expired"}
