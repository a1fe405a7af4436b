"""A customer's orders and their thread, as the customer's page shows them; each says itself who may see it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.queries.people import Letter
from inventory.places.queries import place
from loyalty.panels import Move
from omni.lib.cursors import Cursor
from omni.staff.access import Actor
from omni.staff.models import Channel
from omni.templatetags.omni import clock, moment
from orders.sales import events, parcel_events, queries, reasons, substitute_events, waiting_events
from orders.sales.models import Order
from orders.sales.queries import CustomerOrders, OrderRow, Told

SHOWN = 6
THREAD = 20
LETTER_RANK = 10
"""A message stands below the event that caused it when both happened at the same instant."""

STATES = {Order.Status.OPEN: "in_progress", Order.Status.COMPLETED: "done", Order.Status.CANCELLED: "neutral"}
ICONS = {
    events.PLACED: "basket",
    events.PICKING_STARTED: "package-check",
    events.PICKING_RETURNED: "undo",
    events.PROMISE_LOWERED: "clock",
    events.LINE_SHORT: "warning",
    events.READY: "bag",
    events.HANDED_OVER: "check",
    events.HAND_OVER_UNDONE: "undo",
    events.DISPATCHED: "truck",
    events.REROUTED: "store",
    events.EXPIRED: "clock",
    events.PART_CANCELLED: "ban",
    events.CANCELLED: "ban",
    substitute_events.ASKED: "mail",
    substitute_events.ACCEPTED: "check",
    substitute_events.REFUSED: "cross",
    waiting_events.ARRIVED: "place",
    waiting_events.EXTENDED: "calendar",
    waiting_events.RATED: "star",
    waiting_events.LINK_RENEWED: "lock",
    waiting_events.PUT_BACK: "shelf",
    parcel_events.PACKED: "box",
    parcel_events.TAKEN_APART: "undo",
    parcel_events.AT_RELAY: "place",
    parcel_events.ARRIVED: "check",
    parcel_events.MISSED: "warning",
    parcel_events.RETURNED: "undo",
    "purchase": "store",
}


@dataclass(frozen=True)
class Row:
    """One row of a thread, whatever it comes from."""

    cursor: Cursor
    icon: str
    title: str
    by: str = ""
    reference: str = ""
    url: str = ""
    amount: int | None = None

    @property
    def at(self) -> Any:
        return self.cursor.at


def orders_of(customer_id: int, actor: Actor) -> CustomerOrders | None:
    """Return a customer's orders of the actor's stores, or None for who may not see orders."""
    return queries.of_customer(customer_id, actor, SHOWN) if actor.may("orders.view") else None


def orders_context(orders: CustomerOrders, customer_code: str) -> dict[str, Any]:
    """Return what `sales/_customer_orders.html` shows."""
    return {
        "orders": [_order(order) for order in orders.newest],
        "orders_count": orders.count,
        "orders_url": f"{reverse('orders')}?customer={customer_code}" if orders.count > len(orders.newest) else "",
        "elsewhere_line": elsewhere_line(orders.elsewhere),
    }


def elsewhere_line(number: int) -> str:
    """Return how many orders stores hold that are not the reader's, as a sentence; an empty text for none."""
    if not number:
        return ""
    return ngettext(
        "%(number)s more order is held by a store that is not yours.",
        "%(number)s more orders are held by stores that are not yours.",
        number,
    ) % {"number": number}


def _order(order: OrderRow) -> dict[str, Any]:
    return {
        "number": order.number,
        "short_id": "",
        "url": reverse("order", args=[order.number]),
        "placed_at": order.placed_at,
        "channel_label": Channel(order.channel).label,
        "store_name": place(order.location_id).name,
        "state": STATES[Order.Status(order.status)],
        "state_label": Order.Status(order.status).label,
        "pieces": order.pieces,
        "total": order.amount,
    }


def told_of(customer_id: int, actor: Actor, before: Cursor) -> list[Told] | None:
    """Return a page, and one row more, of what happened to a customer's orders; None for who may not see orders."""
    if not actor.may("orders.view"):
        return None
    return queries.thread_of_customer(customer_id, actor, before=before, limit=THREAD + 1)


def thread(
    *,
    told: Iterable[Told],
    moves: Iterable[Move] = (),
    letters: Iterable[Letter] = (),
    letter_url: Callable[[int], str],
) -> tuple[list[Row], Cursor | None]:
    """Return a page of one thread of all that happened, newest first, and where it ended if there is more.

    Each source must bring its newest `THREAD` + 1 rows.
    """
    rows = [
        *(event_row(one) for one in told),
        *(_move_row(move) for move in moves),
        *(_letter_row(letter, letter_url) for letter in letters),
    ]
    rows.sort(key=lambda row: row.cursor, reverse=True)
    more = len(rows) > THREAD
    return rows[:THREAD], rows[THREAD - 1].cursor if more else None


def event_row(told: Told) -> Row:
    """Return an order's event as a row: what happened, who or where, how much."""
    title, by, amount = _words(told)
    return Row(
        cursor=told.cursor,
        icon=ICONS.get(told.kind, "info"),
        title=title,
        by=" · ".join(part for part in (by, told.data.get("device", "")) if part),
        reference=told.number,
        url=reverse("order", args=[told.number]),
        amount=amount,
    )


def _words(told: Told) -> tuple[str, str, int | None]:
    """Return title, the person or place, and cents (negative: given back)."""
    data, store = told.data, place(told.location_id).name
    pieces = ngettext("%(number)s item", "%(number)s items", told.pieces) % {"number": told.pieces}
    channel = Channel(told.channel).label
    match told.kind:
        case "purchase":
            return _("Purchase, %(pieces)s") % {"pieces": pieces}, store, told.total
        case events.PLACED:
            if "reservation" in data.get("kinds", ()):
                return _("Reservation, %(channel)s, %(pieces)s") % {"channel": channel, "pieces": pieces}, store, None
            return _("Order, %(channel)s, %(pieces)s") % {"channel": channel, "pieces": pieces}, store, told.total
        case events.PICKING_STARTED:
            return _("Preparation started"), told.actor, None
        case events.PICKING_RETURNED:
            return _("Put back into the queue"), told.actor, None
        case events.PROMISE_LOWERED:
            return _promise_words(told), store, None
        case events.LINE_SHORT:
            words = {"name": data["name"], "number": data["quantity"]}
            return _("Missing: %(name)s × %(number)s") % words, told.actor, -data["amount"] or None
        case events.REROUTED:
            words = {"store": store, "name": data["name"], "number": data["quantity"]}
            return _("%(store)s serves it instead: %(name)s × %(number)s") % words, told.actor, None
        case events.READY:
            return _("Ready, %(place)s") % {"place": data["place"]}, told.actor, None
        case events.HANDED_OVER:
            return _handed_over(data), told.actor, -data.get("refunded", 0) or None
        case events.HAND_OVER_UNDONE:
            return _("Hand-over taken back"), told.actor, None
        case events.DISPATCHED:
            return _("Parcel sent"), told.actor, None
        case events.EXPIRED:
            what = _("Reservation ended unused") if data.get("reserved") else _("Not collected in time")
            return what, store, -data["refunded"] or None
        case events.CANCELLED | events.PART_CANCELLED:
            why = reasons.in_words(data["reason"])
            what = _("Cancelled") if told.kind == events.CANCELLED else _("A part is cancelled")
            what = _("Released") if data.get("reserved") else what
            title = _("%(what)s: %(reason)s") % {"what": what, "reason": why} if why else what
            return title, told.actor, -data["refunded"] or None
    told_words = _waiting_words(told) or _substitute_words(told) or _parcel_words(told) or told.kind
    return told_words, told.actor, _cost_of_substitute(told)


def _waiting_words(told: Told) -> str:
    """Return what happened between ready and collected, or after it; an empty text for another kind."""
    data = told.data
    match told.kind:
        case waiting_events.ARRIVED:
            outside = data["spot"] == "door"
            return _("The customer is here, outside") if outside else _("The customer is here, at the counter")
        case waiting_events.EXTENDED:
            until = moment(datetime.fromisoformat(data["keep_until"]), place(told.location_id).zone)
            return _("Kept longer, until %(when)s") % {"when": until}
        case waiting_events.RATED:
            rated = _("Visit rated %(stars)s out of 5") % {"stars": data["stars"]}
            return f"{rated}: {data['sentence']}" if data["sentence"] else rated
        case waiting_events.LINK_RENEWED:
            return _("The links to the customer's page were taken back")
        case waiting_events.PUT_BACK:
            return _("Put back on the shelf")
    return ""


def _substitute_words(told: Told) -> str:
    """Return what a customer was asked about missing pieces, and what they said; an empty text for another kind."""
    data = told.data
    match told.kind:
        case substitute_events.ASKED:
            offered = {"offered": ", ".join(data["offered"]), "name": data["name"]}
            return _("Asked whether this may come instead of %(name)s: %(offered)s") % offered
        case substitute_events.ACCEPTED:
            words = {"name": data["name"], "number": data["quantity"], "instead": data["instead_of"]}
            return _("%(name)s × %(number)s comes instead of %(instead)s") % words
        case substitute_events.REFUSED:
            return {
                "declined": _("Nothing is to come instead of %(name)s"),
                "expired": _("No answer in time: nothing comes instead of %(name)s"),
            }.get(data["why"], _("Not asked any more what may come instead of %(name)s")) % {"name": data["instead_of"]}
    return ""


def _cost_of_substitute(told: Told) -> int | None:
    return told.data["amount"] if told.kind == substitute_events.ACCEPTED else None


def _parcel_words(told: Told) -> str:
    """Return what happened to a parcel; an empty text for another kind."""
    words = {
        parcel_events.PACKED: _("Parcel %(number)s packed"),
        parcel_events.TAKEN_APART: _("Parcel %(number)s taken apart"),
        parcel_events.AT_RELAY: _("Parcel %(number)s is at the relay point"),
        parcel_events.ARRIVED: _("Parcel %(number)s is with its customer"),
        parcel_events.MISSED: _("Parcel %(number)s: nobody was there"),
        parcel_events.RETURNED: _("Parcel %(number)s is sent back"),
    }.get(told.kind, "")
    return words % {"number": told.data["number"]} if words else ""


def _handed_over(data: dict[str, Any]) -> str:
    if data.get("proof") == "carried_out":
        return _("Carried out")
    left = data.get("left", 0)
    if not left:
        return _("Handed over")
    return ngettext("Handed over, %(count)s piece still waits", "Handed over, %(count)s pieces still wait", left) % {
        "count": left
    }


def _promise_words(told: Told) -> str:
    """Return from when to when a promise was put off, and the figures that were reckoned with."""
    data, zone = told.data, place(told.location_id).zone
    pieces = ngettext("%(number)s item", "%(number)s items", data["pieces"]) % {"number": data["pieces"]}
    people = ngettext("%(number)s person", "%(number)s people", data["people"]) % {"number": data["people"]}
    return _("Promise put off: %(after)s instead of %(before)s (%(pieces)s in the queue, %(people)s)") % {
        "before": clock(datetime.fromisoformat(data["before"]), zone),
        "after": moment(datetime.fromisoformat(data["after"]), zone),
        "pieces": pieces,
        "people": people,
    }


def _move_row(move: Move) -> Row:
    points = f"+{move.points}" if move.signed > 0 else f"\u2212{move.points}"
    return Row(
        cursor=move.cursor,
        icon="star",
        title=_("%(what)s: %(points)s") % {"what": move.label, "points": points},
        reference=move.cause,
        url=reverse("order", args=[move.cause]) if move.cause else "",
    )


def _letter_row(letter: Letter, letter_url: Callable[[int], str]) -> Row:
    return Row(
        cursor=Cursor(letter.at, LETTER_RANK, letter.id),
        icon="mail",
        title=letter.subject,
        by=_("E-mail"),
        url=letter_url(letter.id),
    )
