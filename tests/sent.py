"""Parcels for tests: packed for a carrier of the house, labelled without asking it, and told of."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from inventory.places.models import Location
from omni.staff.models import User
from orders.fulfilment import parcel_notices
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, packing
from orders.parcels.carriers.port import Booking
from orders.parcels.models import Parcel
from orders.parcels.services import booking, tracking
from orders.parcels.services.tracking import ToldEvent
from orders.sales import parcel_events
from orders.sales.models import OrderEvent
from tests import journeys
from tests.house import House

RELAY = {
    "relay_point": "R001",
    "name": "Corner shop",
    "line": "1 rue Neuve",
    "postal_code": "59000",
    "town": "Lille",
    "country": "FR",
    "latitude": 50.63,
    "longitude": 3.06,
    "hours": "Mo-Sa 08:00-19:00",
}
HOME = {"name": "Camille Martin", "line": "12 rue de Béthune", "postal_code": "59000", "town": "Lille", "country": "FR"}
_numbers = itertools.count(1)


@contextmanager
def carried() -> Iterator[None]:
    """Let the house have a carrier, of which nobody asks anything."""
    with override_settings(CARRIERS=["file"], CARRIER_FOLDER="/nowhere"):
        yield


def picked(store: Location, units: dict[str, int], *, by: User, kind: str = "ship") -> Fulfilment:
    """Place an order that is sent, paid, and pick all of it."""
    prices = {f"SKU-{number}": number * 1000 for number in range(1, 6)}
    paid = sum(prices[sku] * pieces for sku, pieces in units.items())
    order = journeys.placed(store, units, by=by, kind=kind, paid=paid, ship_to=RELAY if kind == "relay" else HOME)
    return journeys.picked(order, by=by)


def packed(fulfilment: Fulfilment, *, by: User, **how: Any) -> Parcel:
    """Close a parcel of what was picked, and give it a label."""
    with carried():
        parcel = packing.pack(fulfilment_id=fulfilment.pk, actor_id=by.pk, **how)
    return labelled(parcel)


def labelled(parcel: Parcel) -> Parcel:
    """Write down a label as its carrier would have answered it."""
    label = Booking(f"T{next(_numbers):08d}", b"%PDF-1.4 a label", "application/pdf")
    assert booking.record(parcel_id=parcel.pk, booking=label)
    return Parcel.objects.select_related("fulfilment__order").get(pk=parcel.pk)


def left(fulfilment: Fulfilment, *, by: User) -> Parcel:
    """Pack all of it in one parcel and hand it to the carrier."""
    parcel = packed(fulfilment, by=by)
    finishing.dispatch(fulfilment_id=fulfilment.pk, actor_id=by.pk)
    return parcel


def told(parcel: Parcel, *kinds: str, before: timedelta = timedelta(0)) -> list[str]:
    """Let the carrier tell of a parcel, each kind a minute after the one before it; return what became of each."""
    begin = timezone.now() - timedelta(minutes=len(kinds)) - before
    events = [
        ToldEvent(parcel.tracking_number, f"{parcel.tracking_number}-{kind}", kind, begin + timedelta(minutes=minute))
        for minute, kind in enumerate(kinds, 1)
    ]
    return tracking.record(carrier=parcel.carrier, events=events, store_ids=None)


def every_way(house: House, clerk: User) -> dict[str, Fulfilment]:
    """Return what was packed in Lille: in two parcels, one of which was taken apart before, and delivered; at its relay
    point; and one that is being packed."""
    split = picked(house.lille, {"SKU-4": 2}, by=clerk)
    with carried():
        packing.put(fulfilment_id=split.pk, line_id=split.lines.get().pk, pieces=1)
    first = packed(split, by=clerk, rest=False, weight_grams=900)
    packing.unpack(parcel_id=packed(split, by=clerk).pk, actor_id=clerk.pk)
    second = packed(split, by=clerk)
    finishing.dispatch(fulfilment_id=split.pk, actor_id=clerk.pk)
    told(first, "accepted", "in_transit", "delivered")
    told(second, "accepted", "failed_attempt")
    relay = picked(house.lille, {"SKU-5": 1}, by=clerk, kind="relay")
    told(left(relay, by=clerk), "accepted", "at_relay")
    for event in OrderEvent.objects.filter(kind=parcel_events.AT_RELAY):
        parcel_notices.tell_at_relay(event.pk)
    opened = picked(house.lille, {"SKU-5": 2}, by=clerk)
    packing.put(fulfilment_id=opened.pk, line_id=opened.lines.get().pk, pieces=1)
    return {"split": split, "relay": relay, "being packed": opened}
