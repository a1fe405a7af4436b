"""What the way of the goods promises, added up again: slices against lines, reservations, movements and hand-overs."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant
from orders.sales import events

PIECES = """
SELECT bought.number AS reference, way.location_id, line.variant_id, sum(slice.collected) AS collected,
       sum(slice.quantity + coalesce(again.pieces, 0)) AS ordered,
       sum(coalesce(again.pieces, 0)
           + CASE WHEN way.status IN ('expired', 'cancelled') THEN slice.quantity - slice.collected
                  ELSE slice.short + slice.refused END) AS dropped
FROM fulfilment_fulfilmentline slice
JOIN fulfilment_fulfilment way ON way.id = slice.fulfilment_id
JOIN sales_orderline line ON line.id = slice.order_line_id
JOIN sales_order bought ON bought.id = line.order_id
LEFT JOIN (
    SELECT row.line_id, sum(row.refused) AS pieces FROM fulfilment_handoverline row
    JOIN fulfilment_handover one ON one.id = row.hand_over_id AND one.undone_at IS NOT NULL
    GROUP BY row.line_id
) again ON again.line_id = slice.id
GROUP BY bought.number, way.location_id, line.variant_id
"""
"""Per order, store and article: how many pieces it was to serve, are with the customer, will not come from there. What
was refused in a hand-over that was undone was kept twice: a reservation only goes forward."""

HELD_IS_OWED = f"""
SELECT reference AS number, location.code AS store, variant.sku, piece.ordered, piece.collected, piece.dropped,
       held.quantity AS reserved, held.fulfilled, held.released,
       held.quantity = piece.ordered AND held.fulfilled = piece.collected AND held.released = piece.dropped AS holds
FROM ({PIECES}) piece
FULL JOIN (SELECT * FROM stock_reservation WHERE reference NOT SIMILAR TO '(hold|transfer):%%') held
USING (reference, location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""  # noqa: S608  (constants of ours)

GONE_IS_COLLECTED = f"""
SELECT reference AS number, location.code AS store, variant.sku, piece.collected, gone.units AS left_the_house,
       coalesce(piece.collected, 0) = coalesce(gone.units, 0) AS holds
FROM ({PIECES}) piece
FULL JOIN (
    SELECT split_part(reference, '/', 1) AS reference, location_id, variant_id,
           sum(CASE kind WHEN 'sold' THEN quantity ELSE -quantity END) AS units
    FROM stock_stockmovement WHERE kind IN ('sold', 'returned')
    GROUP BY split_part(reference, '/', 1), location_id, variant_id
) gone USING (reference, location_id, variant_id)
LEFT JOIN places_location location ON location.id = location_id
LEFT JOIN catalog_variant variant ON variant.id = variant_id
"""  # noqa: S608  (constants of ours)

LINES_ARE_SLICES = """
SELECT bought.number, line.position, line.quantity, slice.quantity AS in_slices, line.dropped_quantity,
       slice.dropped AS dropped_in_slices,
       line.quantity = slice.quantity AND line.dropped_quantity = slice.dropped AS holds
FROM sales_order bought
JOIN sales_orderline line ON line.order_id = bought.id
LEFT JOIN (
    SELECT part.order_line_id, sum(part.quantity - part.rerouted) AS quantity,
           sum(CASE WHEN way.status IN ('expired', 'cancelled') THEN part.quantity - part.rerouted - part.collected
                    ELSE part.short - part.rerouted + part.refused END) AS dropped
    FROM fulfilment_fulfilmentline part JOIN fulfilment_fulfilment way ON way.id = part.fulfilment_id
    GROUP BY part.order_line_id
) slice ON slice.order_line_id = line.id
WHERE NOT bought.imported
"""

STATUSES_AGREE = """
SELECT bought.number, bought.status, way.statuses AS fulfilments, way.collected, way.places, bought.also_at,
       bought.status = CASE
           WHEN way.statuses && ARRAY['to_pick', 'picking', 'ready']::varchar[] THEN 'open'
           WHEN way.collected > 0 THEN 'completed'
           ELSE 'cancelled'
       END
       AND (bought.closed_under = '') = (bought.status = 'open')
       AND way.places <@ (bought.also_at || bought.location_id) AND bought.also_at <@ way.places AS holds
FROM sales_order bought
LEFT JOIN (
    SELECT served.order_id, array_agg(DISTINCT served.status) AS statuses,
           array_agg(DISTINCT served.location_id) AS places, sum(slice.collected) AS collected
    FROM fulfilment_fulfilment served JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = served.id
    GROUP BY served.order_id
) way ON way.order_id = bought.id
WHERE NOT bought.imported
"""

GIVEN_BY_CODE = """
SELECT bought.number, way.short_id, way.kind, way.status, coalesce(given.standing, 0) AS hand_overs,
       (coalesce(given.standing, 0) > 0) = (way.kind IN ('pickup', 'reservation') AND slice.collected > 0)
       AND (way.status <> 'collected' OR slice.collected > 0)
       AND slice.collected = slice.given AND slice.refused = slice.taken_back
       AND (way.status <> 'ready' OR (way.kind IN ('pickup', 'reservation') AND way.code_hash <> ''
                                      AND way.keep_until IS NOT NULL AND spot.location_id = way.location_id))
       AND (way.status <> 'dispatched' OR way.kind IN ('ship', 'relay'))
       AND (way.status <> 'expired' OR way.kind IN ('pickup', 'reservation')) AS holds
FROM fulfilment_fulfilment way
LEFT JOIN (
    SELECT fulfilment_id, count(*) AS standing FROM fulfilment_handover WHERE undone_at IS NULL GROUP BY fulfilment_id
) given ON given.fulfilment_id = way.id
LEFT JOIN places_holdplace spot ON spot.id = way.hold_place_id
LEFT JOIN sales_order bought ON bought.id = way.order_id
JOIN (
    SELECT part.fulfilment_id, sum(part.collected) AS collected, sum(part.refused) AS refused,
           sum(CASE WHEN served.kind IN ('pickup', 'reservation') THEN coalesce(written.collected, 0)
                    ELSE part.collected END) AS given,
           sum(coalesce(written.refused, 0)) AS taken_back
    FROM fulfilment_fulfilmentline part
    JOIN fulfilment_fulfilment served ON served.id = part.fulfilment_id
    LEFT JOIN (
        SELECT row.line_id, sum(row.collected) AS collected, sum(row.refused) AS refused
        FROM fulfilment_handoverline row
        JOIN fulfilment_handover one ON one.id = row.hand_over_id AND one.undone_at IS NULL
        GROUP BY row.line_id
    ) written ON written.line_id = part.id
    GROUP BY part.fulfilment_id
) slice ON slice.fulfilment_id = way.id
"""

NOTHING_HELD_AFTER = """
SELECT bought.number, way.short_id, way.status, coalesce(held.units, 0) AS still_held,
       coalesce(held.units, 0) = 0
       OR EXISTS (SELECT FROM fulfilment_fulfilment other WHERE other.order_id = way.order_id
                  AND other.location_id = way.location_id AND other.ended_at IS NULL) AS holds
FROM fulfilment_fulfilment way
JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN (
    SELECT reference, location_id, sum(quantity - fulfilled - released) AS units
    FROM stock_reservation GROUP BY reference, location_id
) held ON held.reference = bought.number AND held.location_id = way.location_id
WHERE way.status NOT IN ('to_pick', 'picking', 'ready')
"""

EXPIRED_IN_TIME = """
SELECT bought.number, way.short_id, way.keep_until, way.keep_until > now() - interval '10 minutes' AS holds
FROM fulfilment_fulfilment way
LEFT JOIN sales_order bought ON bought.id = way.order_id
WHERE way.status = 'ready'
"""

STORY_OF_EACH = f"""
SELECT bought.number, way.short_id, way.status, told.given, told.sent, told.given_up,
       coalesce(told.given, 0) = CASE WHEN way.kind = 'carry_out' THEN (way.status = 'collected')::int
                                      ELSE coalesce(given.standing, 0) END
       AND coalesce(told.sent, 0) = (way.status = 'dispatched')::int
       AND coalesce(told.given_up, 0) = (way.status IN ('expired', 'cancelled'))::int AS holds
FROM fulfilment_fulfilment way
JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN (
    SELECT fulfilment_id, count(*) AS standing FROM fulfilment_handover WHERE undone_at IS NULL GROUP BY fulfilment_id
) given ON given.fulfilment_id = way.id
LEFT JOIN (
    SELECT (data ->> 'fulfilment')::bigint AS fulfilment_id,
           count(*) FILTER (WHERE kind = '{events.HANDED_OVER}')
           - count(*) FILTER (WHERE kind = '{events.HAND_OVER_UNDONE}') AS given,
           count(*) FILTER (WHERE kind = '{events.DISPATCHED}') AS sent,
           count(*) FILTER (WHERE kind IN {events.GIVEN_UP}) AS given_up
    FROM sales_orderevent WHERE kind <> '{events.PLACED}' GROUP BY data ->> 'fulfilment'
) told ON told.fulfilment_id = way.id
"""  # noqa: S608  (constants of ours)

RESERVED_IS_FREE = """
SELECT bought.number, bought.status, way.kinds, bought.reserved, coalesce(paid.captures, 0) AS captures,
       coalesce(earned.entries, 0) AS earned,
       bought.reserved = coalesce('reservation' = ANY(way.kinds), false)
       AND (NOT bought.reserved
            OR (way.kinds = ARRAY['reservation']::varchar[] AND bought.customer_id IS NOT NULL
                AND (way.collected > 0 OR coalesce(paid.kept, 0) = 0)
                AND (way.given OR (coalesce(paid.captures, 0) = 0 AND coalesce(earned.entries, 0) = 0)))) AS holds
FROM sales_order bought
LEFT JOIN (
    SELECT served.order_id, array_agg(DISTINCT served.kind) AS kinds, sum(slice.collected) AS collected,
           bool_or(EXISTS (SELECT FROM fulfilment_handover one WHERE one.fulfilment_id = served.id)) AS given
    FROM fulfilment_fulfilment served JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = served.id
    GROUP BY served.order_id
) way ON way.order_id = bought.id
LEFT JOIN (
    SELECT order_id, count(*) FILTER (WHERE kind = 'capture') AS captures,
           sum(CASE kind WHEN 'capture' THEN amount ELSE -amount END) AS kept
    FROM payments_payment GROUP BY order_id
) paid ON paid.order_id = bought.id
LEFT JOIN (SELECT cause, count(*) AS entries FROM loyalty_entry GROUP BY cause) earned ON earned.cause = bought.number
WHERE NOT bought.imported
"""
"""Before somebody took a piece of it nothing is paid or earned; after an undo, everything was given back."""

INVARIANTS = [
    Invariant(
        "O3", _("A reservation is somebody's, alone in its order, and free until it is taken."), RESERVED_IS_FREE
    ),
    Invariant("X1c", _("Every hand-over, parcel and ending has its event."), STORY_OF_EACH),
    Invariant("R5", _("A reservation holds what its order still owes."), HELD_IS_OWED),
    Invariant("R6", _("What left the house for an order is what its customer collected."), GONE_IS_COLLECTED),
    Invariant("O1", _("Every line is served, and its missing pieces are dropped from the order."), LINES_ARE_SLICES),
    Invariant("O2", _("An order's status is what its fulfilments say."), STATUSES_AGREE),
    Invariant("P5", _("A waiting pickup has its code and place, a collected one its one hand-over."), GIVEN_BY_CODE),
    Invariant("P6", _("What was handed over, expired or cancelled keeps nothing reserved."), NOTHING_HELD_AFTER),
    Invariant(
        "P6b", _("Pickups past their last day are given up within ten minutes."), EXPIRED_IN_TIME, tells_only=True
    ),
]
