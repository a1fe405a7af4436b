"""What the API says of an order: cents, basis points, ISO instants in UTC. Additive only."""

from datetime import datetime
from typing import Any

from inventory.places.queries import Place, place
from omni.lib.answers import instant
from orders.fulfilment.keeping import kept_until
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.waiting import links
from orders.parcels import queries as parcels
from orders.parcels.queries import Standing
from orders.payments.models import Payment
from orders.payments.queries import account_of
from orders.placing.nearest import Nearest
from orders.placing.services.placing import PlacedOrder
from orders.sales.models import Order, OrderLine


def placed_order(placed: PlacedOrder) -> dict[str, Any]:
    """Return the answer to a placement, without asking the database again."""
    wish, basket = placed.wish, placed.basket
    paid = wish.payment.amount if wish.payment else 0
    return {
        "number": placed.order.number,
        "status": "completed" if placed.completed else "open",
        "channel": wish.channel,
        "external_ref": wish.external_ref,
        "placed_at": instant(placed.order.placed_at),
        "currency": wish.currency,
        "total": basket.total,
        "tax": basket.tax,
        "paid": paid,
        "due": basket.total - paid,
        "points_pending": 0 if placed.completed else placed.points,
        "lines": [
            {
                "sku": line.offer.sku,
                "gtin": line.offer.gtin or None,
                "name": line.offer.name,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "total": line.total,
                "vat_rate": line.vat_rate,
                "tax": line.tax,
                "dropped_quantity": 0,
                "instead_of": None,
            }
            for line in basket.lines
        ],
        "fulfilments": [
            {
                "kind": one.way.kind,
                "status": "collected" if one.carried_out else "to_pick",
                "store": one.way.place.code,
                "store_name": one.way.place.name,
                "short_id": one.short_id,
                "promised_at": instant(one.promised_at),
                "ready_at": None,
                "keep_until": instant(_reserved_until(one.way.kind, one.way.place, one.promised_at)),
                "lines": [_new_slice(index, quantity, one.carried_out) for index, quantity in one.way.slices],
                "relay_point": _relay_point(one.way.ship_to),
                "parcels": [],
            }
            for one in placed.ways
        ],
    }


def order(found: Order) -> dict[str, Any]:
    """Return an order as it stands now. `found` must be visible to the caller."""
    account = account_of(found)
    ways = list(found.fulfilments.order_by("pk").prefetch_related("lines__order_line"))
    packed = parcels.of_fulfilments([one.pk for one in ways if one.is_sent]) if any(w.is_sent for w in ways) else {}
    return {
        "number": found.number,
        "status": found.status,
        "channel": found.channel,
        "external_ref": found.external_ref,
        "placed_at": instant(found.placed_at),
        "currency": found.currency,
        "total": found.total,
        "dropped": found.dropped,
        "tax": found.tax,
        "paid": account.paid,
        "refunded": account.refunded,
        "due": account.due,
        "customer": found.customer.code if found.customer else None,
        "customer_url": None if found.imported else links.address_of(found),
        "lines": [_line(line) for line in found.lines.select_related("variant", "instead_of").order_by("position")],
        "fulfilments": [_fulfilment(one, packed.get(one.pk, [])) for one in ways],
        "payments": [_payment(one) for one in found.payments.order_by("pk")],
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "sku": line.variant.sku,
        "gtin": line.variant.gtin,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.total,
        "vat_rate": line.vat_rate,
        "tax": line.tax,
        "dropped_quantity": line.dropped_quantity,
        "instead_of": line.instead_of.position - 1 if line.instead_of else None,
    }


def _fulfilment(one: Fulfilment, packed: list[Standing]) -> dict[str, Any]:
    store = place(one.location_id)
    return {
        "kind": one.kind,
        "status": one.status,
        "store": store.code,
        "store_name": store.name,
        "short_id": one.short_id,
        "promised_at": instant(one.promised_at),
        "ready_at": instant(one.ready_at),
        "keep_until": instant(_keep_until(one, store)),
        "lines": [_slice(line) for line in sorted(one.lines.all(), key=lambda line: line.order_line.position)],
        "relay_point": _relay_point(one.ship_to),
        "parcels": [_parcel(parcel) for parcel in packed if not parcel.is_open],
    }


def _relay_point(ship_to: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the relay point as it was when the order was placed; None for another way."""
    return ship_to if ship_to and "relay_point" in ship_to else None


def _parcel(one: Standing) -> dict[str, Any]:
    """Return a parcel: `status` is the last thing its carrier told, None before it told anything."""
    return {
        "number": one.number,
        "carrier": one.carrier,
        "tracking_number": one.tracking_number or None,
        "tracking_url": one.url or None,
        "status": one.kind or None,
        "status_at": instant(one.happened_at),
    }


def _keep_until(one: Fulfilment, store: Place) -> datetime | None:
    if one.keep_until or one.ended_at:
        return one.keep_until
    return _reserved_until(one.kind, store, one.promised_at)


def _reserved_until(kind: str, store: Place, promised_at: datetime) -> datetime | None:
    """Return until when a reservation that is still being prepared will be kept, at least; a pickup's end is known once
    it is ready."""
    if kind != Fulfilment.Kind.RESERVATION:
        return None
    return kept_until(store, kind, ready_at=promised_at, promised_at=promised_at)


def _new_slice(index: int, quantity: int, carried_out: bool) -> dict[str, Any]:
    gone, none = quantity if carried_out else 0, dict.fromkeys(("short", "rerouted", "refused"), 0)
    return {"line": index, "quantity": quantity, "picked": gone, "collected": gone, **none}


def _slice(line: FulfilmentLine) -> dict[str, Any]:
    """Return a slice: `line` is the index of the order's line; `rerouted` of the short units another place serves."""
    return {
        "line": line.order_line.position - 1,
        "quantity": line.quantity,
        "picked": line.picked,
        "short": line.short,
        "rerouted": line.rerouted,
        "collected": line.collected,
        "refused": line.refused,
    }


def _payment(one: Payment) -> dict[str, Any]:
    return {"kind": one.kind, "tender": one.tender, "amount": one.amount, "at": instant(one.created_at)}


def nearest(found: Nearest | None) -> dict[str, Any] | None:
    """Return the store that has what is short, or None."""
    if found is None:
        return None
    return {
        "store": found.place.code,
        "name": found.place.name,
        "town": found.place.town,
        "distance_km": found.distance_km,
        "has_whole_order": found.has_all,
    }
