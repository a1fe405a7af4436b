"""A status moves as the table says, and only from where it stands in the database."""

import pytest

from omni.lib.transitions import TransitionRefused
from orders.fulfilment.models import Fulfilment
from orders.sales.models import Order
from tests import journeys

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(house, clerk) -> Order:
    return Order.objects.get(pk=journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.id)


def test_a_legal_move_is_written_and_seen(order):
    order.move_to(Order.Status.CANCELLED)
    assert order.status == "cancelled"
    assert Order.objects.get(pk=order.pk).status == "cancelled"


def test_a_move_takes_its_other_changes_with_it(order):
    order.move_to(Order.Status.CANCELLED, dropped=1000)
    assert (order.dropped, Order.objects.get(pk=order.pk).dropped) == (1000, 1000)


def test_an_illegal_move_is_refused_and_names_both_states(order):
    order.move_to(Order.Status.CANCELLED)
    with pytest.raises(TransitionRefused) as refused:
        order.move_to(Order.Status.COMPLETED)
    assert str(refused.value) == "This is “Cancelled” and cannot become “Completed”."
    assert refused.value.extra == {"status": "cancelled", "wanted": "completed"}
    assert (refused.value.status, refused.value.code) == (409, "transition_refused")
    assert Order.objects.get(pk=order.pk).status == "cancelled"


def test_of_two_who_loaded_the_same_row_the_second_is_refused(order):
    stale = Order.objects.get(pk=order.pk)
    order.move_to(Order.Status.COMPLETED)
    with pytest.raises(TransitionRefused, match="This is “Completed” and cannot become “Cancelled”"):
        stale.move_to(Order.Status.CANCELLED, dropped=1000)
    now = Order.objects.get(pk=order.pk)
    assert (now.status, now.dropped) == ("completed", 0)
    assert (stale.status, stale.dropped) == ("open", 0)


def test_moving_where_it_stands_already_is_refused(order):
    with pytest.raises(TransitionRefused, match="This is “Open” and cannot become “Open”"):
        order.move_to(Order.Status.OPEN)


@pytest.mark.parametrize("model", [Order, Fulfilment])
def test_every_status_says_where_it_may_go(model):
    assert set(model.TRANSITIONS) == set(model.Status.values)
    assert set().union(*model.TRANSITIONS.values()) <= set(model.Status.values)


def may_move(kind: str) -> dict[str, set[str]]:
    return {
        status: {to for to in Fulfilment.Status.values if Fulfilment(kind=kind, status=status).may_move_to(to)}
        for status in Fulfilment.Status.values
    }


def test_each_kind_of_fulfilment_goes_its_own_way():
    assert may_move("pickup")["picking"] == {"to_pick", "ready", "cancelled"}
    assert may_move("ship")["picking"] == {"to_pick", "dispatched", "cancelled"}
    assert may_move("pickup")["to_pick"] == may_move("ship")["to_pick"] == {"picking", "cancelled"}
    assert may_move("carry_out")["to_pick"] == {"picking", "cancelled", "collected"}
    assert may_move("pickup")["ready"] == {"collected", "expired", "cancelled"}
