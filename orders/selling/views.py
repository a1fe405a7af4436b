"""The endless aisle: sell what another store has, in three taps from its stock. Load, form, service, render."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.services.identifying import IDENTITY_RACE
from inventory.places.queries import place
from inventory.stock import lookup
from inventory.stock.errors import ShortStock
from inventory.stock.shortness import sentence, short_lines
from omni.lib.errors import Refusal
from omni.lib.htmx import wants_fragment, with_feedback
from omni.staff.access import requires
from omni.staff.once import number_of, once
from omni.staff.stores import current_store_id
from orders.fulfilment.models import Fulfilment
from orders.payments.models import Tender
from orders.placing.errors import PriceDiffers
from orders.placing.wishes import WishedPayment
from orders.sales.models import Order
from orders.selling import buyers, screens
from orders.selling.basket import MOST_LINES, Basket, read
from orders.selling.buyers import Buyer
from orders.selling.forms import LATER, SaleForm
from orders.selling.services import selling
from orders.selling.serving import CHANNEL


@requires("orders.sell")
@require_http_methods(["GET", "POST"])
def sell(request: Any) -> HttpResponseBase:
    """A small basket and how it reaches its customer; POST places it, once, as it was shown."""
    basket = read(request.GET)
    buyer = buyers.known(basket.customer) if request.actor.may("customers.view") else None
    form = _form(basket, buyer, request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _page(request, basket, buyer, form)
    if not form.is_valid():
        return _page(request, basket, buyer, form, status=422, problem=_problem(form))
    reference = number_of(request).hex[:12]
    try:
        once(request, lambda: _place(request, basket, form, reference), lost_races=frozenset({IDENTITY_RACE}))
    except Refusal as refusal:
        return _page(request, basket, buyer, form, status=refusal.status, problem=_sentence(refusal))
    return _placed(request, reference)


def _form(basket: Basket, buyer: Buyer | None, data: Any = None) -> SaleForm:
    return SaleForm(data, way=basket.way, buyer=buyer, later=basket.way == Fulfilment.Kind.PICKUP)


def _page(
    request: Any, basket: Basket, buyer: Buyer | None, form: SaleForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    seller = place(current_store_id(request))
    context = screens.page(basket, seller, timezone.now(), buyer, form, problem=problem)
    return render(request, "selling/sell.html", context, status=status)


def _problem(form: SaleForm) -> str:
    """Return what is wrong with what has no field on the page to say it."""
    return " ".join(str(error) for name in ("tender", "total", "served") for error in form.errors.get(name, []))


def _place(request: Any, basket: Basket, form: SaleForm, reference: str) -> None:
    tender, total = form.cleaned_data["tender"], form.cleaned_data["total"]
    selling.sell(
        basket=basket,
        seller=place(current_store_id(request)),
        actor=request.actor,
        now=timezone.now(),
        shown=form.cleaned_data["served"],
        customer=form.customer(),
        ship_to=form.ship_to(),
        total=total,
        payment=None if tender == LATER else WishedPayment(Tender(tender).value, total),
        reference=reference,
    )


def _sentence(refusal: Refusal) -> str:
    """Return why it was not placed; what is short is said store by store."""
    if isinstance(refusal, ShortStock):
        lacking = [(one, short_lines(one)) for one in [refusal, *refusal.also]]
        return " ".join(sentence(one, line) for one, lines in lacking for line in lines.values())
    if isinstance(refusal, PriceDiffers):
        return _("The price has changed: look at the new total before you place it.")
    return str(refusal)


def _placed(request: Any, reference: str) -> HttpResponseBase:
    order = Order.objects.visible_to(request.actor).filter(channel=CHANNEL, external_ref=reference).first()
    if order is None:  # the same form is still at work elsewhere
        messages.info(request, _("It is being placed. You find it among the orders."))
        return redirect("stock")
    return redirect("sold", order.number)


@requires("orders.sell")
@require_POST
def scan(request: Any) -> HttpResponseBase:
    """A scanned or typed code: an article is added to the basket, a person is who buys."""
    basket, code = read(request.GET), request.POST.get("code", "").replace("\x00", "").strip()[:254]
    offer = lookup.by_code("".join(code.split())[: lookup.LONGEST_CODE]) if code else None
    if offer:
        pieces = basket.pieces.get(offer.sku, 0) + 1
        if len(basket.pieces) >= MOST_LINES and offer.sku not in basket.pieces:
            return _told(request, basket, "wrong", _("That is as much as one sale holds."), offer.name)
        return _go(request, basket.having(offer.sku, pieces))
    customer = buyers.found_by(code) if code and request.actor.may("customers.view") else ""
    if customer:
        return _go(request, Basket(basket.pieces, basket.way, basket.at, customer))
    return _told(request, basket, "unknown", _("Neither an article nor a customer"), code)


def _go(request: Any, basket: Basket) -> HttpResponseBase:
    address = screens.address_of(basket)
    if not wants_fragment(request):
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def _told(request: Any, basket: Basket, result: str, title: str, detail: str) -> HttpResponseBase:
    if not wants_fragment(request):
        messages.warning(request, f"{title} {detail}")
        return redirect(screens.address_of(basket))
    return with_feedback(HttpResponse(), {"result": result, "title": title, "detail": detail})


@requires("orders.sell")
@require_GET
def sold(request: Any, number: str) -> HttpResponse:
    """It is placed: what to tell the customer."""
    orders = Order.objects.visible_to(request.actor).select_related("customer", "actor")
    order = get_object_or_404(orders, number=number, channel=CHANNEL, imported=False)
    return render(request, "selling/sold.html", screens.sold(order, place(order.location_id)))
