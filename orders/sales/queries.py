"""Reading orders: found by what is written on them, listed for a customer, told as a thread."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from omni.lib import sql
from omni.lib.cursors import Cursor
from omni.staff.access import Actor
from omni.staff.models import Channel
from orders.sales.models import OrderLine
from orders.sales.services.recording import PREFIXES

IMPORTED_PREFIX = "H"
EVENT_RANK, PURCHASE_RANK = 40, 30
"""Which of two rows of the same instant is shown above: the higher rank."""

VISIBLE = "({order}location_id = ANY(%(stores)s::bigint[]) OR {order}also_at && %(stores)s::bigint[])"
"""What `OrderQuerySet.visible_to` asks, in SQL."""

BY_REFERENCE = f"""
SELECT id, number, customer_id FROM sales_order
WHERE {VISIBLE.format(order="")}
  AND (number = ANY(%(numbers)s::text[]) OR (channel = ANY(%(channels)s::text[]) AND external_ref = %(text)s::text))
ORDER BY id DESC LIMIT %(limit)s::int
"""  # noqa: S608  (our own words)

COUNTED = f"""
SELECT customer_id, count(*) AS orders FROM sales_order
WHERE customer_id = ANY(%(customers)s::bigint[]) AND {VISIBLE.format(order="")} GROUP BY customer_id
"""  # noqa: S608  (our own words)

PIECES = """
SELECT coalesce(sum(CASE WHEN variant.measure = 'piece' THEN line.quantity ELSE 1 END), 0)::bigint AS pieces
FROM sales_orderline line JOIN catalog_variant variant ON variant.id = line.variant_id WHERE line.order_id = {order}
"""
"""What is measured (fuel in thousandths of a gallon) counts as one piece."""

PIECES_OF = f"""
SELECT asked.id, content.pieces
FROM unnest(%s::bigint[]) AS asked(id) CROSS JOIN LATERAL ({PIECES.format(order="asked.id")}) content
"""  # noqa: S608  (our own words)

OF_CUSTOMER = f"""
WITH his AS MATERIALIZED (
    SELECT id, number, channel, location_id, status, total - dropped AS amount, placed_at,
           reserved AND status = 'open' AS tried,
           {VISIBLE.format(order="")} AS visible
    FROM sales_order WHERE customer_id = %(customer)s::bigint
), sums AS (
    SELECT count(*) FILTER (WHERE visible) AS orders, count(*) FILTER (WHERE NOT visible) AS elsewhere,
           count(*) FILTER (WHERE visible AND status <> 'cancelled' AND NOT tried) AS kept,
           coalesce(sum(amount) FILTER (WHERE visible AND NOT tried), 0)::bigint AS value
    FROM his
), newest AS (
    SELECT * FROM his WHERE visible ORDER BY placed_at DESC, id DESC LIMIT %(limit)s::int
)
SELECT sums.orders, sums.elsewhere, sums.kept, sums.value, newest.id,
       newest.number, newest.channel, newest.location_id, newest.status, newest.amount, newest.placed_at, content.pieces
FROM sums LEFT JOIN newest ON true
LEFT JOIN LATERAL ({PIECES.format(order="newest.id")}) content ON newest.id IS NOT NULL
ORDER BY newest.placed_at DESC, newest.id DESC
"""  # noqa: S608  (our own words)

THREAD = f"""
SELECT told.*, person.name AS actor, content.pieces FROM (
    (SELECT event.created_at AS at, {EVENT_RANK} AS rank, event.id, event.kind, event.data, event.actor_id,
            placed.id AS order_id, placed.number, placed.channel,
            coalesce(event.location_id, placed.location_id) AS location_id, placed.total
     FROM sales_order placed JOIN sales_orderevent event ON event.order_id = placed.id
     WHERE placed.{{whose}} AND NOT placed.imported AND {VISIBLE.format(order="placed.")}
       AND event.created_at <= %(at)s::timestamptz
       AND (event.created_at, {EVENT_RANK}, event.id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
     ORDER BY event.created_at DESC, event.id DESC LIMIT %(limit)s::int)
    UNION ALL
    (SELECT placed.placed_at, {PURCHASE_RANK}, placed.id, 'purchase', '{{{{}}}}'::jsonb, placed.actor_id,
            placed.id, placed.number, placed.channel, placed.location_id, placed.total
     FROM sales_order placed
     WHERE placed.{{whose}} AND placed.imported AND {VISIBLE.format(order="placed.")}
       AND placed.placed_at <= %(at)s::timestamptz
       AND (placed.placed_at, {PURCHASE_RANK}, placed.id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
     ORDER BY placed.placed_at DESC, placed.id DESC LIMIT %(limit)s::int)
) told
LEFT JOIN staff_user person ON person.id = told.actor_id
LEFT JOIN LATERAL ({PIECES.format(order="told.order_id")}) content ON told.kind IN ('purchase', 'order_placed')
ORDER BY told.at DESC, told.rank DESC, told.id DESC LIMIT %(limit)s::int
"""  # noqa: S608  (our own words)
"""Events of the house's own orders, and orders of an imported history, which have no events, as purchases."""


@dataclass(frozen=True)
class FoundOrder:
    """An order whose number or reference was typed."""

    number: str
    customer_id: int | None


@dataclass(frozen=True)
class OrderRow:
    """An order in a list of a customer's orders. `amount` in cents, without what was dropped."""

    id: int
    number: str
    channel: str
    location_id: int
    status: str
    amount: int
    placed_at: datetime
    pieces: int


@dataclass(frozen=True)
class CustomerOrders:
    """A customer's orders as one reader may see them; `elsewhere` counts those of stores that are not theirs. What is
    reserved and not bought yet is neither kept nor worth anything."""

    count: int
    elsewhere: int
    kept: int
    value: int
    newest: list[OrderRow]


@dataclass(frozen=True)
class Told:
    """One row of a thread: an order's event, or an imported purchase."""

    cursor: Cursor
    kind: str
    data: dict[str, Any]
    actor: str
    number: str
    channel: str
    location_id: int
    total: int
    pieces: int


def possible_numbers(text: str) -> list[str]:
    """Return the order numbers that somebody may mean: `w-10001`, `W10001` or only `10001`."""
    plain = re.sub(r"\s", "", text).upper()
    written = re.fullmatch(r"([A-Z]?)-?([0-9]{1,18})", plain)
    if not written:
        return [plain]
    prefixes = [written[1]] if written[1] else [*PREFIXES.values(), IMPORTED_PREFIX]
    return [f"{prefix}-{written[2]}" for prefix in prefixes]


def by_reference(text: str, actor: Actor, limit: int) -> list[FoundOrder]:
    """Return the orders of the actor's stores with this number, or this reference of any channel. One statement."""
    rows = sql.rows(
        BY_REFERENCE,
        {
            "stores": sql.numbers(actor.store_ids),
            "numbers": possible_numbers(text),
            "channels": Channel.values,
            "text": text,
            "limit": limit,
        },
    )
    return [FoundOrder(row.number, row.customer_id) for row in rows]


def counted(customer_ids: Collection[int], actor: Actor) -> dict[int, int]:
    """Return, per customer, how many orders the actor may see. One statement."""
    rows = sql.rows(COUNTED, {"customers": sql.numbers(customer_ids), "stores": sql.numbers(actor.store_ids)})
    return {row.customer_id: row.orders for row in rows}


def of_customer(customer_id: int, actor: Actor, limit: int) -> CustomerOrders:
    """Return the newest orders of a customer and what they add up to, as far as the actor may see. One statement."""
    rows = sql.rows(OF_CUSTOMER, {"customer": customer_id, "stores": sql.numbers(actor.store_ids), "limit": limit})
    first = rows[0]
    newest = [
        OrderRow(row.id, row.number, row.channel, row.location_id, row.status, row.amount, row.placed_at, row.pieces)
        for row in rows
        if row.number
    ]
    return CustomerOrders(first.orders, first.elsewhere, first.kept, first.value, newest)


def thread_of_customer(customer_id: int, actor: Actor, *, before: Cursor, limit: int) -> list[Told]:
    """Return what happened to a customer's orders before a row of the thread, newest first. One statement."""
    return _thread("customer_id = %(whose)s::bigint", customer_id, actor, before, limit)


def thread_of_order(order_id: int, actor: Actor, *, before: Cursor, limit: int) -> list[Told]:
    """Return what happened to an order, newest first. One statement."""
    return _thread("id = %(whose)s::bigint", order_id, actor, before, limit)


def _thread(whose: str, pk: int, actor: Actor, before: Cursor, limit: int) -> list[Told]:
    values = {"whose": pk, "stores": sql.numbers(actor.store_ids), "limit": limit}
    rows = sql.rows(THREAD.format(whose=whose), {**values, "at": before.at, "rank": before.rank, "id": before.id})
    return [
        Told(
            cursor=Cursor(row.at, row.rank, row.id),
            kind=row.kind,
            data=json.loads(row.data),
            actor=row.actor or "",
            number=row.number,
            channel=row.channel,
            location_id=row.location_id,
            total=row.total,
            pieces=row.pieces or 0,
        )
        for row in rows
    ]


def pieces_of(order_ids: Collection[int]) -> dict[int, int]:
    """Return, per order, how many pieces were ordered. One statement."""
    return {row.id: row.pieces for row in sql.rows(PIECES_OF, [sql.numbers(order_ids)])}


def lines(order_id: int) -> QuerySet[OrderLine]:
    """Return an order's lines in the order of the basket, with variant and product."""
    return OrderLine.objects.filter(order=order_id).select_related("variant__product").order_by("position")
