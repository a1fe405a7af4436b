"""What the people at the counter and in the stock room see: the queue, one order in hand, who waits for a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from inventory.catalog.queries import PICTURE
from omni.lib import sql
from orders.appointments.queries import SOON
from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment, FulfilmentLine, FulfilmentQuerySet, HandOver

MOST_ROWS = 60
PICTURES = 3

QUEUE = """
SELECT one.public_id, one.short_id, one.kind, one.status, one.promised_at, one.keep_until, one.picker_id,
       picker.name AS picker, spot.name AS place, coalesce(person.given_name, '') AS given_name,
       coalesce(person.family_name, '') AS family_name, coalesce(person.code, orders.number) AS code,
       slices.pieces, slices.picked, slices.pictures, first.before AS first_promised_at
FROM fulfilment_fulfilment one
JOIN sales_order orders ON orders.id = one.order_id
LEFT JOIN customers_customer person ON person.id = orders.customer_id
LEFT JOIN staff_user picker ON picker.id = one.picker_id
LEFT JOIN places_holdplace spot ON spot.id = one.hold_place_id
LEFT JOIN fulfilment_loweredpromise first ON first.fulfilment_id = one.id AND first.number = 1
CROSS JOIN LATERAL (
    SELECT sum(slice.quantity - slice.short - slice.collected - slice.refused) AS pieces, sum(slice.picked) AS picked,
           array_agg({picture} ORDER BY line.position) AS pictures
    FROM fulfilment_fulfilmentline slice
    JOIN sales_orderline line ON line.id = slice.order_line_id
    JOIN catalog_variant variant ON variant.id = line.variant_id
    JOIN catalog_product product ON product.id = variant.product_id
    WHERE slice.fulfilment_id = one.id
) slices
WHERE one.location_id = %s::bigint AND one.status = ANY(%s::text[])
ORDER BY {order}, one.id
LIMIT %s::int
"""

COUNTS = """
SELECT count(*) FILTER (WHERE status <> 'ready' AND promised_at <= %s::timestamptz) AS late,
       count(*) FILTER (WHERE status <> 'ready' AND promised_at > %s::timestamptz) AS to_pick,
       count(*) FILTER (WHERE status = 'ready') AS ready,
       count(*) FILTER (WHERE status <> 'ready' AND EXISTS (
           SELECT FROM fulfilment_escalation told WHERE told.fulfilment_id = fulfilment_fulfilment.id
       )) AS in_danger
FROM fulfilment_fulfilment
WHERE location_id = %s::bigint AND status IN ('to_pick', 'picking', 'ready')
"""

VERSION = """
WITH open AS MATERIALIZED (
    SELECT id, xmin::text AS written_by, status, promised_at FROM fulfilment_fulfilment
    WHERE location_id = %(store)s::bigint AND status IN ('to_pick', 'picking', 'ready')
)
SELECT (SELECT bit_xor(hashtextextended(id || ':' || written_by, 0)) FROM open) AS orders,
       (SELECT count(*) FROM open WHERE status <> 'ready' AND promised_at <= %(now)s::timestamptz) AS late,
       (SELECT count(*) FROM open JOIN fulfilment_escalation told ON told.fulfilment_id = open.id) AS told,
       (SELECT bit_xor(hashtextextended(slice.id || ':' || slice.xmin::text, 0))
        FROM open JOIN fulfilment_fulfilmentline slice ON slice.fulfilment_id = open.id) AS slices,
       (SELECT bit_xor(hashtextextended('here ' || arrival.id || ':' || arrival.xmin::text, 0))
        FROM open JOIN waiting_arrival arrival ON arrival.fulfilment_id = open.id AND arrival.ended_at IS NULL
       ) AS arrivals,
       (SELECT count(*) FROM waiting_restock
        WHERE location_id = %(store)s::bigint AND done_at IS NULL) AS bags,
       soon.waiting, soon.coming
FROM ({soon}) soon
"""


@dataclass(frozen=True)
class Waiting:
    """One order of a store's queue."""

    public_id: UUID
    short_id: str
    kind: str
    status: str
    promised_at: datetime
    keep_until: datetime | None
    picker_id: int | None
    picker: str
    place: str
    customer: str
    pieces: int
    picked: int
    pictures: list[str]
    first_promised_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """Orders of a store: promised and late, still in time, ready; and those of which its manager was told."""

    late: int
    to_pick: int
    ready: int
    in_danger: int


def counts(location_id: int, now: datetime) -> Counts:
    """Return how many orders of a store are late, to be prepared in time, and ready. One statement."""
    found = sql.row(COUNTS, [now, now, location_id])
    return Counts(found.late, found.to_pick, found.ready, found.in_danger)


@dataclass(frozen=True)
class Standing:
    """How a store's queue stands: a word that changes when it does, and who waits or comes soon by appointment."""

    version: str
    waiting: int
    coming: int


def standing(location_id: int, today: date, now: datetime) -> Standing:
    """Return a word that changes whenever an order in a store's queue does, becomes late, or its manager is told of
    it, or somebody comes by appointment; and how many of these there are. One statement.

    Each row tells which transaction wrote it last: nobody has to count, and no writer waits for a counter.
    """
    found = sql.row(VERSION.format(soon=SOON), {"store": location_id, "now": now, "today": today})
    changed = [f"{one or 0:x}" for one in (found.orders, found.slices, found.arrivals)]
    counts = [str(one) for one in (found.late, found.told, found.bags, found.waiting, found.coming)]
    return Standing(".".join(changed + counts), found.waiting, found.coming)


def to_prepare(location_id: int, limit: int = MOST_ROWS) -> list[Waiting]:
    """Return what a store has to prepare, the earliest promise first. One statement."""
    statuses = [Fulfilment.Status.TO_PICK.value, Fulfilment.Status.PICKING.value]
    return _queue("one.promised_at", [location_id, statuses, limit])


def ready(location_id: int, limit: int = MOST_ROWS) -> list[Waiting]:
    """Return what waits for its owner, the last to be kept first. One statement."""
    return _queue("one.keep_until", [location_id, [Fulfilment.Status.READY.value], limit])


def _queue(order: str, values: list[Any]) -> list[Waiting]:
    return [
        Waiting(
            public_id=row.public_id,
            short_id=row.short_id,
            kind=row.kind,
            status=row.status,
            promised_at=row.promised_at,
            keep_until=row.keep_until,
            picker_id=row.picker_id,
            picker=(row.picker or "").split(" ")[0],
            place=row.place or "",
            customer=f"{row.given_name} {row.family_name}".strip() or row.code,
            pieces=int(row.pieces or 0),
            picked=int(row.picked or 0),
            pictures=list(dict.fromkeys(row.pictures or [])),
            first_promised_at=row.first_promised_at,
        )
        for row in sql.rows(QUEUE.format(order=order, picture=PICTURE), values)
    ]


def in_hand() -> FulfilmentQuerySet:
    """Return fulfilments with what their screens show of them."""
    return Fulfilment.objects.select_related("order__customer", "picker", "hold_place")


def lines_in_hand(fulfilment: Fulfilment) -> list[FulfilmentLine]:
    """Return the slices of a fulfilment in the order of the basket, with line, variant, product."""
    return list(
        fulfilment.lines.select_related("order_line__variant__product", "order_line__instead_of", "short_by").order_by(
            "order_line__position"
        )
    )


def first_that_wants(variant_id: int, fulfilment_ids: Sequence[int]) -> int | None:
    """Return the first of some fulfilments, in their order, that still wants a piece of an article; None for none."""
    open_lines = FulfilmentLine.objects.filter(
        fulfilment__in=fulfilment_ids, order_line__variant=variant_id, quantity__gt=F("picked") + F("short")
    )
    wanting = set(open_lines.values_list("fulfilment", flat=True))
    return next((pk for pk in fulfilment_ids if pk in wanting), None)


def last_hand_over(fulfilment: Fulfilment) -> HandOver | None:
    """Return the last hand-over of a fulfilment that was not undone, with who gave; None before the first."""
    given = HandOver.objects.filter(fulfilment=fulfilment, undone_at=None).select_related("actor")
    return given.order_by("-pk").first()


def waiting_with_code(location_id: int, digits: str) -> Fulfilment | None:
    """Return the pickup that waits in this store under these six digits, or None."""
    return (
        in_hand()
        .filter(location=location_id, status=Fulfilment.Status.READY, code_hash=codes.code_hash(digits, location_id))
        .first()
    )


def places_in_use(location_id: int) -> dict[int, int]:
    """Return, per hold place of a store, how many orders wait there."""
    used: dict[int, int] = {}
    waiting = Fulfilment.objects.filter(location=location_id, status=Fulfilment.Status.READY)
    for place_id in waiting.values_list("hold_place", flat=True):
        used[place_id] = used.get(place_id, 0) + 1
    return used
