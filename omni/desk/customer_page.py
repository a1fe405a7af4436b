"""One person, all channels: who they are, what is promised, what happened, what they hold. Each room owns its panel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from babel.dates import format_timedelta
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from customers.models import Identity
from customers.queries import people
from customers.queries.people import Person
from inventory.places.queries import all_places
from loyalty import panels as loyalty
from loyalty.panels import Points
from omni.desk import tabs
from omni.desk.identities import ICONS, ORDER, initials, shown
from omni.desk.panels import Panels
from omni.lib import cursors
from omni.lib.cursors import Cursor
from omni.staff.access import Actor, requires
from orders.fulfilment import panels as fulfilment
from orders.fulfilment.waiting import counter_screens
from orders.fulfilment.waiting import queries as waiting
from orders.sales import panels as sales
from orders.sales.queries import CustomerOrders


@requires("customers.view")
@require_GET
def customer(request: Any, code: str) -> HttpResponse:
    """The page of one person; `?before=` shows an older page of their thread. Six statements beside the frame's."""
    actor, before = request.actor, cursors.read(request.GET.get("before"))
    found = people.person(
        code,
        store_ids=actor.store_ids,
        letters=sales.THREAD + 1,
        letters_rank=sales.LETTER_RANK,
        before=before,
    )
    if found is None:
        raise Http404
    tabs.remember(request, "customer", found.code, found.name)
    panels = Panels(request)
    points = panels.load("points", lambda: loyalty.points_of(found.id, actor, limit=sales.THREAD + 1, before=before))
    orders = panels.load("orders", lambda: sales.orders_of(found.id, actor))
    thread = panels.load("timeline", lambda: _thread(found, points, actor, before))
    context = {
        "appointment_url": f"{reverse('appointment-booking')}?customer={found.code}"
        if actor.may("appointments.book") and actor.store_ids
        else "",
        "customer": _identity(found),
        "figures": _figures(orders, points, thread),
        "panels": {
            "tickets": _tickets(panels, found, actor),
            "timeline": panels.render("timeline", "sales/_customer_timeline.html", lambda: thread),
            "orders": panels.render("orders", "sales/_customer_orders.html", lambda: _orders(found, orders)),
            "collecting": _collecting(panels, found, actor),
            "points": panels.render("points", "loyalty/_customer_points.html", lambda: _points(found, points)),
        },
        "back_url": reverse("customers"),
    }
    return render(request, "customers/customer.html", context)


def _identity(found: Person) -> dict[str, Any]:
    home = all_places().get(found.home_store_id or 0)
    identities = sorted(found.identities, key=lambda one: ORDER.index(Identity.Kind(one[0])))
    return {
        "name": found.name,
        "initials": initials(found.name),
        "code": found.code,
        "language_label": dict(settings.LANGUAGES).get(found.language, found.language),
        "tier_label": "",
        "identities": [
            {"icon": ICONS[Identity.Kind(kind)], "value": shown(kind, value), "label": Identity.Kind(kind).label}
            for kind, value in identities
        ],
        "place": found.town,
        "store_name": home.name if home else "",
        "since_year": found.created_at.year,
        "invented": found.invented,
    }


def _thread(found: Person, points: Points | None, actor: Actor, before: Cursor) -> dict[str, Any] | None:
    told = sales.told_of(found.id, actor, before)
    if told is None:
        return None
    rows, end = sales.thread(
        told=told, moves=points.threaded if points else [], letters=found.letters, letter_url=_letter_url(actor)
    )
    more = f"{reverse('customer', args=[found.code])}?before={end}#thread-title" if end else ""
    return {"timeline": rows, "timeline_more_url": more}


def _letter_url(actor: Actor) -> Callable[[int], str]:
    return lambda pk: reverse("message", args=[pk]) if actor.may("messages.view") else ""


def _tickets(panels: Panels, found: Person, actor: Actor) -> str:
    def context() -> dict[str, Any] | None:
        served = fulfilment.open_of_customer(found.id, actor)
        return fulfilment.tickets_context(served, timezone.now()) if served is not None else None

    return panels.render("tickets", "fulfilment/_customer_tickets.html", context)


def _orders(found: Person, orders: CustomerOrders | None) -> dict[str, Any] | None:
    return sales.orders_context(orders, found.code) if orders else None


def _collecting(panels: Panels, found: Person, actor: Actor) -> str:
    def context() -> dict[str, Any] | None:
        if not actor.may("orders.view"):
            return None
        missed = waiting.no_shows_of_customer(found.id, actor.store_ids, timezone.now())
        line = counter_screens.no_show_line(missed)
        return {"no_shows": line} if line else None

    return panels.render("collecting", "waiting/_customer_collecting.html", context)


def _points(found: Person, points: Points | None) -> dict[str, Any] | None:
    return loyalty.context(points, dict(found.identities).get(Identity.Kind.CARD.value, "")) if points else None


def _figures(orders: CustomerOrders | None, points: Points | None, thread: dict[str, Any] | None) -> dict[str, Any]:
    latest = [row.at for row in (thread or {}).get("timeline", [])[:1]] + [
        order.placed_at for order in (orders.newest if orders else [])[:1]
    ]
    return {
        "value": orders.value if orders else None,
        "orders": orders.count if orders else None,
        "average": orders.value // orders.kept if orders and orders.kept else None,
        "points": points.posted if points else None,
        "pending": points.pending if points else 0,
        "last_contact": ago(max(latest)) if latest else "",
    }


def ago(at: datetime) -> str:
    """Return how long ago something happened, in words."""
    return format_timedelta(at - timezone.now(), add_direction=True, locale=get_language() or "en")
