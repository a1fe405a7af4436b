"""What the log of changes is read from: one statement over the histories that the database keeps itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omni.lib import sql
from omni.lib.cursors import Cursor
from omni.staff.access import Actor
from omni.staff.administration.queries import people_visible_to
from orders.sales import events, parcel_events, substitute_events, waiting_events


@dataclass(frozen=True)
class Source:
    """A table of history: which of its rows somebody may see, and what belongs to a person or a store."""

    kind: str
    table: str
    visible: str
    subject: str = "NULL::bigint"
    store: str = "NULL::bigint"
    facts: str = ""
    """What is said of a row beside its own columns: ` || jsonb_build_object(…)`."""


OF_STORE = "e.location_id = ANY(%(stores)s::bigint[])"
SHARED = """e.owner_id = ANY(%(people)s::bigint[]) AND EXISTS (
    SELECT FROM staff_savedviewevent s WHERE s.pgh_obj_id = e.pgh_obj_id AND s.pgh_id <= e.pgh_id
      AND (s.role_id IS NOT NULL OR s.location_id = ANY(%(stores)s::bigint[])))"""
"""A view is everybody's business from the moment it is shared; one's own views are nobody's."""
OF_PRODUCT = " || jsonb_build_object('name', (SELECT p.name FROM catalog_product p WHERE p.id = e.product_id))"
SOURCES = (
    Source("person", "staff_userevent", "e.id = ANY(%(people)s::bigint[])", subject="e.id"),
    Source("access", "staff_storeaccessevent", OF_STORE, subject="e.user_id", store="e.location_id"),
    Source("role", "staff_roleevent", "true"),
    Source("key", "staff_apikeyevent", "e.owner_id = ANY(%(people)s::bigint[])", subject="e.owner_id"),
    Source("store", "places_locationevent", "e.id = ANY(%(stores)s::bigint[])", store="e.id"),
    Source("special_day", "places_specialdayevent", OF_STORE, store="e.location_id"),
    Source("device", "staff_deviceevent", OF_STORE, store="e.location_id"),
    Source("hold_place", "places_holdplaceevent", OF_STORE, store="e.location_id"),
    Source("service", "appointments_serviceevent", "true"),
    Source("offer", "appointments_offerevent", OF_STORE, store="e.location_id"),
    Source("import", "catalog_catalogueimportevent", "true"),
    Source("photo", "catalog_productphotoevent", "true", facts=OF_PRODUCT),
    Source("view", "staff_savedviewevent", SHARED, subject="e.owner_id", store="e.location_id"),
)
ORDERS, EXPORTS = "order", "export"
ORDER_RANK, EXPORT_RANK = len(SOURCES), len(SOURCES) + 1
"""Behind every other source at the same instant."""


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see; empty means all."""

    kind: str = ""
    who: int | None = None
    subject: int | None = None
    store: int | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    before: Cursor | None = None


HISTORY = """
SELECT {rank} AS rank, '{kind}' AS kind, e.pgh_id AS id, e.pgh_created_at AS at, e.pgh_label AS label,
       to_jsonb(e){facts} AS after, c.metadata AS context,
       (SELECT to_jsonb(p) FROM {table} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id
        ORDER BY p.pgh_id DESC LIMIT 1) AS before
FROM {table} e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
WHERE {visible}
  AND (%(who)s::bigint IS NULL OR (c.metadata->>'user')::bigint = %(who)s::bigint)
  AND (%(subject)s::bigint IS NULL OR {subject} = %(subject)s::bigint)
  AND (%(store)s::bigint IS NULL OR {store} = %(store)s::bigint)
  AND e.pgh_created_at >= %(begins)s::timestamptz AND e.pgh_created_at < %(ends)s::timestamptz
  AND (e.pgh_created_at, {rank}, e.pgh_id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
"""
ORDER_EVENTS = """
SELECT {rank} AS rank, 'order' AS kind, e.id, e.created_at AS at, e.kind AS label,
       jsonb_build_object('number', o.number, 'data', e.data, 'location_id', e.location_id, 'channel', o.channel,
                          'total', o.total) AS after,
       jsonb_build_object('user', e.actor_id, 'device', coalesce(e.data ->> 'device', '')) AS context,
       NULL::jsonb AS before
FROM sales_orderevent e JOIN sales_order o ON o.id = e.order_id
WHERE e.location_id = ANY(%(stores)s::bigint[]) AND e.kind = ANY(%(kinds)s::text[])
  AND (%(who)s::bigint IS NULL OR e.actor_id = %(who)s::bigint)
  AND (%(store)s::bigint IS NULL OR e.location_id = %(store)s::bigint)
  AND e.created_at >= %(begins)s::timestamptz AND e.created_at < %(ends)s::timestamptz
  AND (e.created_at, {rank}, e.id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
"""
TAKEN_AWAY = """
SELECT {rank} AS rank, 'export' AS kind, e.id, e.created_at AS at, e.listing AS label,
       jsonb_build_object('listing', e.listing, 'query', e.query, 'rows', e.rows) AS after,
       jsonb_build_object('user', e.actor_id, 'device', e.device) AS context, NULL::jsonb AS before
FROM staff_export e
WHERE e.actor_id = ANY(%(people)s::bigint[]) AND %(store)s::bigint IS NULL
  AND (%(who)s::bigint IS NULL OR e.actor_id = %(who)s::bigint)
  AND (%(subject)s::bigint IS NULL OR e.actor_id = %(subject)s::bigint)
  AND e.created_at >= %(begins)s::timestamptz AND e.created_at < %(ends)s::timestamptz
  AND (e.created_at, {rank}, e.id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
"""
ORDER_KINDS = [
    *(events.PLACED, events.PICKING_STARTED, events.PICKING_RETURNED, events.PROMISE_LOWERED),
    *(events.LINE_SHORT, events.REROUTED, events.READY),
    *(substitute_events.ASKED, substitute_events.ACCEPTED, substitute_events.REFUSED),
    *(events.HANDED_OVER, events.HAND_OVER_UNDONE, events.DISPATCHED, *events.GIVEN_UP),
    *(waiting_events.EXTENDED, waiting_events.LINK_RENEWED, waiting_events.PUT_BACK),
    *(parcel_events.PACKED, parcel_events.TAKEN_APART),
]
"""What the house does with an order. What its customer says and where its carrier has it stand on its own page only."""
FIRST, LAST = datetime.fromisoformat("1970-01-01T00:00:00+00:00"), datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def rows(actor: Actor, asked: Asked, *, limit: int) -> list[Any]:
    """Return the newest rows that the actor may see, newest first. One statement beside the one that finds people.

    What happened to orders is only looked for within a day: there are a thousand times as many, and they are indexed
    by day.
    """
    before = asked.before or Cursor(LAST, 0, 0)
    parts = [_history(rank, source) for rank, source in enumerate(SOURCES) if asked.kind in {"", source.kind}]
    if asked.kind in {"", ORDERS} and asked.begins and asked.subject is None:
        parts.append(ORDER_EVENTS.format(rank=ORDER_RANK))
    if asked.kind in {"", EXPORTS}:
        parts.append(TAKEN_AWAY.format(rank=EXPORT_RANK))
    if not parts:
        return []
    statement = " UNION ALL ".join(f"({part} ORDER BY 4 DESC, 3 DESC LIMIT {limit})" for part in parts)
    values = {
        "stores": sql.numbers(actor.store_ids),
        "people": sql.numbers(people_visible_to(actor).order_by().values_list("pk", flat=True)),
        "kinds": "{" + ",".join(ORDER_KINDS) + "}",
        "who": asked.who,
        "subject": asked.subject,
        "store": asked.store,
        "begins": asked.begins or FIRST,
        "ends": asked.ends or LAST,
        "at": before.at,
        "rank": before.rank,
        "id": before.id,
    }
    used = {name: value for name, value in values.items() if f"%({name})s" in statement}
    newest = f"SELECT * FROM ({statement}) found ORDER BY at DESC, rank DESC, id DESC LIMIT {limit}"  # noqa: S608  (ours)
    return sql.rows(newest, used)


def _history(rank: int, source: Source) -> str:
    return HISTORY.format(rank=rank, **vars(source))
