"""A parcel, a pickup, an order carried out: each goes its own way; asking for another's is a refusal, not an error."""

import pytest

from omni.lib.transitions import TransitionRefused
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, handing_over, picking, readying, shorting
from tests import journeys

pytestmark = pytest.mark.django_db


@pytest.fixture
def pickup(house, clerk):
    return journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000)


@pytest.fixture
def parcel(house, clerk):
    return journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind="ship", paid=2000)


def refused(work, order, **facts):
    """Assert that the house refuses and leaves the fulfilment as it was; return the sentence."""
    before = Fulfilment.objects.values().get(order=order.order.id)
    with pytest.raises(TransitionRefused) as refusal:
        work(fulfilment_id=before["id"], **facts)
    assert Fulfilment.objects.values().get(order=order.order.id) == before
    return str(refusal.value)


def test_a_picked_pickup_cannot_be_dispatched(house, clerk, pickup):
    journeys.picked(pickup, by=clerk)
    sentence = refused(finishing.dispatch, pickup, actor_id=clerk.pk)
    assert sentence == "This is “Being prepared” and cannot become “Dispatched”."
    assert house.level("SKU-1").on_hand == 100


def test_a_picked_parcel_cannot_wait_at_the_counter(house, clerk, parcel):
    journeys.picked(parcel, by=clerk)
    spot = house.places(house.lille)[0].pk
    refused(readying.declare_ready, parcel, hold_place_id=spot, actor_id=clerk.pk)


def test_a_pickup_that_is_not_ready_cannot_be_handed_over(house, clerk, pickup):
    sentence = refused(handing_over.hand_over, pickup, proof="identity", actor_id=clerk.pk)
    assert sentence == "This is “To prepare” and cannot become “Collected”."


def test_a_collected_pickup_cannot_be_declared_ready_again(house, clerk, pickup):
    journeys.handed_over(pickup, by=clerk)
    spot = house.places(house.lille)[0].pk
    refused(readying.declare_ready, pickup, hold_place_id=spot, actor_id=clerk.pk)


def test_what_was_carried_out_cannot_be_declared_ready(house, clerk):
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind="carry_out", paid=2000)
    refused(readying.declare_ready, order, hold_place_id=house.places(house.lille)[0].pk, actor_id=clerk.pk)


def test_a_pickup_cannot_be_carried_out(house, clerk, pickup):
    refused(finishing.carry_out, pickup, actor_id=clerk.pk)


def test_a_ready_pickup_cannot_be_carried_out_past_its_hand_over(house, clerk, pickup):
    journeys.ready(pickup, by=clerk)
    refused(finishing.carry_out, pickup, actor_id=clerk.pk)


def test_a_pickup_with_a_missing_piece_cannot_be_carried_out(house, clerk, pickup):
    line = journeys.fulfilment_of(pickup).lines.get()
    facts = {"fulfilment_id": line.fulfilment_id, "actor_id": clerk.pk}
    shorting.report_short(line_id=line.pk, quantity=1, reason="damaged", **facts)
    picking.return_to_queue(**facts)
    refused(finishing.carry_out, pickup, actor_id=clerk.pk)
