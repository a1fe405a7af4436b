"""What the time of waiting promises, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

WAITS_FOR_NOBODY = """
SELECT bought.number, way.short_id, way.status, arrival.arrived_at,
       arrival.ended_at IS NOT NULL OR way.status = 'ready' AS holds
FROM waiting_arrival arrival
JOIN fulfilment_fulfilment way ON way.id = arrival.fulfilment_id
JOIN sales_order bought ON bought.id = way.order_id
"""

EMPTIED_ONCE = """
SELECT bought.number, way.short_id, way.status, coalesce(slices.picked, 0) AS picked,
       coalesce(bag.bags, 0) AS bags, coalesce(bag.pieces, 0) AS pieces,
       coalesce(bag.bags, 0) = (way.status IN ('expired', 'cancelled') AND coalesce(slices.picked, 0) > 0)::int
       AND coalesce(bag.pieces, 0) = CASE WHEN coalesce(bag.bags, 0) > 0 THEN coalesce(slices.picked, 0) ELSE 0 END
       AND (bag.done IS NOT TRUE OR bag.put_back = bag.pieces)
       AND (way.status <> 'expired' OR coalesce(bag.bags, 0) = 1) AS holds
FROM fulfilment_fulfilment way
JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN (
    SELECT fulfilment_id, sum(picked - collected - refused) AS picked
    FROM fulfilment_fulfilmentline GROUP BY fulfilment_id
) slices ON slices.fulfilment_id = way.id
LEFT JOIN (
    SELECT restock.fulfilment_id, count(DISTINCT restock.id) AS bags, sum(line.quantity) AS pieces,
           sum(line.put_back) AS put_back, bool_and(restock.done_at IS NOT NULL) AS done
    FROM waiting_restock restock LEFT JOIN waiting_restockline line ON line.restock_id = restock.id
    GROUP BY restock.fulfilment_id
) bag ON bag.fulfilment_id = way.id
WHERE bag.bags > 0 OR (way.status IN ('expired', 'cancelled') AND way.ended_at > (
    SELECT applied FROM django_migrations WHERE app = 'waiting' AND name = '0001_waiting'))
"""
"""What ended before bags were written down was emptied unseen."""

REMINDED_ONCE = """
SELECT bought.number, way.short_id, letter.facts ->> 'day' AS day, count(*) AS reminders,
       count(*) = 1 AND min(letter.created_at) >= way.ready_at AS holds
FROM customers_message letter
JOIN fulfilment_fulfilment way ON way.id = (letter.facts ->> 'fulfilment')::bigint
JOIN sales_order bought ON bought.id = way.order_id
WHERE letter.template = 'pickup_reminder'
GROUP BY bought.number, way.short_id, way.ready_at, letter.facts ->> 'day'
"""

KEPT_AS_EXTENDED = """
SELECT bought.number, way.short_id, way.keep_until, extension.keep_until AS extended_to,
       way.keep_until = extension.keep_until
       AND extension.kept_until IS NOT DISTINCT FROM coalesce(earlier.keep_until, extension.kept_until) AS holds
FROM fulfilment_fulfilment way
JOIN sales_order bought ON bought.id = way.order_id
JOIN LATERAL (
    SELECT * FROM waiting_extension WHERE fulfilment_id = way.id ORDER BY id DESC LIMIT 1
) extension ON true
LEFT JOIN LATERAL (
    SELECT keep_until FROM waiting_extension
    WHERE fulfilment_id = way.id AND id < extension.id ORDER BY id DESC LIMIT 1
) earlier ON true
WHERE way.status = 'ready'
"""

RATED_WHAT_WAS_COLLECTED = """
SELECT bought.number, way.short_id, way.status, rating.stars,
       rating.created_at >= way.ready_at OR way.kind = 'carry_out' AS holds
FROM waiting_rating rating
JOIN fulfilment_fulfilment way ON way.id = rating.fulfilment_id
JOIN sales_order bought ON bought.id = way.order_id
"""

INVARIANTS = [
    Invariant("W1", _("Nobody waits for a pickup that is over."), WAITS_FOR_NOBODY),
    Invariant("W2", _("A bag that was given up goes back to the shelf, once and whole."), EMPTIED_ONCE),
    Invariant("W3", _("Nobody is reminded twice of the same day."), REMINDED_ONCE),
    Invariant("W4", _("A pickup is kept until where its last extension says."), KEPT_AS_EXTENDED),
    Invariant("W5", _("Only a visit that was made is rated."), RATED_WHAT_WAS_COLLECTED),
]
