"""The counter while orders wait: keep one longer, empty the bags of those who will not come, take a link back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory.places.queries import place
from inventory.stock import lookup
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import once
from omni.staff.stores import current_store_id
from omni.staff.tally_page import TallyPage
from orders.fulfilment.views import visible
from orders.fulfilment.waiting import counter_screens, forms
from orders.fulfilment.waiting.models import Restock
from orders.fulfilment.waiting.page_words import long_moment
from orders.fulfilment.waiting.services import extending, renewing, restocking
from orders.sales.models import Order


@requires("pickups.hand_over")
@require_POST
def keep_longer(request: Any, public_id: UUID) -> HttpResponseBase:
    """Keep a pickup longer, for a reason that may be left out."""
    fulfilment = visible(request, public_id)
    form = forms.LongerForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actor_id = request.actor.user_id
    try:
        once(request, lambda: extending.extend(fulfilment_id=fulfilment.pk, actor_id=actor_id, reason=reason))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("hand-over", public_id)
    fulfilment.refresh_from_db(fields=["keep_until"])
    until = long_moment(place(fulfilment.location_id), fulfilment.keep_until) if fulfilment.keep_until else ""
    messages.success(
        request, _("%(short_id)s is kept until %(when)s.") % {"short_id": fulfilment.short_id, "when": until}
    )
    return redirect("ready") if request.POST.get("back") == "ready" else redirect("hand-over", public_id)


@requires("pickups.prepare")
@require_GET
def bags(request: Any) -> HttpResponse:
    """The bags to empty in the store one works in."""
    return _page(request)


def _page(request: Any, *, status: int = 200) -> HttpResponse:
    context = counter_screens.put_back(place(current_store_id(request)))
    return page_or_fragment(request, "waiting/put_back.html", context, fragment="bags", status=status)


@requires("pickups.prepare")
@require_POST
def scan_piece(request: Any) -> HttpResponseBase:
    """One scanned piece is back on the shelf."""
    store_id, code = current_store_id(request), lookup.scanned_code(request)
    tally = TallyPage(request, lambda **_more: _page(request), reverse("put-back"))
    offer = lookup.by_code(code) if code else None
    if offer is None:
        return tally.scanned("unknown", _("Unknown code"), code)
    keys = {"location_id": store_id, "variant_id": offer.variant_id, "actor_id": request.actor.user_id}
    try:
        once(request, lambda: restocking.put_back(**keys))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name)
    return tally.scanned("ok", offer.name, code)


@requires("pickups.prepare")
@require_POST
def bag_emptied(request: Any, pk: int) -> HttpResponseBase:
    """A whole bag is back on the shelf."""
    found = get_object_or_404(Restock, pk=pk, location__in=request.actor.store_ids)
    try:
        once(
            request,
            lambda: restocking.put_all_back(
                restock_id=found.pk, location_id=found.location_id, actor_id=request.actor.user_id
            ),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Emptied: everything is back on the shelf."))
    return redirect("put-back")


@requires("orders.view")
@require_POST
def renew_link(request: Any, number: str) -> HttpResponseBase:
    """Take the links to the customer's page back: who has one from before opens nothing any more."""
    order = Order.objects.visible_to(request.actor).filter(number=number).first()
    if order is None:
        raise Http404
    once(request, lambda: renewing.renew_link(order_id=order.pk, actor_id=request.actor.user_id))
    messages.success(request, _("The links that were sent open nothing any more. The next mail carries a new one."))
    return redirect("order", number)
