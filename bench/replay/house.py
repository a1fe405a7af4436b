"""The demo's ten stores made ready for a day that is faster than the wall's, and what is read of them meanwhile."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench.replay.figures import Kept, Sample
from inventory.places.models import HoldPlace, Location
from omni.demo.clock import services
from omni.lib import reference, sql
from omni.lib.retry import retrying
from omni.staff import sessions
from omni.staff.models import User
from omni.staff.services import keys
from omni.staff.services.people import engage
from orders.fulfilment import codes
from orders.fulfilment.waiting import links

CLERKS = 2
SCOPES = ["orders.place", "orders.view"]


def open_stores() -> list[Location]:
    """Return the stores: open around the clock, because the wall's hour is not the day's, with two who prepare."""
    Location.objects.update(opening_hours="24/7", people_by_day=[CLERKS] * 7)
    reference.forget()
    return list(Location.objects.order_by("code"))


def clerk_session(store: Location, number: int) -> dict[str, str]:
    """Engage a clerk of the store and return the cookie of somebody who has just signed in."""
    login = f"replay-{store.short_code.lower()}-{number}"
    name = f"Clerk {store.short_code} {number}"
    person = engage(login=login, name=name, password=None, role="clerk", store_ids=[store.pk])
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), sessions.BACKEND
    session[sessions.PERSON_AT] = int(time.time())
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {settings.SESSION_COOKIE_NAME: str(session.session_key)}


def hold_places(store: Location) -> list[int]:
    """Return where bags wait in the store."""
    return list(HoldPlace.objects.filter(location=store, retired_at=None).values_list("pk", flat=True))


def web_shop_key() -> str:
    """Return a key of the web shop for all stores."""
    owner = User.objects.select_related("role").get(login="anouk")
    return keys.issue(owner=owner, name="replay", channel="web", scopes=SCOPES)[1]


def grow_older(by: timedelta) -> None:
    """Move the demo's data after the day; what becomes due is the worker's."""
    services.make_room(by)
    retrying(lambda: services.grow_older(by), tries=services.TRIES)


MINE = "bought.external_ref LIKE 'replay-%%'"
LETTERS = f"""
SELECT letter.id, way.public_id, way.code_round, way.short_id, store.code AS store, bought.number
FROM customers_message letter
JOIN fulfilment_fulfilment way ON way.id = (letter.facts ->> 'fulfilment')::bigint
JOIN sales_order bought ON bought.id = way.order_id
JOIN places_location store ON store.id = way.location_id
WHERE letter.template = 'pickup_ready' AND letter.status = 'sent' AND {MINE} ORDER BY letter.id
"""
QUEUES = """
SELECT store.code AS store, count(*) FILTER (WHERE way.status IN ('to_pick', 'picking')) AS to_prepare,
       count(*) FILTER (WHERE way.status = 'ready') AS ready
FROM places_location store
LEFT JOIN fulfilment_fulfilment way
     ON way.location_id = store.id AND way.kind = 'pickup' AND way.status IN ('to_pick', 'picking', 'ready')
GROUP BY store.code
"""
ENDS = f"""
SELECT way.status, count(*) AS orders FROM fulfilment_fulfilment way JOIN sales_order bought ON bought.id = way.order_id
WHERE {MINE} GROUP BY way.status
"""
OVERDUE = "SELECT count(*) AS ways FROM fulfilment_fulfilment WHERE status = 'ready' AND keep_until < now()"
PROMISES = f"""
SELECT store.code AS store, count(*) AS given, count(*) FILTER (WHERE way.ready_at <= promise.at) AS kept
FROM fulfilment_fulfilment way
JOIN sales_order bought ON bought.id = way.order_id
JOIN places_location store ON store.id = way.location_id
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT before FROM fulfilment_loweredpromise WHERE fulfilment_id = way.id AND number = 1),
                    way.promised_at) AS at
) promise
WHERE {MINE} AND NOT (way.status = 'cancelled' AND way.ready_at IS NULL AND way.ended_at < promise.at)
GROUP BY store.code
"""
"""As the figure “Promises kept” counts: against the first promise, whatever it was put off to."""


def page_of(number: str) -> str:
    """Return the path of the page that an order's customer has a link to."""
    return urlsplit(links.address(number)).path


def letters() -> list[dict[str, Any]]:
    """Return what customers were told so far: which order is ready, and its code."""
    return [
        {
            "letter": row.id,
            "store": row.store,
            "short_id": row.short_id,
            "public_id": str(row.public_id),
            "code": codes.digits(row.public_id, row.code_round),
            "qr": codes.qr_text(row.public_id, row.code_round),
        }
        for row in sql.rows(LETTERS)
    ]


def queues(at: float) -> list[Sample]:
    """Return every store's queues at a second of the day."""
    return [Sample(round(at, 1), row.store, row.to_prepare, row.ready) for row in sql.rows(QUEUES)]


def ends() -> dict[str, int]:
    """Return how many of the replay's orders stand in each state."""
    return {row.status: row.orders for row in sql.rows(ENDS)}


def overdue() -> int:
    """Return how many pickups wait past their last day."""
    return int(sql.row(OVERDUE).ways)


def unhandled() -> int:
    """Return how many events wait for the worker."""
    return int(sql.row("SELECT count(*) AS events FROM sales_orderevent WHERE handled_at IS NULL").events)


def unsent() -> int:
    """Return how many letters wait for the worker."""
    return int(sql.row("SELECT count(*) AS letters FROM customers_message WHERE status = 'queued'").letters)


def promises() -> dict[str, Kept]:
    """Return each store's promises."""
    return {row.store: Kept(row.kept, row.given) for row in sql.rows(PROMISES)}
