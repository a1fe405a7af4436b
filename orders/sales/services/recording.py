"""Writing an order down: the order, its lines and its first event in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from omni.lib import sql
from orders.pricing.baskets import PricedBasket, PricedLine
from orders.sales import events

PREFIXES = {
    "store": "T", "web": "W", "app": "A", "phone": "P", "chat": "C",
    "email": "E", "social": "S", "marketplace": "M", "kiosk": "K",
}  # fmt: skip

RECORD = """
WITH placed AS (
    INSERT INTO sales_order (number, channel, external_ref, customer_id, location_id, also_at, status, currency,
                             lines_total, total, tax, reserved, placed_on, actor_id)
    VALUES (%(prefix)s::text || '-' || nextval('sales_order_number'), %(channel)s::text, %(external_ref)s::text,
            %(customer)s::bigint, %(location)s::bigint, %(also_at)s::bigint[], 'open', %(currency)s::text,
            %(total)s::bigint, %(total)s::bigint, %(tax)s::bigint, %(reserved)s::boolean,
            %(placed_on)s::date, %(actor)s::bigint)
    RETURNING id, number, placed_at
), written AS (
    INSERT INTO sales_orderline (order_id, position, variant_id, name, quantity, unit_price, gross, total,
                                 vat_rate, tax)
    SELECT placed.id, line.position, line.variant_id, line.name, line.quantity, line.unit_price, line.total, line.total,
           line.vat_rate, line.tax
    FROM placed, json_to_recordset(%(lines)s::json) AS line(
        position int, variant_id bigint, name text, quantity int, unit_price bigint, total bigint, vat_rate int,
        tax bigint)
    RETURNING id, position
), told AS (
    INSERT INTO sales_orderevent (order_id, kind, location_id, actor_id, data)
    SELECT placed.id, %(event)s::text, %(location)s::bigint, %(actor)s::bigint, %(data)s::jsonb FROM placed
)
SELECT placed.id, placed.number, placed.placed_at, (SELECT array_agg(id ORDER BY position) FROM written) AS line_ids
FROM placed
"""

EXTERNAL_REF_ONCE = "order_external_ref_once_per_channel"


@dataclass(frozen=True)
class RecordedOrder:
    """What the database gave the new order. `line_ids` are in the order of the basket."""

    id: int
    number: str
    placed_at: datetime
    line_ids: list[int]


def record_order(
    *,
    channel: str,
    external_ref: str | None,
    customer_id: int | None,
    location_id: int,
    currency: str,
    basket: PricedBasket,
    placed_on: date,
    actor_id: int,
    kinds: Sequence[str],
    also_at: Sequence[int] = (),
    reserved: bool = False,
) -> RecordedOrder:
    """Write order, lines and the event `order_placed`. Breaks `EXTERNAL_REF_ONCE` when the channel used the reference
    before. `also_at` are the other places that serve a part of it; `reserved` says that nothing is bought yet."""
    found = sql.row(
        RECORD,
        {
            "prefix": PREFIXES[channel],
            "channel": channel,
            "external_ref": external_ref,
            "customer": customer_id,
            "location": location_id,
            "also_at": sql.numbers(also_at),
            "currency": currency,
            "total": basket.total,
            "tax": basket.tax,
            "reserved": reserved,
            "placed_on": placed_on,
            "actor": actor_id,
            "lines": sql.records(_line(position, line) for position, line in enumerate(basket.lines, 1)),
            "event": events.PLACED,
            "data": json.dumps({"kinds": list(dict.fromkeys(kinds)), "total": basket.total, **events.from_device()}),
        },
    )
    return RecordedOrder(found.id, found.number, found.placed_at, found.line_ids)


def _line(position: int, line: PricedLine) -> dict[str, Any]:
    return {
        "position": position,
        "variant_id": line.offer.variant_id,
        "name": line.offer.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.total,
        "vat_rate": line.vat_rate,
        "tax": line.tax,
    }
