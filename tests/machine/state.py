"""The whole state of the machine's house in one shape, read from the model and, by one statement, from the database."""

import json
from collections import Counter
from typing import Any

from omni.lib import sql
from tests.machine.model import House
from tests.machine.parcels import Parcel
from tests.machine.things import CountLine, Level, Order

STATE = """
SELECT json_build_object(
    'levels', (
        SELECT json_agg(json_build_array(location.code, variant.sku, level.on_hand, level.reserved, level.damaged,
            level.incoming,
            (SELECT json_agg(json_build_array(kind, quantity, reason)) FROM stock_stockmovement moved
              WHERE moved.location_id = level.location_id AND moved.variant_id = level.variant_id)))
        FROM stock_stocklevel level
        JOIN places_location location ON location.id = level.location_id
        JOIN catalog_variant variant ON variant.id = level.variant_id
        WHERE variant.sku = ANY(%(skus)s)),
    'wallets', (
        SELECT json_agg(json_build_array(identity.value, account.posted, account.pending))
        FROM loyalty_account account
        JOIN customers_identity identity ON identity.customer_id = account.customer_id
        WHERE identity.value = ANY(%(customers)s)),
    'holds', (
        SELECT json_agg(json_build_array(split_part(held.reference, ':', 3), location.code, variant.sku,
            held.quantity, held.released, held.expired, held.status,
            held.expires_at IS NOT NULL, held.expires_at <= statement_timestamp()))
        FROM stock_reservation held
        JOIN places_location location ON location.id = held.location_id
        JOIN catalog_variant variant ON variant.id = held.variant_id
        WHERE held.reference LIKE 'hold:%%'),
    'counts', (
        SELECT json_agg(json_build_object('store', location.code, 'status', count.status, 'lines', (
            SELECT json_agg(json_build_array(variant.sku, line.counted, line.least, line.most, line.expected,
                line.spared, line.reason))
            FROM stock_countline line JOIN catalog_variant variant ON variant.id = line.variant_id
            WHERE line.count_id = count.id)) ORDER BY count.id)
        FROM stock_stockcount count JOIN places_location location ON location.id = count.location_id),
    'parcels', (
        SELECT json_agg(json_build_object('origin', coalesce(origin.code, ''), 'destination', place.code,
            'status', goods.status, 'receptions', goods.receptions, 'lines', (
                SELECT json_agg(json_build_array(variant.sku, line.asked, line.sent, line.scanned, line.received,
                    line.damaged, line.missing, line.reason))
                FROM transfers_transferline line JOIN catalog_variant variant ON variant.id = line.variant_id
                WHERE line.transfer_id = goods.id),
            'unknown', (SELECT json_object_agg(code, times) FROM transfers_unknownpiece
                        WHERE transfer_id = goods.id)) ORDER BY goods.id)
        FROM transfers_transfer goods JOIN places_location place ON place.id = goods.destination_id
        LEFT JOIN places_location origin ON origin.id = goods.origin_id),
    'orders', (
        SELECT json_agg(json_build_object(
            'status', bought.status, 'way', way.status, 'kind', way.kind, 'total', bought.total, 'tax', bought.tax,
            'dropped', bought.dropped,
            'lines', (
                SELECT json_agg(json_build_array(variant.sku, line.quantity, line.total, line.tax, slice.picked,
                    slice.short, slice.short_reason, slice.collected, line.dropped_quantity) ORDER BY line.position)
                FROM sales_orderline line
                JOIN catalog_variant variant ON variant.id = line.variant_id
                JOIN fulfilment_fulfilmentline slice ON slice.order_line_id = line.id AND slice.fulfilment_id = way.id
                WHERE line.order_id = bought.id),
            'money', (
                SELECT json_agg(json_build_array(kind, tender, amount))
                FROM payments_payment WHERE order_id = bought.id),
            'held', (
                SELECT json_agg(json_build_array(variant.sku, held.quantity, held.fulfilled, held.released))
                FROM stock_reservation held JOIN catalog_variant variant ON variant.id = held.variant_id
                WHERE held.reference = bought.number AND held.location_id = bought.location_id),
            'given', (
                SELECT json_agg(given.undone_at IS NOT NULL ORDER BY given.id)
                FROM fulfilment_handover given WHERE given.fulfilment_id = way.id),
            'told', (
                SELECT json_agg(event.kind ORDER BY event.id)
                FROM sales_orderevent event WHERE event.order_id = bought.id)
        ) ORDER BY bought.id)
        FROM sales_order bought JOIN fulfilment_fulfilment way ON way.order_id = bought.id
    )
) AS state
"""


def of_database(*, skus: list[str], customers: list[str]) -> dict[str, Any]:
    """Read what the database holds of the machine's articles and customers, and all orders."""
    found = sql.row(STATE, {"skus": skus, "customers": customers}).state
    found = found if isinstance(found, dict) else json.loads(found)
    return {
        "levels": {
            (store, sku): (on_hand, reserved, damaged, incoming, Counter(map(tuple, moved or [])))
            for store, sku, on_hand, reserved, damaged, incoming, moved in found["levels"] or []
        },
        "wallets": {customer: (posted, pending) for customer, posted, pending in found["wallets"] or []},
        "holds": {
            (reference, store, sku): (*figures, bool(overdue))
            for reference, store, sku, *figures, overdue in found["holds"] or []
        },
        "counts": [
            (count["store"], count["status"], {sku: tuple(figures) for sku, *figures in count["lines"] or []})
            for count in found["counts"] or []
        ],
        "parcels": [_parcel_found(parcel) for parcel in found["parcels"] or []],
        "orders": [_order_found(order) for order in found["orders"] or []],
    }


def _parcel_found(parcel: dict[str, Any]) -> dict[str, Any]:
    lines = {sku: tuple(figures) for sku, *figures in parcel["lines"] or []}
    return parcel | {"lines": lines, "unknown": parcel["unknown"] or {}}


def _order_found(order: dict[str, Any]) -> dict[str, Any]:
    money: Counter = Counter()
    for kind, tender, amount in order["money"] or []:
        money[kind, tender] += amount
    return order | {
        "lines": [tuple(line) for line in order["lines"]],
        "money": dict(money),
        "held": {sku: tuple(counts) for sku, *counts in order["held"] or []},
        "given": order["given"] or [],
    }


def of_model(house: House) -> dict[str, Any]:
    """Say the same of the model."""
    return {
        "levels": {key: _level_wanted(level) for key, level in house.levels.items()},
        "wallets": {customer: (wallet.posted, wallet.pending) for customer, wallet in house.wallets.items()},
        "holds": {
            (reference, *place): (kept.quantity, kept.released, kept.expired, kept.status, kept.held, kept.overdue)
            for reference, hold in house.holds.items()
            for place, kept in hold.rows.items()
        },
        "counts": [
            (count.store, count.status, {sku: _line_wanted(line) for sku, line in count.lines.items()})
            for count in house.counts
        ],
        "parcels": [_parcel_wanted(parcel) for parcel in house.parcels],
        "orders": [_order_wanted(order) for order in house.orders],
    }


def _level_wanted(level: Level) -> tuple[int, int, int, int, Counter]:
    return level.on_hand, level.reserved, level.damaged, level.incoming, level.moved


def _parcel_wanted(parcel: Parcel) -> dict[str, Any]:
    return vars(parcel) | {
        "lines": {sku: tuple(vars(line).values()) for sku, line in parcel.lines.items()},
        "unknown": dict(parcel.unknown),
    }


def _line_wanted(line: CountLine) -> tuple[Any, ...]:
    return line.counted, line.least, line.most, line.expected, line.spared, line.reason


def _order_wanted(order: Order) -> dict[str, Any]:
    return {
        "status": order.status,
        "way": order.way,
        "kind": order.kind,
        "total": order.total,
        "tax": sum(line.tax for line in order.lines),
        "dropped": order.dropped,
        "lines": [
            (
                *(line.article.sku, line.quantity, line.total, line.tax, line.picked),
                *(line.short, line.reason, line.collected, line.dropped),
            )
            for line in order.lines
        ],
        "money": dict(+order.money),
        "held": {sku: tuple(counts) for sku, counts in order.held.items()},
        "given": [given.undone for given in order.given],
        "told": order.told,
    }
