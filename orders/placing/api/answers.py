"""What the API says of an order: cents, basis points, ISO instants in UTC. Additive only."""

from typing import Any

from inventory.places.queries import place
from omni.lib.answers import instant
from orders.fulfilment.models import Fulfilment
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
        "status": placed.status,
        "channel": wish.channel,
        "external_ref": wish.external_ref,
        "placed_at": instant(placed.order.placed_at),
        "currency": wish.currency,
        "total": basket.total,
        "tax": basket.tax,
        "paid": paid,
        "due": basket.total - paid,
        "points_pending": placed.points if placed.status == "open" else 0,
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
            }
            for line in basket.lines
        ],
        "fulfilments": [
            {
                "kind": wish.kind,
                "status": placed.fulfilment_status,
                "store": wish.place.code,
                "store_name": wish.place.name,
                "short_id": placed.short_id,
                "promised_at": instant(placed.promised_at),
                "ready_at": None,
                "keep_until": None,
            }
        ],
    }


def order(found: Order) -> dict[str, Any]:
    """Return an order as it stands now. `found` must be visible to the caller."""
    account = account_of(found)
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
        "lines": [_line(line) for line in found.lines.select_related("variant").order_by("position")],
        "fulfilments": [_fulfilment(one) for one in found.fulfilments.order_by("pk")],
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
    }


def _fulfilment(one: Fulfilment) -> dict[str, Any]:
    store = place(one.location_id)
    return {
        "kind": one.kind,
        "status": one.status,
        "store": store.code,
        "store_name": store.name,
        "short_id": one.short_id,
        "promised_at": instant(one.promised_at),
        "ready_at": instant(one.ready_at),
        "keep_until": instant(one.keep_until),
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
