"""What is sent: the refusals that the machine must meet, and defects that it must find."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from inventory.stock.services import selling
from orders.fulfilment.services import finishing, giving_up
from orders.parcels import queries
from orders.parcels.relays.directory import directory
from orders.parcels.services import booking, forgetting, packing, tracking
from tests.machine.defects import forgotten

REFUSALS = {"nothing_to_pack", "not_packed", "no_carrier", "carrier_silent", "parcel_gone"}


def sold_unless_sent(*, reference: str, sell: Any = selling.sell_reserved, **more: Any) -> None:
    if "/dispatch/" not in reference:
        sell(reference=reference, **more)


def apart_as_if_empty(*, parcel: Any, take_apart: Any = packing.take_apart) -> dict[int, int]:
    take_apart(parcel=parcel)
    return {}


def all_as_new(carrier: str, events: Any, parcels: Any, write: Any = tracking._write) -> set[str]:
    write(carrier, events, parcels)
    return {one.event_id for one in events}


def where_the_point_is_now(parcel: Any, read: Any = booking.consignment_of) -> Any:
    one = read(parcel)
    point = directory().find(one.relay_code)
    return replace(one, relay=replace(one.relay, line=point.line)) if point else one


def as_if_it_waited(_parcel_id: int) -> str:
    return "at_relay"


DEFECTS = {
    "what a carrier took is still on hand": (finishing, "selling", SimpleNamespace(sell_reserved=sold_unless_sent)),
    "a piece leaves in no parcel": (finishing, "require_packed", forgotten),
    "what was taken apart stays packed": (packing, "take_apart", apart_as_if_empty),
    "what is given up stays in its parcels": (giving_up, "packing", SimpleNamespace(unpack_all=forgotten)),
    "the carrier never hears what will not come": (forgetting, "tell", forgotten),
    "what a carrier tells twice happened twice": (tracking, "_write", all_as_new),
    "a parcel goes where its relay point is now": (booking, "consignment_of", where_the_point_is_now),
    "a customer is sent for a parcel that is gone": (queries, "latest_kind", as_if_it_waited),
}
