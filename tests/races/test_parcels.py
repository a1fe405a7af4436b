"""Two clerks pack and send one order at once, a carrier tells the same thing twice at once: one parcel, one departure,
one event, one label."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from omni.lib.transitions import TransitionRefused
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import finishing, packing
from orders.parcels.errors import NothingToPack, NotPacked
from orders.parcels.models import Parcel, ParcelLine, TrackingEvent
from orders.parcels.services import booking, tracking
from orders.parcels.services.tracking import KNOWN, RECORDED, ToldEvent
from orders.sales.models import OrderEvent
from tests import sent
from tests.races.crowd import at_once, meet_before, raised, returned
from tests.races.twin import twin, without_text
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carrier(settings: Any, tmp_path: Any) -> Any:
    settings.CARRIERS = ["file"]
    settings.CARRIER_FOLDER = str(tmp_path)
    return tmp_path


@pytest.fixture
def picked(house: Any, integrator: Any, clerk: Any, carrier: Any) -> Fulfilment:
    """Three pieces, picked, to be sent."""
    return sent.picked(house.lille, {"SKU-1": 3}, by=clerk)


def test_two_clerks_pack_one_order_at_once_into_one_parcel(picked, clerk):
    outcomes = at_once([partial(packing.pack, fulfilment_id=picked.pk, actor_id=clerk.pk)] * 4)
    assert len(returned(outcomes)) == 1
    assert len(raised(outcomes, NothingToPack)) == 3
    assert sum(ParcelLine.objects.values_list("quantity", flat=True)) == 3
    assert picked.lines.get().packed == 3


def blind_packing(patch: pytest.MonkeyPatch) -> None:
    """Count a piece as packed whether or not it is free."""
    lines = FulfilmentLine.objects
    blind = SimpleNamespace(filter=lambda pk, fulfilment=None, **_guards: lines.filter(pk=pk))
    patch.setattr(packing, "FulfilmentLine", SimpleNamespace(objects=blind))


@pytest.mark.parametrize(
    ("standing", "refusal", "packed"),
    [("condition", NothingToPack, 2), ("constraint", IntegrityError, 2), ("nothing", None, 4)],
)
def test_one_guard_keeps_a_piece_out_of_two_parcels(picked, clerk, monkeypatch, standing, refusal, packed):
    """The twin of the race above, without the lock: two people put two of three pieces each into a parcel."""
    take_down(monkeypatch, "lock")
    if standing != "condition":
        blind_packing(monkeypatch)
    without = [] if standing == "constraint" else ["fulfilment_line_packs_what_was_picked"]
    line = picked.lines.get()
    put = partial(packing.put, fulfilment_id=picked.pk, line_id=line.pk, pieces=2)
    with twin("fulfilment_fulfilmentline", without=without):
        colleague = Meanwhile(monkeypatch, packing, "_locked", put)
        outcomes = [*at_once([put]), colleague.outcome]
        refused = raised(outcomes, refusal) if refusal else []
        assert len(raised(outcomes, Exception)) == len(refused) == (1 if refusal else 0)
        assert FulfilmentLine.objects.get(pk=line.pk).packed == packed


def test_of_two_departures_at_once_one_leaves(house, picked, clerk):
    packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    outcomes = at_once([partial(finishing.dispatch, fulfilment_id=picked.pk, actor_id=clerk.pk)] * 3)
    assert (len(returned(outcomes)), len(raised(outcomes, TransitionRefused))) == (1, 2)
    assert house.level("SKU-1").on_hand == 97


def test_who_sends_while_another_takes_the_parcel_apart_sends_all_or_nothing(picked, clerk):
    for _turn in range(10):
        parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
        works = [
            partial(packing.unpack, parcel_id=parcel.pk, actor_id=clerk.pk),
            partial(finishing.dispatch, fulfilment_id=picked.pk, actor_id=clerk.pk),
        ]
        outcomes = at_once(works)
        [refused] = raised(outcomes, Exception)
        assert type(refused) in {NotPacked, TransitionRefused}
        left = Fulfilment.objects.get(pk=picked.pk).status == "dispatched"
        assert picked.lines.get().packed == (3 if left else 0)
        if left:
            return


def told(parcel: Parcel) -> ToldEvent:
    return ToldEvent(parcel.tracking_number, "e-1", "delivered", timezone.now())


def test_the_same_event_eight_times_at_once_is_one(picked, clerk):
    parcel = sent.left(picked, by=clerk)
    one = told(parcel)
    outcomes = at_once([partial(tracking.record, carrier="file", events=[one], store_ids=None)] * 8)
    assert sorted(outcome for [outcome] in returned(outcomes)) == [KNOWN] * 7 + [RECORDED]
    assert TrackingEvent.objects.count() == 1
    assert OrderEvent.objects.filter(kind="parcel_arrived").count() == 1


@pytest.mark.parametrize("guarded", [True, False])
def test_only_the_constraint_makes_an_event_one(picked, clerk, monkeypatch, guarded):
    parcel = sent.left(picked, by=clerk)
    one = told(parcel)
    if not guarded:
        conflict = "ON CONFLICT (carrier, event_id) DO NOTHING"
        monkeypatch.setattr(tracking, "WRITE", without_text(tracking.WRITE, conflict))
    with twin("parcels_trackingevent", without=[] if guarded else ["tracking_event_once_per_carrier"]):
        meet_before(monkeypatch, tracking, "_write", 2)
        at_once([partial(tracking.record, carrier="file", events=[one], store_ids=None)] * 2)
        assert TrackingEvent.objects.count() == (1 if guarded else 2)


def test_batches_of_the_same_events_in_other_orders_do_not_block_each_other(picked, clerk):
    parcel = sent.left(picked, by=clerk)
    events = [ToldEvent(parcel.tracking_number, f"e-{n}", "in_transit", timezone.now()) for n in range(40)]
    works = [partial(tracking.record, carrier="file", events=part, store_ids=None) for part in (events, events[::-1])]
    outcomes = at_once(works * 3)
    assert not raised(outcomes, Exception)
    assert TrackingEvent.objects.count() == 40


def test_two_clerks_ask_for_one_label_at_once_and_get_the_same(picked, clerk, carrier):
    parcel = packing.pack(fulfilment_id=picked.pk, actor_id=clerk.pk)
    outcomes = at_once([partial(booking.book, parcel_id=parcel.pk)] * 4)
    assert not raised(outcomes, Exception)
    assert len({(one.tracking_number, bytes(one.label)) for one in returned(outcomes)}) == 1
    assert len(list((carrier / "consignments").glob("*.json"))) == 1
