"""What the panel does not publish and the house needs: prices of today, opening stock, home stores. Each rule stands
here.

Every row is marked `derived` (or belongs to a customer marked `invented`), and is made once: a second run finds it.
"""

from django.db import transaction
from django.utils.translation import gettext_noop

from customers.models import Address, Identity
from inventory.catalog.models import Price
from omni.demo.people import person
from omni.demo.places import TIME_ZONE
from omni.lib import sql
from omni.lib.copying import copy_rows, history_in_bulk

PAR_RULE = gettext_noop("par: largest weekly units")

PRICES = """
    INSERT INTO catalog_price (variant_id, channel, currency, amount, starts_at, derived)
    SELECT DISTINCT ON (line.variant_id)
           line.variant_id, '', bought.currency, round(line.gross::numeric / line.quantity), bought.placed_at, true
      FROM sales_orderline line
      JOIN sales_order bought ON bought.id = line.order_id
      JOIN catalog_variant variant ON variant.id = line.variant_id AND variant.measure = 'piece'
     WHERE line.imported AND line.quantity > 0 AND line.gross * 2 >= line.quantity
       AND NOT EXISTS (SELECT FROM catalog_price known WHERE known.variant_id = line.variant_id AND known.derived)
     ORDER BY line.variant_id, bought.placed_at DESC, line.id DESC
"""
"""Price of a piece: the latest shelf price seen anywhere (amount before reductions ÷ quantity, in whole cents, at least
one).

Measured goods get none: a thousandth of a gallon costs less than a cent, and fuel is not ordered from a web shop.
"""

OPENING = """
    WITH weekly AS (
        SELECT bought.location_id, line.variant_id, sum(line.quantity) AS units
          FROM sales_orderline line
          JOIN sales_order bought ON bought.id = line.order_id
          JOIN catalog_variant variant ON variant.id = line.variant_id AND variant.measure = 'piece'
         WHERE line.imported AND line.quantity > 0
         GROUP BY bought.location_id, line.variant_id, date_trunc('week', bought.placed_on)
    ), par AS (
        SELECT location_id, variant_id, max(units) AS units FROM weekly GROUP BY location_id, variant_id
    ), opening AS MATERIALIZED (
        SELECT (max(placed_on) + 1)::timestamp AT TIME ZONE %(zone)s::text AS at FROM sales_order WHERE imported
    ), level AS (
        INSERT INTO stock_stocklevel (location_id, variant_id, on_hand, changed_at)
        SELECT location_id, variant_id, units, opening.at FROM par, opening ORDER BY variant_id, location_id
            ON CONFLICT (variant_id, location_id) DO NOTHING
        RETURNING location_id, variant_id, on_hand, changed_at
    )
    INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, reason, derived, created_at)
    SELECT location_id, variant_id, 'opened', on_hand, 'opening', %(reason)s, true, changed_at FROM level
"""
"""Opening stock: a store's par for a product is the largest number of units it ever sold of it in one week (Monday to
Sunday).

The panel ends on a Sunday, shelves are refilled to par on Mondays, so the ledger opens at par on the Monday after its
last day. Sales of the history move no stock: they happened before the ledger was opened. Measured goods have no stock.
"""

HOME_STORES = """
    UPDATE customers_customer customer SET home_store_id = visits.store, created_at = visits.first
      FROM (SELECT customer_id, mode() WITHIN GROUP (ORDER BY location_id) AS store, min(placed_at) AS first
              FROM sales_order WHERE imported GROUP BY customer_id) visits
     WHERE visits.customer_id = customer.id AND customer.invented AND customer.home_store_id IS NULL
"""
"""A customer's home store is the one visited most; they are known to the house since their first visit."""

HOMELESS = """
    SELECT customer.id AS customer_id, card.value AS card, store.postal_code, store.town
      FROM customers_customer customer
      JOIN places_location store ON store.id = customer.home_store_id
      JOIN customers_identity card ON card.customer_id = customer.id AND card.kind = %s
     WHERE customer.invented AND NOT EXISTS (SELECT FROM customers_address known WHERE known.customer_id = customer.id)
"""


@transaction.atomic
def derive_prices() -> int:
    _take_memory()
    with history_in_bulk(Price):
        return sql.run(PRICES)


@transaction.atomic
def derive_opening_stock() -> int:
    _take_memory()
    return sql.run(OPENING, {"reason": PAR_RULE, "zone": TIME_ZONE})


@transaction.atomic
def settle_households() -> int:
    """Give every customer of the panel a home store, and a made-up address in its town."""
    moved = sql.run(HOME_STORES)
    rows = [
        (row.customer_id, person(int(row.card[2:12])).street, row.postal_code, row.town, "FR")
        for row in sql.rows(HOMELESS, [Identity.Kind.CARD.value])
    ]
    copy_rows(Address, ("customer", "line", "postal_code", "town", "country"), rows)
    return moved


def refresh_statistics() -> None:
    """Let the planner know what came in by COPY: without it what follows takes three times as long."""
    sql.run("ANALYZE")


def _take_memory() -> None:
    """Let this transaction sort and hash a year of lines in memory."""
    sql.run("SET LOCAL work_mem = '64MB'")
