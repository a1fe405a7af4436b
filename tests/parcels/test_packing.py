"""What was picked goes into parcels, each piece into one, and nothing leaves before all of it is packed."""

import pytest
from django.db import IntegrityError

from omni.lib.transitions import TransitionRefused
from omni.staff import history
from orders.fulfilment.errors import NotInThisOrder, StillOpen
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, giving_up, packing, picking
from orders.parcels.errors import NoCarrier, NothingToPack, NotPacked, ParcelGone
from orders.parcels.models import Parcel, ParcelLine
from orders.sales import parcel_events
from orders.sales.models import OrderEvent
from tests import journeys, sent

pytestmark = pytest.mark.django_db


def counts(fulfilment):
    return [(line.picked, line.packed) for line in fulfilment.lines.order_by("pk")]


def contents():
    standing = ParcelLine.objects.filter(parcel__cancelled_at=None).order_by("parcel__number", "line")
    return [(one.parcel.number, one.quantity) for one in standing]


def line(fulfilment, position=1):
    return fulfilment.lines.get(order_line__position=position)


def test_everything_goes_into_one_parcel(courier, picked, clerk):
    parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, weight_grams=1250)
    assert (parcel.number, parcel.carrier, parcel.weight_grams, parcel.packed_by_id) == (1, "file", 1250, clerk.pk)
    assert counts(picked) == [(2, 2), (1, 1)]
    assert contents() == [(1, 2), (1, 1)]
    told = OrderEvent.objects.get(kind=parcel_events.PACKED)
    assert (told.data["number"], told.data["pieces"], told.order_id) == (1, 3, picked.order_id)


def test_pieces_are_shared_out_over_two_parcels(courier, picked, clerk, house):
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=1)
    packing.put_variant(fulfilment_id=picked.pk, variant_id=house.variants[1].pk)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert contents() == [(1, 1), (1, 1), (2, 1)]
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert Fulfilment.objects.get(pk=picked.pk).status == "dispatched"


def test_no_more_goes_in_than_was_picked(courier, picked, clerk, house):
    with pytest.raises(NothingToPack):
        packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=3)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    for refused in (
        lambda: packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=1),
        lambda: packing.put_variant(fulfilment_id=picked.pk, variant_id=house.variants[0].pk),
        lambda: packing.put_variant(fulfilment_id=picked.pk, variant_id=house.variants[4].pk),
        lambda: packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk),
        lambda: packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False),
    ):
        with pytest.raises(NothingToPack):
            refused()
    assert contents() == [(1, 2), (1, 1)]
    assert Parcel.objects.count() == 1


def test_a_piece_comes_out_of_the_open_parcel_only(courier, picked, clerk):
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=1)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False)
    with pytest.raises(NothingToPack):
        packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=-1)
    assert counts(picked) == [(2, 1), (1, 0)]
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=1)
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=-1)
    assert counts(picked) == [(2, 1), (1, 0)]
    assert Parcel.objects.count() == 1, "an empty parcel is none"


def test_nothing_leaves_while_a_picked_piece_is_in_no_parcel(courier, picked, clerk):
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=2)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False)
    with pytest.raises(NotPacked, match="1 picked piece is in no parcel"):
        finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    packing.put(fulfilment_id=picked.pk, line_id=line(picked, 2).pk, pieces=1)
    with pytest.raises(NotPacked, match="still open"):
        finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert Fulfilment.objects.get(pk=picked.pk).status == "picking"
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False)
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)


def test_a_house_without_a_carrier_sends_as_before_and_packs_nothing(picked, clerk):
    with pytest.raises(NoCarrier):
        packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert not Parcel.objects.exists()
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    assert Fulfilment.objects.get(pk=picked.pk).status == "dispatched"


def test_what_was_begun_in_parcels_leaves_whole_also_without_a_carrier(courier, picked, clerk, settings):
    packing.put(fulfilment_id=picked.pk, line_id=line(picked).pk, pieces=2)
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk, rest=False)
    settings.CARRIERS = []
    with pytest.raises(NotPacked):
        finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)


def test_nothing_is_packed_before_everything_is_picked_or_missing(courier, house, clerk):
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind="ship", paid=2000)
    fulfilment = journeys.fulfilment_of(order)
    picking.pick(fulfilment_id=fulfilment.pk, line_id=line(fulfilment).pk, pieces=1, actor_id=clerk.pk)
    with pytest.raises(StillOpen):
        packing.pack(fulfilment_id=fulfilment.pk, actor_id=clerk.pk)
    assert counts(fulfilment) == [(1, 0)]


def test_a_pickup_is_not_packed(courier, house, clerk):
    pickup = journeys.picked(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    with pytest.raises(TransitionRefused):
        packing.pack(fulfilment_id=pickup.pk, actor_id=clerk.pk)


def test_a_packed_piece_is_not_put_back_on_the_list(courier, picked, clerk):
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    keys = {"fulfilment_id": picked.pk, "line_id": line(picked).pk, "actor_id": clerk.pk}
    with pytest.raises(NotInThisOrder, match="in no parcel"):
        picking.pick(pieces=-1, **keys)
    assert counts(picked) == [(2, 2), (1, 1)]


def test_a_parcel_is_taken_apart_and_packed_anew(courier, picked, clerk):
    first = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    packing.unpack(parcel_id=first.pk, actor_id=clerk.pk)
    assert counts(picked) == [(2, 0), (1, 0)]
    with pytest.raises(ParcelGone):
        packing.unpack(parcel_id=first.pk, actor_id=clerk.pk)
    assert counts(picked) == [(2, 0), (1, 0)], "taken apart once"
    assert packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk).number == 2
    assert OrderEvent.objects.filter(kind=parcel_events.TAKEN_APART).count() == 1


def test_what_left_is_not_taken_apart(courier, picked, clerk):
    parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    finishing.dispatch(fulfilment_id=picked.pk, actor_id=clerk.pk)
    with pytest.raises(TransitionRefused):
        packing.unpack(parcel_id=parcel.pk, actor_id=clerk.pk)
    assert counts(picked) == [(2, 2), (1, 1)]


def test_a_cancelled_order_has_no_parcels(courier, picked, clerk):
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    giving_up.cancel(fulfilment_id=picked.pk, actor_id=clerk.pk, reason="no longer wanted")
    assert counts(picked) == [(2, 0), (1, 0)]
    assert not Parcel.objects.standing().exists()


def test_an_order_to_a_relay_point_keeps_its_point(house, clerk):
    relay = sent.picked(house.lille, {"SKU-1": 1}, by=clerk, kind="relay")
    with pytest.raises(IntegrityError, match="fulfilment_relay_keeps_its_point"):
        Fulfilment.objects.filter(pk=relay.pk).update(ship_to={"name": "No code"})


def test_a_relay_order_is_sent_like_a_parcel(courier, house, clerk):
    relay = sent.picked(house.lille, {"SKU-1": 1}, by=clerk, kind="relay")
    packing.pack(fulfilment_id=relay.pk, actor_id=clerk.pk)
    finishing.dispatch(fulfilment_id=relay.pk, actor_id=clerk.pk)
    assert house.level("SKU-1").on_hand == 99
    assert Fulfilment.objects.get(pk=relay.pk).order.status == "completed"


def test_the_story_of_a_parcel_says_on_which_tablet_it_was_packed_and_taken_apart(courier, picked, clerk):
    kept = history._device.set("Tablet 2")
    try:
        parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
        packing.unpack(parcel_id=parcel.pk, actor_id=clerk.pk)
    finally:
        history._device.reset(kept)
    told = OrderEvent.objects.filter(kind__in=(parcel_events.PACKED, parcel_events.TAKEN_APART))
    assert [one.data.get("device") for one in told] == ["Tablet 2"] * 2
