"""Promises to a customer as tickets: what is being prepared, what is ready and where, what was handed over."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inventory.places.queries import place
from omni.lib import sql
from omni.lib.money import format_cents
from omni.staff.access import Actor
from omni.templatetags.omni import moment
from orders.fulfilment import promises
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.words import state_word

OPEN = (Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING, Fulfilment.Status.READY)
"""The states of a promise that is still to be kept, in their order."""
MOST_SHORT_IDS = 5

SERVED = """
SELECT served.id, served.order_id, orders.number, served.short_id, served.kind, served.status, served.location_id,
       served.promised_at, served.ready_at, served.keep_until, served.ended_at, spot.name AS hold_place,
       served.ship_to ->> 'town' AS town,
       CASE served.kind WHEN 'relay' THEN served.ship_to ->> 'name' END AS point,
       slices.pieces, slices.picked, money.due
FROM sales_order orders
JOIN fulfilment_fulfilment served ON served.order_id = orders.id
LEFT JOIN places_holdplace spot ON spot.id = served.hold_place_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(quantity - short), 0)::bigint AS pieces, coalesce(sum(picked), 0)::bigint AS picked
    FROM fulfilment_fulfilmentline WHERE fulfilment_id = served.id
) slices
CROSS JOIN LATERAL (
    SELECT orders.total - orders.dropped
           - coalesce(sum(CASE kind WHEN 'capture' THEN amount ELSE -amount END), 0)::bigint AS due
    FROM payments_payment WHERE order_id = orders.id
) money
WHERE {whose} AND served.location_id = ANY(%(stores)s::bigint[])
ORDER BY served.promised_at, served.id
"""
OPEN_OF_CUSTOMER = "orders.customer_id = %(whose)s::bigint AND orders.status = 'open' AND served.ended_at IS NULL"
OF_ORDERS = "orders.id = ANY(%(whose)s::bigint[])"

BY_SHORT_ID = """
SELECT orders.number, orders.customer_id, served.short_id, served.ended_at
FROM fulfilment_fulfilment served JOIN sales_order orders ON orders.id = served.order_id
WHERE served.location_id = ANY(%s::bigint[]) AND served.short_id = %s::text
ORDER BY served.ended_at IS NULL DESC, served.created_at DESC LIMIT %s::int
"""


@dataclass(frozen=True)
class Served:
    """One fulfilment of an order as a page shows it. `due` in cents, negative when money must go back."""

    id: int
    order_id: int
    number: str
    short_id: str
    kind: str
    status: str
    location_id: int
    promised_at: datetime
    ready_at: datetime | None
    keep_until: datetime | None
    ended_at: datetime | None
    hold_place: str
    town: str
    point: str
    pieces: int
    due: int

    @property
    def zone(self) -> ZoneInfo:
        """The clock that hangs where it is served."""
        return place(self.location_id).zone

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether the promise has passed and the goods are not ready."""
        return self.is_open and self.ready_at is None and now >= self.promised_at

    def state(self, now: datetime) -> str:
        """Return the mark of its state."""
        if self.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}:
            picking = self.status == Fulfilment.Status.PICKING
            return promises.state(promised_at=self.promised_at, picking=picking, now=now)
        return {
            Fulfilment.Status.READY: "ready",
            Fulfilment.Status.COLLECTED: "done",
            Fulfilment.Status.DISPATCHED: "done",
            Fulfilment.Status.EXPIRED: "late",
        }.get(Fulfilment.Status(self.status), "neutral")

    def state_label(self, now: datetime) -> str:
        """Return its state in a word; late is said, whoever is at work."""
        return _("Late") if self.is_late(now) else state_word(self.kind, self.status)


@dataclass(frozen=True)
class ShortIdMatch:
    """An order that is, or was, called by a short id."""

    number: str
    customer_id: int | None
    short_id: str


def open_of_customer(customer_id: int, actor: Actor) -> list[Served] | None:
    """Return what the actor's stores promised a customer, the earliest first; None for who may not see orders."""
    if not actor.may("orders.view"):
        return None
    return _served(OPEN_OF_CUSTOMER, customer_id, actor)


def of_orders(order_ids: Collection[int], actor: Actor) -> dict[int, list[Served]]:
    """Return, per order, its fulfilments by the actor's stores. One statement."""
    found: dict[int, list[Served]] = {}
    for served in _served(OF_ORDERS, sql.numbers(order_ids), actor):
        found.setdefault(served.order_id, []).append(served)
    return found


def _served(whose: str, value: Any, actor: Actor) -> list[Served]:
    rows = sql.rows(SERVED.format(whose=whose), {"whose": value, "stores": sql.numbers(actor.store_ids)})
    return [
        Served(
            id=row.id,
            order_id=row.order_id,
            number=row.number,
            short_id=row.short_id,
            kind=row.kind,
            status=row.status,
            location_id=row.location_id,
            promised_at=row.promised_at,
            ready_at=row.ready_at,
            keep_until=row.keep_until,
            ended_at=row.ended_at,
            hold_place=row.hold_place or "",
            town=row.town or "",
            point=row.point or "",
            pieces=row.pieces,
            due=row.due,
        )
        for row in rows
    ]


def by_short_id(text: str, actor: Actor) -> list[ShortIdMatch]:
    """Return the orders of the actor's stores that are called so now, or else the latest that were. One statement."""
    rows = sql.rows(BY_SHORT_ID, [sql.numbers(actor.store_ids), text.upper(), MOST_SHORT_IDS])
    now_open = [row for row in rows if row.ended_at is None]
    return [ShortIdMatch(row.number, row.customer_id, row.short_id) for row in now_open or rows]


def tickets_context(served: Iterable[Served], now: datetime) -> dict[str, Any]:
    """Return what `fulfilment/_customer_tickets.html` shows."""
    return {"open_tickets": [ticket(one, now) for one in served if one.is_open]}


def ticket(one: Served, now: datetime) -> dict[str, Any]:
    """Return a promise as a ticket."""
    return {
        "title": one.short_id,
        "url": reverse("order", args=[one.number]),
        "state": one.state(now),
        "state_label": one.state_label(now),
        "headline": _headline(one),
        "text": _text(one),
        "steps": _steps(one),
    }


def ended(one: Served, now: datetime) -> dict[str, Any]:
    """Return a fulfilment that is over, as a row of an order's page."""
    return {
        "title": one.short_id,
        "url": "",
        "state": one.state(now),
        "state_label": one.state_label(now),
        "headline": _headline(one),
        "text": moment(one.ended_at, one.zone),
    }


def _headline(one: Served) -> str:
    store = place(one.location_id).name
    if one.point:
        return _("%(store)s sends it to %(point)s") % {"store": store, "point": one.point}
    if one.kind == Fulfilment.Kind.SHIP:
        return _("%(store)s sends it to %(town)s") % {"store": store, "town": one.town} if one.town else store
    return f"{store}, {one.hold_place}" if one.hold_place and one.is_open else store


def _text(one: Served) -> str:
    pieces = ngettext("%(number)s item", "%(number)s items", one.pieces) % {"number": one.pieces}
    paid = _("to pay: %(amount)s") % {"amount": format_cents(one.due)} if one.due > 0 else _("paid")
    if one.kind == Fulfilment.Kind.RESERVATION and one.is_open:
        paid = _("reserved, nothing is paid")
    if one.keep_until and one.status == Fulfilment.Status.READY:
        when = _("Kept until %(when)s.") % {"when": moment(one.keep_until, one.zone)}
    else:
        when = _("Promised for %(when)s.") % {"when": moment(one.promised_at, one.zone)}
    return f"{pieces}, {paid}. {when}"


def _steps(one: Served) -> list[dict[str, str]]:
    if one.kind == Fulfilment.Kind.RELAY:
        labels = [_("Ordered"), _("Being prepared"), _("Dispatched"), _("At the relay point")]
    elif one.kind == Fulfilment.Kind.SHIP:
        labels = [_("Ordered"), _("Being prepared"), _("Dispatched"), _("Delivered")]
    elif one.kind == Fulfilment.Kind.RESERVATION:
        labels = [_("Reserved"), _("Being prepared"), _("Ready"), pgettext("reservation", "Tried")]
    else:
        labels = [_("Ordered"), _("Being prepared"), _("Ready"), _("Collected")]
    now = OPEN.index(Fulfilment.Status(one.status))
    return [
        {"label": label, "state": "past" if step < now else "now" if step == now else "next"}
        for step, label in enumerate(labels)
    ]
