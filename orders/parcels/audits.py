"""What parcels promise, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

PACKED_ONCE = """
SELECT bought.number, way.short_id, variant.sku, slice.picked, slice.packed, coalesce(inside.pieces, 0) AS in_parcels,
       slice.packed = coalesce(inside.pieces, 0) AND slice.packed <= slice.picked AS holds
FROM fulfilment_fulfilmentline slice
JOIN fulfilment_fulfilment way ON way.id = slice.fulfilment_id
LEFT JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN sales_orderline bought_line ON bought_line.id = slice.order_line_id
LEFT JOIN catalog_variant variant ON variant.id = bought_line.variant_id
LEFT JOIN (
    SELECT row.line_id, sum(row.quantity) AS pieces
    FROM parcels_parcelline row JOIN parcels_parcel parcel ON parcel.id = row.parcel_id AND parcel.cancelled_at IS NULL
    GROUP BY row.line_id
) inside ON inside.line_id = slice.id
"""

OF_WHAT_IS_SENT = """
SELECT bought.number, way.short_id, way.kind, way.status, parcel.number AS parcel,
       way.kind IN ('ship', 'relay')
       AND coalesce(inside.pieces, 0) > 0 AND coalesce(inside.strangers, 0) = 0
       AND (parcel.cancelled_at IS NOT NULL
            OR (way.status IN ('to_pick', 'picking') OR (way.status = 'dispatched' AND parcel.packed_at IS NOT NULL)))
       AS holds
FROM parcels_parcel parcel
JOIN fulfilment_fulfilment way ON way.id = parcel.fulfilment_id
LEFT JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN (
    SELECT row.parcel_id, sum(row.quantity) AS pieces,
           count(*) FILTER (WHERE slice.fulfilment_id <> holder.fulfilment_id) AS strangers
    FROM parcels_parcelline row
    JOIN parcels_parcel holder ON holder.id = row.parcel_id
    JOIN fulfilment_fulfilmentline slice ON slice.id = row.line_id
    GROUP BY row.parcel_id
) inside ON inside.parcel_id = parcel.id
"""

LEFT_WHOLE = """
SELECT bought.number, way.short_id, sum(slice.picked) AS picked, sum(slice.packed) AS packed,
       sum(slice.packed) IN (0, sum(slice.picked)) AS holds
FROM fulfilment_fulfilment way
JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = way.id
LEFT JOIN sales_order bought ON bought.id = way.order_id
WHERE way.kind IN ('ship', 'relay') AND way.status = 'dispatched'
GROUP BY way.id, bought.number, way.short_id
"""

TOLD_BY_ITS_CARRIER = """
SELECT parcel.tracking_number, told.kind, told.happened_at,
       told.carrier = parcel.carrier AND parcel.booked_at IS NOT NULL
       AND told.kind IN ('accepted', 'in_transit', 'out_for_delivery', 'at_relay', 'delivered', 'collected_at_relay',
                         'failed_attempt', 'returned') AS holds
FROM parcels_trackingevent told JOIN parcels_parcel parcel ON parcel.id = told.parcel_id
"""

STORY_IS_TOLD = """
SELECT bought.number, way.short_id, parcel.number AS parcel, coalesce(told.packed, 0) AS packed_events,
       coalesce(told.apart, 0) AS taken_apart_events,
       coalesce(told.packed, 0) = (parcel.packed_at IS NOT NULL)::int
       AND coalesce(told.apart, 0) = (parcel.cancelled_at IS NOT NULL AND parcel.packed_at IS NOT NULL)::int AS holds
FROM parcels_parcel parcel
JOIN fulfilment_fulfilment way ON way.id = parcel.fulfilment_id
JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN (
    SELECT (data ->> 'parcel')::bigint AS parcel_id, count(*) FILTER (WHERE kind = 'parcel_packed') AS packed,
           count(*) FILTER (WHERE kind = 'parcel_taken_apart') AS apart
    FROM sales_orderevent WHERE kind IN ('parcel_packed', 'parcel_taken_apart') GROUP BY data ->> 'parcel'
) told ON told.parcel_id = parcel.id
"""

TOLD_ONCE_AT_THE_POINT = """
SELECT bought.number, way.short_id, parcel.number AS parcel, count(*) AS letters,
       count(*) = 1 AND bool_and(way.kind = 'relay')
       AND EXISTS (SELECT FROM parcels_trackingevent told
                   WHERE told.parcel_id = parcel.id AND told.kind = 'at_relay') AS holds
FROM customers_message letter
JOIN parcels_parcel parcel ON parcel.id = (letter.facts ->> 'parcel')::bigint
JOIN fulfilment_fulfilment way ON way.id = parcel.fulfilment_id
JOIN sales_order bought ON bought.id = way.order_id
WHERE letter.template = 'parcel_at_relay'
GROUP BY parcel.id, bought.number, way.short_id, parcel.number
"""

INVARIANTS = [
    Invariant("K1", _("Every packed piece was picked, and is in one parcel."), PACKED_ONCE),
    Invariant("K2", _("Every parcel holds something of its own order, and went where the order did."), OF_WHAT_IS_SENT),
    Invariant("K3", _("What leaves in parcels leaves whole."), LEFT_WHOLE),
    Invariant("K4", _("Only its own carrier tells of a parcel."), TOLD_BY_ITS_CARRIER),
    Invariant("K5", _("Every parcel that was packed or taken apart has its event."), STORY_IS_TOLD),
    Invariant("K6", _("A customer is told once that a parcel waits at its relay point."), TOLD_ONCE_AT_THE_POINT),
]
