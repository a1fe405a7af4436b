"""Several orders in one walk: taken in hand together, each scan goes into the box of the earliest promise that wants
it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places.queries import place
from inventory.stock import lookup
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import once, said_once
from omni.staff.tally_page import TallyPage
from orders.fulfilment import choosing, forms, queries, wave_screen
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import picking
from orders.fulfilment.walking import BOXES, letter


@requires("pickups.prepare")
@require_http_methods(["GET", "POST"])
def wave(request: Any) -> HttpResponseBase:
    """The walk of the orders that the person has in hand; POST takes the chosen ones, or leads to their paper."""
    if request.method == "GET":
        return _page(request, _in_hand(request, request.GET))
    wanted = choosing.chosen(request, request.POST.getlist("order"))
    if request.POST.get("do") == "print":
        return redirect(f"{reverse('pick-lists')}?{choosing.query(wanted)}")
    try:
        once(request, lambda: _take(request, wanted))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("today")
    return redirect(f"{reverse('waves')}?{choosing.query(wanted[:BOXES])}")


def _take(request: Any, wanted: Sequence[Fulfilment]) -> None:
    """Take the orders in hand that nobody else has; the others stay with whom they are."""
    free = [one for one in wanted[:BOXES] if one.location_id == wanted[0].location_id and _is_free(request, one)]
    if not free:
        raise Refusal(_("Choose orders that nobody else has in hand."))
    for one in sorted(free, key=lambda one: one.order_id):
        picking.claim(fulfilment_id=one.pk, actor_id=request.actor.user_id)


def _is_free(request: Any, one: Fulfilment) -> bool:
    return one.status == Fulfilment.Status.TO_PICK or one.picker_id == request.actor.user_id


def _in_hand(request: Any, asked: Any) -> list[Fulfilment]:
    """Return the orders of the walk: those asked for that this person is picking."""
    wanted = choosing.chosen(request, asked.getlist("order"))
    mine = [one for one in wanted if one.status == Fulfilment.Status.PICKING and one.picker_id == request.actor.user_id]
    return [one for one in mine if one.location_id == mine[0].location_id][:BOXES]


def _page(request: Any, mine: list[Fulfilment], *, status: int = 200, **more: Any) -> HttpResponse:
    if not mine:
        messages.info(request, _("Nothing of this walk is left in your hands."))
        return redirect("today")
    context = wave_screen.wave(mine, place(mine[0].location_id), timezone.now(), **more)
    return page_or_fragment(request, "fulfilment/wave.html", context, fragment="wave", status=status)


def _tally(request: Any) -> TallyPage:
    return TallyPage(
        request,
        lambda **more: _page(request, _in_hand(request, request.GET), **more),
        f"{reverse('waves')}?{request.GET.urlencode()}",
    )


@requires("pickups.prepare")
@require_POST
def scan(request: Any) -> HttpResponseBase:
    """One scanned piece: counted in the box that it goes into, which is said aloud; or refused."""
    mine, tally, code = _in_hand(request, request.GET), _tally(request), lookup.scanned_code(request)
    offer = lookup.by_code(code) if code else None
    if offer is None:
        return tally.scanned("unknown", _("Unknown code"), code)
    try:
        chosen = said_once(request, lambda: _count(request, mine, offer.variant_id))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name)
    into = next((number for number, one in enumerate(mine) if str(one.pk) == chosen), None)
    said = _("Counted already") if into is None else _("Box %(letter)s") % {"letter": letter(into)}
    return tally.scanned("ok", said, offer.name, last=f"{said} · {offer.name}")


def _count(request: Any, mine: Sequence[Fulfilment], variant_id: int) -> str:
    """Count a piece in the first order of the walk that wants it; return which: sent twice, it is the same box."""
    wants = queries.first_that_wants(variant_id, [one.pk for one in mine])
    if wants is None:
        raise Refusal(_("None of these orders wants another piece of this article."))
    picking.pick_variant(fulfilment_id=wants, variant_id=variant_id, actor_id=request.actor.user_id)
    return str(wants)


@requires("pickups.prepare")
@require_POST
def pick(request: Any) -> HttpResponseBase:
    """One piece more or less by tap, in the box that the form names."""
    mine, tally, form = _in_hand(request, request.GET), _tally(request), forms.WavePickForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    one = next((one for one in mine if one.public_id == said.get("order")), None)
    if one is None:
        return tally.changed()
    line = get_object_or_404(one.lines, order_line__position=said["position"])
    keys = {"fulfilment_id": one.pk, "line_id": line.pk, "actor_id": request.actor.user_id}
    return tally.tried(lambda: picking.pick(pieces=said["change"], **keys))
