"""Orders from every channel: the list, one order with all that belongs to it, and its cancellation."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from customers.models import Identity
from inventory.places.queries import place
from loyalty import panels as loyalty
from omni.desk import cancel_screen, cancelling, customer_beside, tabs
from omni.desk.order_list import ORDERS, state_of
from omni.desk.panels import Panels
from omni.lib.cursors import NEWEST
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff import listing, walking
from omni.staff.access import requires
from omni.staff.once import new_key, once
from omni.staff.stepping_up import requires_fresh
from omni.templatetags.omni import percent
from orders.fulfilment import panels as fulfilment
from orders.fulfilment import parcel_panel
from orders.payments.models import Payment, Tender
from orders.sales import panels as sales
from orders.sales import queries
from orders.sales.models import Order, OrderLine
from orders.sales.reasons import CHOSEN


@requires("orders.view")
@require_GET
def orders(request: Any) -> HttpResponse:
    """The orders of one's stores, narrowed down, sorted and cut as the address says."""
    tabs.leave(request, "order", request.GET.get(walking.DONE, ""))
    return listing.show(request, ORDERS)


def _visible(request: Any, number: str) -> Order:
    """Return the order with its customer and how they are reached, or 404 when it is not of one's stores."""
    known = Identity.objects.filter(customer=OuterRef("customer")).order_by("pk")
    reached = {
        kind: Subquery(known.filter(kind=kind).values("value")[:1])
        for kind in (Identity.Kind.PHONE.value, Identity.Kind.EMAIL.value)
    }
    mine = Order.objects.visible_to(request.actor).annotate(**reached)
    found: Order | None = mine.filter(number=number).select_related("customer").first()
    if found is None:
        raise Http404
    return found


@requires("orders.view")
@require_GET
def order(request: Any, number: str) -> HttpResponse:
    """One order of one's stores: lines, payments, fulfilments, thread, and its customer beside it. 404 for an order of
    another store."""
    found, actor, now = _visible(request, number), request.actor, timezone.now()
    tabs.leave(request, "order", request.GET.get(walking.DONE, ""))
    tabs.remember(request, "order", found.number, found.number)
    way = walking.way_of(request, ORDERS)
    panels = Panels(request)
    others = panels.load("beside", lambda: customer_beside.others_of(found, actor))
    served_of = fulfilment.of_orders([found.pk, *(one.id for one in others.rows)] if others else [found.pk], actor)
    served = served_of.get(found.pk, [])
    points = loyalty.of_order(found.number, found.customer_id)
    told = queries.thread_of_order(found.pk, actor, before=NEWEST, limit=200)
    beside = customer_beside.context(found, others, served_of, points.balance, now) if others else None
    context = {
        "order": _head(request, found, served, now),
        "lines": [_line(line) for line in queries.lines(found.pk)],
        "payments": [_payment(one) for one in Payment.objects.filter(order=found).order_by("created_at", "pk")],
        "tickets": fulfilment.tickets_context(served, now)["open_tickets"],
        "fulfilments": [fulfilment.ended(one, now) for one in served if not one.is_open],
        "parcels": parcel_panel.rows(served),
        "timeline": [sales.event_row(one) for one in told],
        "points_line": points.line if found.customer else "",
        "beside": panels.render("beside", "sales/_customer_beside.html", lambda: beside),
        "back_url": way.back_url,
        "next_url": walking.leaving(way.next_url, found.number) if way.next_url else "",
        "cancel_url": _cancel_url(request, found, served, way),
        "link_url": "" if found.imported else reverse("customer-link", args=[found.number]),
        "idempotency_key": new_key(),
    }
    return render(request, "sales/order_detail.html", context)


def _cancel_url(request: Any, found: Order, served: list[fulfilment.Served], way: walking.Way) -> str:
    if not request.actor.may("orders.cancel") or not any(one.is_open for one in served):
        return ""
    return way.on(reverse("order-cancellation", args=[found.number]))


def _head(request: Any, order: Order, served: list[fulfilment.Served], now: datetime) -> dict[str, Any]:
    known = order.customer
    store = place(order.location_id)
    return {
        "number": order.number,
        "external_ref": order.external_ref or "",
        "channel_label": order.get_channel_display(),
        "placed_at": order.placed_at,
        "store_name": store.name,
        "zone": store.zone,
        "status": state_of(order.status, served, now),
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
        "picture": line.variant.picture,
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


class CancelForm(forms.Form):
    """Why the order is cancelled."""

    reason = forms.ChoiceField(
        choices=CHOSEN, error_messages={"required": gettext_lazy("Choose why the order is cancelled.")}
    )


@requires("orders.cancel")
@require_http_methods(["GET", "POST"])
def cancellation(request: Any, number: str) -> HttpResponseBase:
    """The question, with all that would follow, as a dialog or a page; POST cancels. 404 for another store's order."""
    found = _visible(request, number)
    return _cancelled(request, found) if request.method == "POST" else _cancel_page(request, found)


@requires_fresh
def _cancelled(request: Any, found: Order) -> HttpResponseBase:
    form = CancelForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(" ".join(str(error) for errors in form.errors.values() for error in errors))
        once(request, lambda: cancelling.cancel(found.pk, request.actor, form.cleaned_data["reason"]))
    except Refusal as refusal:
        return _cancel_page(request, found, status=422, problem=str(refusal))
    messages.success(request, _("%(number)s is cancelled.") % {"number": found.number})
    return redirect(walking.way_of(request, ORDERS).on(reverse("order", args=[found.number])))


def _cancel_page(request: Any, found: Order, *, status: int = 200, problem: str = "") -> HttpResponse:
    way = walking.way_of(request, ORDERS)
    served = cancelling.served_by(found.pk, request.actor)
    too_late = cancel_screen.too_late(served)
    context: dict[str, Any] = {
        "number": found.number,
        "back_url": way.on(reverse("order", args=[found.number])),
        "place": way.place,
        "action": reverse("order-cancellation", args=[found.number]),
        "too_late": too_late,
        "problem": "" if too_late else problem,
        "chosen": request.POST.get("reason", ""),
        "idempotency_key": new_key(),
    }
    if served and not too_late:
        context |= cancel_screen.question(served)
    return page_or_fragment(request, "sales/cancellation.html", context, fragment="question", status=status)
