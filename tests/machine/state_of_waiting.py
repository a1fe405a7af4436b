"""What is known of the time of waiting, and of reservations, in the shape in which the model's is compared."""

from typing import Any

from tests.machine.model import House

WAITING = """
SELECT json_build_object(
    'parts', (
        SELECT json_agg(json_build_array(
            (way.keep_until AT TIME ZONE place.time_zone)::date
            - (CASE way.kind WHEN 'reservation' THEN greatest(way.ready_at, way.promised_at) ELSE way.ready_at END
               AT TIME ZONE place.time_zone)::date,
            coalesce(way.keep_until < statement_timestamp(), false),
            (SELECT count(*) FROM waiting_extension WHERE fulfilment_id = way.id AND actor_id IS NULL),
            (SELECT count(*) FROM waiting_extension WHERE fulfilment_id = way.id AND actor_id IS NOT NULL),
            (SELECT json_agg(json_build_array(spot, note)) FROM waiting_arrival
             WHERE fulfilment_id = way.id AND ended_at IS NULL),
            (SELECT count(*) FROM waiting_arrival WHERE fulfilment_id = way.id),
            (SELECT json_agg(json_build_array(stars, sentence)) FROM waiting_rating WHERE fulfilment_id = way.id),
            (SELECT json_object_agg(variant.sku, line.quantity)
             FROM waiting_restock bag JOIN waiting_restockline line ON line.restock_id = bag.id
             JOIN catalog_variant variant ON variant.id = line.variant_id
             WHERE bag.fulfilment_id = way.id)
        ) ORDER BY way.order_id, way.id)
        FROM fulfilment_fulfilment way JOIN places_location place ON place.id = way.location_id),
    'orders', (
        SELECT json_agg(json_build_array(bought.reserved, coalesce(link.round, 0)) ORDER BY bought.id)
        FROM sales_order bought LEFT JOIN waiting_customerlink link ON link.order_id = bought.id)
)
"""


def waiting_found(found: dict[str, Any]) -> dict[str, Any]:
    return {kind: rows or [] for kind, rows in found.items()}


def waiting_wanted(house: House) -> dict[str, Any]:
    stays = [(house.stay(part), part) for order in house.orders for part in order.parts]
    return {
        "parts": [
            [
                *(stay.days, part.overdue, stay.by_customer, stay.by_store),
                [list(stay.here)] if stay.here else None,
                stay.arrivals,
                [list(stay.rated)] if stay.rated else None,
                dict(stay.bag) or None,
            ]
            for stay, part in stays
        ],
        "orders": [[order.reserved, house.rounds.get(order, 0)] for order in house.orders],
    }
