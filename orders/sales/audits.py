"""What an order promises about its money and its story, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant
from orders.sales import events

LINES_FIT = """
SELECT bought.number, line.position, line.quantity, line.unit_price, line.gross, line.discount, line.total,
       line.dropped_quantity,
       line.total = line.gross - line.discount AND line.dropped_quantity BETWEEN 0 AND line.quantity
       AND (line.imported OR (line.quantity >= 1 AND line.unit_price >= 0 AND line.discount BETWEEN 0 AND line.gross
                              AND line.gross = line.quantity * line.unit_price)) AS holds
FROM sales_orderline line
LEFT JOIN sales_order bought ON bought.id = line.order_id
"""

ORDERS_ARE_LINES = """
SELECT bought.number, bought.lines_total, line.total AS sum_of_lines, bought.discount, bought.total, bought.tax,
       line.tax AS tax_of_lines, bought.dropped, line.dropped AS value_of_dropped_pieces,
       bought.lines_total = line.total AND bought.total = bought.lines_total - bought.discount
       AND bought.tax = line.tax AND bought.dropped = line.dropped
       AND (bought.imported OR (bought.total >= 0 AND bought.discount >= 0)) AS holds
FROM sales_order bought
LEFT JOIN (
    SELECT order_id, sum(total) AS total, sum(tax) AS tax, sum(CASE WHEN dropped_quantity = 0 THEN 0 ELSE
               dropped_quantity * (total / quantity)
               + greatest(0, total %% quantity - (quantity - dropped_quantity)) END) AS dropped
    FROM sales_orderline GROUP BY order_id
) line ON line.order_id = bought.id
"""
"""The pieces of a line share its total by largest remainder: the first get the odd cents, the last drop first."""

TAKEN_ONCE = """
SELECT 'external reference' AS name, channel AS caller, external_ref AS key, count(*) AS times, count(*) = 1 AS holds
FROM sales_order WHERE external_ref IS NOT NULL GROUP BY channel, external_ref
UNION ALL
SELECT 'idempotency key', client, key, count(*), count(*) = 1 FROM staff_answeredrequest GROUP BY client, key
"""

STORY_IS_TOLD = f"""
SELECT bought.number, bought.status, told.placed, told.given, told.given_up,
       CASE WHEN bought.imported THEN told.order_id IS NULL ELSE
           told.placed = 1 AND (bought.status <> 'completed' OR told.given > 0)
           AND (bought.status <> 'cancelled' OR (told.given = 0 AND told.given_up > 0))
       END AS holds
FROM sales_order bought
LEFT JOIN (
    SELECT order_id, count(*) FILTER (WHERE kind = '{events.PLACED}') AS placed,
           count(*) FILTER (WHERE kind IN ('{events.HANDED_OVER}', '{events.DISPATCHED}'))
           - count(*) FILTER (WHERE kind = '{events.HAND_OVER_UNDONE}') AS given,
           count(*) FILTER (WHERE kind IN {events.GIVEN_UP}) AS given_up
    FROM sales_orderevent GROUP BY order_id
) told ON told.order_id = bought.id
"""  # noqa: S608  (constants of ours)

EVENTS_ARE_HANDLED = """
SELECT bought.number, event.kind, event.attempts, event.failure, event.created_at,
       event.created_at > now() - interval '1 minute' AS holds
FROM sales_orderevent event
LEFT JOIN sales_order bought ON bought.id = event.order_id
WHERE event.handled_at IS NULL
"""

INVARIANTS = [
    Invariant("M1", _("A line costs its quantity times its price, less its discount."), LINES_FIT),
    Invariant(
        "M2", _("An order's total, tax and dropped value are those of its lines, to the cent."), ORDERS_ARE_LINES
    ),
    Invariant("M5", _("A channel's reference makes one order, a key has one answer."), TAKEN_ONCE),
    Invariant("X1", _("Every order has the events of its story, and an imported one none."), STORY_IS_TOLD),
    Invariant("X1b", _("Events wait less than a minute for their followers."), EVENTS_ARE_HANDLED, tells_only=True),
]
