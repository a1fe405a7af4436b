"""What the house promises about money that moved, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

REFUNDED_NO_MORE = """
SELECT bought.number, paid.captured, paid.refunded, paid.least, bought.currency, paid.first_currency,
       paid.last_currency,
       paid.least > 0 AND paid.refunded <= paid.captured
       AND paid.first_currency = bought.currency AND paid.last_currency = bought.currency AS holds
FROM (
    SELECT order_id, min(amount) AS least, min(currency) AS first_currency, max(currency) AS last_currency,
           coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
           coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
    FROM payments_payment GROUP BY order_id
) paid
JOIN sales_order bought ON bought.id = paid.order_id
"""

PAID_IS_OWED = """
SELECT bought.number, bought.status, bought.total, bought.dropped, paid.captured, paid.refunded,
       CASE
           WHEN bought.imported AND bought.total <= 0 THEN paid.order_id IS NULL
           WHEN bought.status = 'completed' THEN coalesce(paid.net, 0) = bought.total - bought.dropped
           WHEN bought.status = 'cancelled' THEN coalesce(paid.net, 0) = 0
           ELSE coalesce(paid.net, 0) BETWEEN 0 AND bought.total
       END AS holds
FROM sales_order bought
LEFT JOIN (
    SELECT order_id, sum(amount) FILTER (WHERE kind = 'capture') AS captured,
           sum(amount) FILTER (WHERE kind = 'refund') AS refunded,
           sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount END) AS net
    FROM payments_payment GROUP BY order_id
) paid ON paid.order_id = bought.id
"""

BACK_TO_ITS_TENDER = """
SELECT bought.number, paid.tender, paid.captured, paid.refunded, paid.refunded <= paid.captured AS holds
FROM (
    SELECT order_id, tender, coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
           coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded
    FROM payments_payment GROUP BY order_id, tender
) paid
LEFT JOIN sales_order bought ON bought.id = paid.order_id
"""

INVARIANTS = [
    Invariant("M3", _("No order was refunded more than it paid, and all in its own currency."), REFUNDED_NO_MORE),
    Invariant("M6", _("A completed order is paid to the cent, a cancelled one has nothing left."), PAID_IS_OWED),
    Invariant("M9", _("No tender was given back more than it paid."), BACK_TO_ITS_TENDER),
]
