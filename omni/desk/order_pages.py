"""Orders from every channel: the list, and one order with all that belongs to it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from inventory.places.queries import place
from loyalty import panels as loyalty
from omni.desk import tabs
from omni.desk.order_list import ORDERS, state_of
from omni.lib.cursors import NEWEST
from omni.staff import listing
from omni.staff.access import requires
from omni.templatetags.omni import percent
from orders.fulfilment import panels as fulfilment
from orders.fulfilment.panels import Served
from orders.payments.models import Payment, Tender
from orders.sales import panels as sales
from orders.sales import queries
from orders.sales.models import Order, OrderLine


@requires("orders.view")
@require_GET
def orders(request: Any) -> HttpResponse:
    """The orders of one's stores, narrowed down, sorted and cut as the address says."""
    return listing.show(request, ORDERS)


@requires("orders.view")
@require_GET
def order(request: Any, number: str) -> HttpResponse:
    """One order of one's stores: lines, payments, fulfilments, thread. 404 for an order of another store."""
    found = Order.objects.visible_to(request.actor).filter(number=number).select_related("customer").first()
    if found is None:
        raise Http404
    tabs.remember(request, "order", found.number, found.number)
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
        "status": state_of(order, current, now),
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
