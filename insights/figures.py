"""The figures of a day: what each means, in one sentence that people read beside it, and the rows it is the sum of.

A figure has no other source than its rows: the page adds them up per store and channel, the page behind it lists them.
Every statement gives `location_id`, `channel`, `number` (the order), `at`, `detail` or `detail_at`, `value` and, for a
share, `out_of`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TARGET = 95
"""Percent of promises that the house wants to keep."""

BOUGHT = "NOT (placed.reserved AND placed.status <> 'completed')"
"""What was reserved to be tried is an order, and a sale, once it is paid in the store."""
PLACED_THAT_DAY = "placed.location_id = ANY(%(stores)s::bigint[]) AND placed.placed_on = %(day)s::date"
THAT_DAY = """unnest(%(stores)s::bigint[], %(begins)s::timestamptz[], %(ends)s::timestamptz[])
             AS local(location_id, begins, ends)"""
"""The day as an interval in each store's own zone."""


FIRST_PROMISES = f"""
            SELECT one.location_id, one.order_id, one.status, one.ready_at, one.ended_at,
                   one.promised_at AS first_promised_at
            FROM {THAT_DAY}
            JOIN fulfilment_fulfilment one
              ON one.location_id = local.location_id AND one.kind IN ('pickup', 'reservation')
             AND one.promised_at >= local.begins AND one.promised_at < local.ends
            WHERE NOT EXISTS (SELECT FROM fulfilment_loweredpromise change WHERE change.fulfilment_id = one.id)
            UNION ALL
            SELECT one.location_id, one.order_id, one.status, one.ready_at, one.ended_at, change.before
            FROM {THAT_DAY}
            JOIN fulfilment_loweredpromise change
              ON change.number = 1 AND change.before >= local.begins AND change.before < local.ends
            JOIN fulfilment_fulfilment one
              ON one.id = change.fulfilment_id AND one.location_id = local.location_id
             AND one.kind IN ('pickup', 'reservation')
"""  # noqa: S608  (our own words)
"""The pickups that were first promised for the day. One that was put off is not found under its later promise: it would
count as kept because it was announced as broken."""


@dataclass(frozen=True)
class Figure:
    """One figure. `unit` is count, cents or share; `detail` and `adds` head the columns of its rows."""

    code: str
    label: Promise
    definition: Promise
    unit: str
    at: Promise
    detail: Promise
    adds: Promise
    rows: str


ORDERS = Figure(
    code="orders",
    label=_("Orders"),
    definition=_(
        "Orders placed on this day, by the clock of the store that serves them, from every channel, whatever became of"
        " them. A reservation counts once something of it is paid."
    ),
    unit="count",
    at=_("Placed"),
    detail=_("State"),
    adds=_("Orders"),
    rows=f"""
        SELECT placed.location_id, placed.channel, placed.number, placed.placed_at AS at, placed.status AS detail,
               NULL::timestamptz AS detail_at, 1 AS value, NULL::int AS out_of
        FROM sales_order placed WHERE {PLACED_THAT_DAY} AND {BOUGHT}
    """,  # noqa: S608  (our own words)
)

SALES = Figure(
    code="sales",
    label=_("Sales"),
    definition=_(
        "What the orders placed on this day come to, VAT included, less reductions, less pieces that were missing or"
        " cancelled since. A reservation counts once something of it is paid."
    ),
    unit="cents",
    at=_("Placed"),
    detail=_("State"),
    adds=_("Amount"),
    rows=f"""
        SELECT placed.location_id, placed.channel, placed.number, placed.placed_at AS at, placed.status AS detail,
               NULL::timestamptz AS detail_at, placed.total - placed.dropped AS value, NULL::int AS out_of
        FROM sales_order placed WHERE {PLACED_THAT_DAY} AND {BOUGHT}
    """,  # noqa: S608  (our own words)
)

PROMISES = Figure(
    code="promises",
    label=_("Promises kept"),
    definition=_(
        "Pickups promised for this day that were ready by the promised minute, out of those that are ready or whose"
        " minute has come. What counts is the first promise: one that was put off later is not kept by that. A pickup"
        " cancelled before its minute does not count."
    ),
    unit="share",
    at=_("Promised"),
    detail=_("Ready"),
    adds=_("Kept"),
    rows=f"""
        SELECT served.location_id, placed.channel, placed.number, served.first_promised_at AS at, '' AS detail,
               served.ready_at AS detail_at,
               CASE WHEN served.ready_at <= served.first_promised_at THEN 1 ELSE 0 END AS value, 1 AS out_of
        FROM ({FIRST_PROMISES}) served
        JOIN sales_order placed ON placed.id = served.order_id
        WHERE (served.ready_at IS NOT NULL OR served.first_promised_at <= %(now)s::timestamptz)
          AND NOT (served.status = 'cancelled' AND served.ready_at IS NULL
                   AND served.ended_at < served.first_promised_at)
    """,  # noqa: S608  (our own words)
)

SHORTS = Figure(
    code="shorts",
    label=_("Missing pieces"),
    definition=_("Pieces that were reported as missing on this day while orders were being prepared."),
    unit="count",
    at=_("Reported"),
    detail=_("Item"),
    adds=_("Pieces"),
    rows=f"""
        SELECT event.location_id, placed.channel, placed.number, event.created_at AS at,
               event.data ->> 'name' AS detail, NULL::timestamptz AS detail_at,
               (event.data ->> 'quantity')::int AS value, NULL::int AS out_of
        FROM {THAT_DAY}
        JOIN sales_orderevent event
          ON event.location_id = local.location_id AND event.kind = 'line_short'
         AND event.created_at >= local.begins AND event.created_at < local.ends
        JOIN sales_order placed ON placed.id = event.order_id
    """,  # noqa: S608  (our own words)
)

POINTS = Figure(
    code="points",
    label=_("Points issued"),
    definition=_(
        "Points earned by the orders placed on this day: those that count and those still pending, less those taken"
        " back."
    ),
    unit="count",
    at=_("Placed"),
    detail=_("State"),
    adds=_("Points"),
    rows=f"""
        SELECT placed.location_id, placed.channel, placed.number, placed.placed_at AS at, placed.status AS detail,
               NULL::timestamptz AS detail_at, earned.points AS value, NULL::int AS out_of
        FROM sales_order placed
        CROSS JOIN LATERAL (
            SELECT sum(CASE
                       WHEN stage = 'pending' OR (stage = 'posted' AND kind = 'earn') THEN points
                       WHEN stage = 'voids' OR (stage = 'posted' AND kind = 'reverse') THEN -points
                       ELSE 0 END)::bigint AS points
            FROM loyalty_entry WHERE cause = placed.number
        ) earned
        WHERE {PLACED_THAT_DAY} AND earned.points <> 0
    """,  # noqa: S608  (our own words)
)

FIGURES = {figure.code: figure for figure in (ORDERS, SALES, PROMISES, SHORTS, POINTS)}
