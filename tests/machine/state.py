"""The whole state of the machine's house in one shape, read from the model and, by one statement, from the database."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from omni.lib import sql
from tests.machine.model import House
from tests.machine.parcels import Parcel
from tests.machine.state_of_orders import order_found, order_wanted
from tests.machine.state_of_sent import sent_found, sent_wanted
from tests.machine.state_of_visits import visits_found, visits_wanted
from tests.machine.state_of_waiting import WAITING, waiting_found, waiting_wanted
from tests.machine.things import CountLine, Level

STATE = f"""
SELECT json_build_object(
    'waiting', ({WAITING}),
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
        SELECT json_agg(json_build_array(
            CASE WHEN held.reference LIKE 'hold:substitute:%%' THEN 'question ' || (
                SELECT count(*) FROM substitutes_substitutequestion asked
                WHERE asked.id <= (SELECT id FROM substitutes_substitutequestion
                                   WHERE public_id = split_part(held.reference, ':', 3)::uuid))
            ELSE split_part(held.reference, ':', 3) END, location.code, variant.sku,
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
    'questions', (
        SELECT json_agg(json_build_array(status, quantity, worth, answer_by <= statement_timestamp()) ORDER BY id)
        FROM substitutes_substitutequestion),
    'orders', (
        SELECT json_agg(json_build_object(
            'status', bought.status, 'total', bought.total, 'tax', bought.tax, 'dropped', bought.dropped,
            'store', store.code,
            'also_at', (SELECT json_agg(code ORDER BY array_position(bought.also_at, id)) FROM places_location
                        WHERE id = ANY(bought.also_at)),
            'closed_under', bought.closed_under,
            'lines', (
                SELECT json_agg(json_build_array(variant.sku, line.quantity, line.total, line.tax,
                    line.dropped_quantity) ORDER BY line.position)
                FROM sales_orderline line JOIN catalog_variant variant ON variant.id = line.variant_id
                WHERE line.order_id = bought.id),
            'parts', (
                SELECT json_agg(json_build_array(way.id, way.instead_of_id, place.code, way.kind, way.status,
                    way.code_round, way.ship_to ->> 'line', (
                        SELECT json_agg(json_build_array(line.position, slice.quantity, slice.picked, slice.short,
                            slice.short_reason, slice.rerouted, slice.collected, slice.refused,
                            slice.packed) ORDER BY slice.id)
                        FROM fulfilment_fulfilmentline slice JOIN sales_orderline line ON line.id = slice.order_line_id
                        WHERE slice.fulfilment_id = way.id)) ORDER BY way.id)
                FROM fulfilment_fulfilment way JOIN places_location place ON place.id = way.location_id
                WHERE way.order_id = bought.id),
            'money', (
                SELECT json_agg(json_build_array(kind, tender, amount))
                FROM payments_payment WHERE order_id = bought.id),
            'held', (
                SELECT json_agg(json_build_array(place.code, variant.sku, held.quantity, held.fulfilled, held.released))
                FROM stock_reservation held JOIN catalog_variant variant ON variant.id = held.variant_id
                JOIN places_location place ON place.id = held.location_id
                WHERE held.reference = bought.number),
            'given', (
                SELECT json_agg(json_build_array(given.id, given.fulfilment_id, given.undone_at IS NOT NULL, (
                    SELECT json_agg(json_build_array(line.position, one.collected, one.refused))
                    FROM fulfilment_handoverline one JOIN fulfilment_fulfilmentline slice ON slice.id = one.line_id
                    JOIN sales_orderline line ON line.id = slice.order_line_id
                    WHERE one.hand_over_id = given.id)) ORDER BY given.id)
                FROM fulfilment_handover given JOIN fulfilment_fulfilment way ON way.id = given.fulfilment_id
                WHERE way.order_id = bought.id),
            'told', (
                SELECT json_agg(event.kind ORDER BY event.id)
                FROM sales_orderevent event WHERE event.order_id = bought.id)
        ) ORDER BY bought.id)
        FROM sales_order bought JOIN places_location store ON store.id = bought.location_id
    )
) AS state
"""  # noqa: S608  (constants of ours)


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
        "waiting": waiting_found(found["waiting"]),
        "questions": [tuple(question) for question in found["questions"] or []],
        "orders": [order_found(order) for order in found["orders"] or []],
        "sent": sent_found(),
        "visits": visits_found(),
    }


def _parcel_found(parcel: dict[str, Any]) -> dict[str, Any]:
    lines = {sku: tuple(figures) for sku, *figures in parcel["lines"] or []}
    return parcel | {"lines": lines, "unknown": parcel["unknown"] or {}}


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
        "waiting": waiting_wanted(house),
        "questions": [
            (asked.status, asked.quantity, asked.quantity * asked.slice.line.each, asked.late)
            for asked in house.questions
        ],
        "orders": [order_wanted(order) for order in house.orders],
        "sent": sent_wanted(house),
        "visits": visits_wanted(house),
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


def differing(found: Any, wanted: Any, path: str = "") -> Iterator[str]:
    """Say for a reader where the database and the model differ."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        for key in found:
            yield from differing(found[key], wanted[key], f"{path} {key}")
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            yield from differing(*pair, f"{path} {number}")
    elif found != wanted:
        yield f"{path}: the house has {found}, the model {wanted}"
