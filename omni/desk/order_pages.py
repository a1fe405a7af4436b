"""Orders from every channel: the list, and one order with all that belongs to it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from inventory.places.queries import place
from loyalty import panels as loyalty
from omni.lib import cursors
from omni.lib.cursors import NEWEST, Cursor
from omni.lib.htmx import page_or_fragment
from omni.lib.money import format_cents
from omni.staff.access import requires
from omni.staff.models import Channel
from omni.templatetags.omni import figure, percent
from orders.fulfilment import panels as fulfilment
from orders.fulfilment.panels import Served
from orders.payments.models import Payment, Tender
from orders.sales import panels as sales
from orders.sales import queries
from orders.sales.filters import OrderFilter
from orders.sales.models import Order, OrderLine

PAGE = 50
COUNTED = 1000
"""A list is counted and added up as far as this: nobody reads on, and a year of orders takes a second to count."""

CHANNEL_ICONS = {
    Channel.STORE: "store",
    Channel.WEB: "globe",
    Channel.APP: "bag",
    Channel.PHONE: "phone",
    Channel.CHAT: "message",
    Channel.EMAIL: "mail",
    Channel.SOCIAL: "people",
    Channel.MARKETPLACE: "tag",
    Channel.KIOSK: "house",
}


@requires("orders.view")
@require_GET
def orders(request: Any) -> HttpResponse:
    """The orders of one's stores, newest first, narrowed down by what the address says.

    Four statements, whatever the number of rows; a text adds the two or three that find whom it means.
    """
    asked = OrderFilter(request.GET, Order.objects.visible_to(request.actor), actor=request.actor)
    before = cursors.read(request.GET.get("before"))
    found = asked.qs if asked.is_valid() else Order.objects.none()
    page = list(_after(found, before).select_related("customer").order_by("-placed_at", "-id")[: PAGE + 1])
    shown = page[:PAGE]
    now = timezone.now()
    served = fulfilment.of_orders([order.pk for order in shown], request.actor) if shown else {}
    pieces = queries.pieces_of([order.pk for order in shown]) if shown else {}
    end = Cursor(shown[-1].placed_at, 0, shown[-1].pk) if len(page) > PAGE else None
    context = {
        "filter": asked,
        "rows": [_row(order, served.get(order.pk, []), pieces.get(order.pk, 0), now) for order in shown],
        "sum_line": _sum_line(found) if asked.is_set and shown else "",
        "clear_url": reverse("orders") if asked.is_set else "",
        "next_url": _address(request, before=str(end)) if end else "",
        "first_url": _address(request) if before != NEWEST else "",
    }
    status = 200 if asked.is_valid() else 400
    return page_or_fragment(request, "sales/order_list.html", context, fragment="orders", status=status)


def _after(found: QuerySet[Order], before: Cursor) -> QuerySet[Order]:
    if before == NEWEST:
        return found
    return found.filter(placed_at__lte=before.at).filter(Q(placed_at__lt=before.at) | Q(pk__lt=before.id))


def _address(request: Any, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    query = urlencode({**kept, **changes})
    return f"{reverse('orders')}?{query}" if query else reverse("orders")


def _sum_line(found: QuerySet[Order]) -> str:
    """Return how many orders match and what they come to; only "more than" when they are too many to count."""
    first = list(found.order_by().values_list(F("total") - F("dropped"), flat=True)[: COUNTED + 1])
    if len(first) > COUNTED:
        return _("more than %(number)s orders") % {"number": figure(COUNTED)}
    count = ngettext("%(number)s order", "%(number)s orders", len(first)) % {"number": figure(len(first))}
    return f"{count}, {format_cents(sum(first))}"


def _row(order: Order, served: list[Served], pieces: int, now: datetime) -> dict[str, Any]:
    current = next((one for one in served if one.is_open), served[-1] if served else None)
    is_open = order.status == Order.Status.OPEN and current is not None
    store = place(order.location_id)
    return {
        "number": order.number,
        "short_id": current.short_id if current and is_open else "",
        "url": reverse("order", args=[order.number]),
        "channel_label": order.get_channel_display(),
        "channel_icon": CHANNEL_ICONS[Channel(order.channel)],
        "customer_name": order.customer.name if order.customer else "",
        "customer_url": reverse("customer", args=[order.customer.code]) if order.customer else "",
        "store_name": store.name,
        "zone": store.zone,
        "status": _state(order, current, now),
        "promised_at": current.promised_at if current and is_open else None,
        "late": bool(current and current.is_late(now)),
        "pieces": pieces,
        "total": order.total - order.dropped,
        "placed_at": order.placed_at,
    }


def _state(order: Order, current: Served | None, now: datetime) -> dict[str, str]:
    if current and order.status == Order.Status.OPEN:
        return {"state": current.state(now), "label": current.state_label(now)}
    status = Order.Status(order.status)
    return {"state": sales.STATES[status], "label": str(status.label)}


@requires("orders.view")
@require_GET
def order(request: Any, number: str) -> HttpResponse:
    """One order of one's stores: lines, payments, fulfilments, thread. 404 for an order of another store."""
    found = Order.objects.visible_to(request.actor).filter(number=number).select_related("customer").first()
    if found is None:
        raise Http404
    now = timezone.now()
    served = fulfilment.of_orders([found.pk], request.actor).get(found.pk, [])
    told = queries.thread_of_order(found.pk, request.actor, before=NEWEST, limit=200)
    context = {
        "order": _head(request, found, served, now),
        "lines": [_line(line) for line in queries.lines(found.pk)],
        "payments": [_payment(one) for one in Payment.objects.filter(order=found).order_by("created_at", "pk")],
        "tickets": fulfilment.tickets_context(served, now)["open_tickets"],
        "fulfilments": [fulfilment.ended(one, now) for one in served if not one.is_open],
        "timeline": [sales.event_row(one) for one in told],
        "points_line": loyalty.line_of_order(found.number) if found.customer else "",
        "back_url": reverse("orders"),
    }
    return render(request, "sales/order_detail.html", context)


def _head(request: Any, order: Order, served: list[Served], now: datetime) -> dict[str, Any]:
    known = order.customer
    current = next((one for one in served if one.is_open), None)
    store = place(order.location_id)
    return {
        "number": order.number,
        "external_ref": order.external_ref or "",
        "channel_label": order.get_channel_display(),
        "placed_at": order.placed_at,
        "store_name": store.name,
        "zone": store.zone,
        "status": _state(order, current, now),
        "customer_name": known.name if known else "",
        "customer_url": reverse("customer", args=[known.code]) if known and request.actor.may("customers.view") else "",
        "lines_total": order.lines_total,
        "discount": order.discount,
        "total": order.total,
        "dropped": order.dropped,
        "tax": order.tax,
        "imported": order.imported,
    }


def _line(line: OrderLine) -> dict[str, Any]:
    dropped = line.dropped_quantity
    return {
        "name": line.name,
        "detail": line.variant.label or line.variant.sku,
        "gtin": line.variant.gtin or "",
        "picture": line.variant.product.picture,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "total": line.total,
        "vat_label": percent(line.vat_rate / 100),
        "note": ngettext("%(number)s not delivered", "%(number)s not delivered", dropped) % {"number": dropped}
        if dropped
        else "",
    }


def _payment(payment: Payment) -> dict[str, Any]:
    refund = payment.kind == Payment.Kind.REFUND
    return {
        "label": Tender(payment.tender).label,
        "at": payment.created_at,
        "state": "neutral" if refund else "done",
        "state_label": payment.get_kind_display(),
        "amount": -payment.amount if refund else payment.amount,
    }
