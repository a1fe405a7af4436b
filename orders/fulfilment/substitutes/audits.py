"""What a question about a substitute promises, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

ANSWERED_IS_BOUGHT = """
SELECT bought.number, asked.status, asked.quantity, asked.worth, line.quantity AS bought_quantity, line.total,
       asked.quantity <= slice.short
       AND (asked.status <> 'accepted' OR (
           line.order_id = wanted.order_id AND line.instead_of_id = wanted.id AND line.quantity = asked.quantity
           AND line.total <= asked.worth
           AND EXISTS (SELECT FROM substitutes_substitute one
                       WHERE one.question_id = asked.id AND one.variant_id = line.variant_id))) AS holds
FROM substitutes_substitutequestion asked
LEFT JOIN fulfilment_fulfilmentline slice ON slice.id = asked.line_id AND slice.fulfilment_id = asked.fulfilment_id
LEFT JOIN sales_orderline wanted ON wanted.id = slice.order_line_id
LEFT JOIN sales_order bought ON bought.id = wanted.order_id
LEFT JOIN sales_orderline line ON line.id = asked.bought_id
"""

KEPT_WHILE_ASKED = """
SELECT bought.number, asked.status, asked.answer_by, coalesce(sum(held.units), 0) AS units_kept,
       CASE WHEN asked.status = 'open' AND asked.answer_by > statement_timestamp()
            THEN coalesce(bool_and(coalesce(held.units, 0) = asked.quantity), false)
            ELSE asked.status = 'open' OR coalesce(sum(held.units), 0) = 0 END AS holds
FROM substitutes_substitutequestion asked
JOIN fulfilment_fulfilment way ON way.id = asked.fulfilment_id
JOIN sales_order bought ON bought.id = way.order_id
LEFT JOIN substitutes_substitute one ON one.question_id = asked.id
LEFT JOIN LATERAL (
    SELECT quantity - fulfilled - released AS units FROM stock_reservation
    WHERE reference = 'hold:substitute:' || replace(asked.public_id::text, '-', '') AND variant_id = one.variant_id
) held ON true
GROUP BY asked.id, bought.number
"""

INSTEAD_WAS_ASKED = """
SELECT bought.number, line.position, asked.id IS NOT NULL AS holds
FROM sales_orderline line
JOIN sales_order bought ON bought.id = line.order_id
LEFT JOIN substitutes_substitutequestion asked ON asked.bought_id = line.id
WHERE line.instead_of_id IS NOT NULL
"""

INVARIANTS = [
    Invariant("U1", _("What came instead was offered, is as many pieces, and costs no more."), ANSWERED_IS_BOUGHT),
    Invariant("U2", _("What is offered is kept while its customer may answer, and no longer."), KEPT_WHILE_ASKED),
    Invariant("U3", _("Nothing comes into an order that its customer was not asked about."), INSTEAD_WAS_ASKED),
]
"""U2 keeps quiet about the seconds between the end of the time and its sweep."""
