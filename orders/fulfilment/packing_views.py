"""Packing what is sent: everything in one parcel, or piece by piece in several; the label, and a parcel taken apart.

The carrier is asked after what was packed has been committed: a carrier that says nothing leaves a packed parcel, never
half of one.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.stock import lookup
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import once
from omni.staff.tally_page import TallyPage
from orders.fulfilment import forms, packing_screen
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import packing
from orders.fulfilment.views import visible
from orders.parcels.models import Parcel
from orders.parcels.services import booking

OPENS = "X-Omni-Opens"
"""In an answer to a form: what the page opens in a window of its own, so that a label needs no tap of its own."""


@requires("pickups.prepare")
@require_GET
def pack_page(request: Any, public_id: UUID) -> HttpResponseBase:
    """The parcels of an order that is being packed; before its first piece is picked there is nothing to pack."""
    fulfilment = visible(request, public_id)
    if not fulfilment.is_sent or fulfilment.status != Fulfilment.Status.PICKING:
        return redirect("picking", public_id)
    if not fulfilment.lines.filter(picked__gt=0).exists():
        return redirect("picking", public_id)
    return _page(request, fulfilment)


def _page(request: Any, fulfilment: Fulfilment, *, status: int = 200, **more: Any) -> HttpResponse:
    context = packing_screen.page(fulfilment, request.actor.user_id, timezone.now()) | more
    return page_or_fragment(request, "fulfilment/packing.html", context, fragment="packing", status=status)


def _tally(request: Any, public_id: UUID) -> TallyPage:
    return TallyPage(
        request,
        lambda **more: _page(request, visible(request, public_id), **more),
        reverse("packing", args=[public_id]),
    )


@requires("pickups.prepare")
@require_POST
def pack_line(request: Any, public_id: UUID, position: int) -> HttpResponseBase:
    """One piece of a line into the open parcel, or out of it, by tap."""
    fulfilment, tally = visible(request, public_id), _tally(request, public_id)
    form = forms.PickForm(request.POST)
    line = get_object_or_404(fulfilment.lines, order_line__position=position)
    if not form.is_valid():
        return tally.changed()
    keys = {"fulfilment_id": fulfilment.pk, "line_id": line.pk}
    return tally.tried(lambda: packing.put(pieces=form.cleaned_data["change"], **keys))


@requires("pickups.prepare")
@require_POST
def pack_scan(request: Any, public_id: UUID) -> HttpResponseBase:
    """One scanned piece into the open parcel, or refused aloud."""
    fulfilment, tally = visible(request, public_id), _tally(request, public_id)
    code = lookup.scanned_code(request)
    offer = lookup.by_code(code) if code else None
    if offer is None:
        return tally.scanned("unknown", _("Unknown code"), code)
    try:
        once(request, lambda: packing.put_variant(fulfilment_id=fulfilment.pk, variant_id=offer.variant_id))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name)
    return tally.scanned("ok", offer.name, code)


@requires("pickups.prepare")
@require_POST
def close_parcel(request: Any, public_id: UUID) -> HttpResponseBase:
    """Close a parcel and ask for its label: with everything that is in none, or (`only=open`) with what was put in."""
    fulfilment, form = visible(request, public_id), forms.ParcelForm(request.POST)
    packed: list[Parcel] = []
    try:
        if not form.is_valid():
            raise Refusal(forms.sentence(form))
        once(
            request,
            lambda: packed.append(
                packing.pack(
                    fulfilment_id=fulfilment.pk,
                    actor_id=request.actor.user_id,
                    rest=form.cleaned_data["only"] != "open",
                    carrier=form.cleaned_data["carrier"],
                    weight_grams=form.cleaned_data["weight"],
                )
            ),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("packing", public_id)
    answer = redirect("packing", public_id)
    return _labelled(request, packed[0], answer) if packed else answer


def _labelled(request: Any, parcel: Parcel, answer: HttpResponseBase) -> HttpResponseBase:
    """Ask for the label of a packed parcel; a carrier that gives none is said on the page one comes back to."""
    try:
        booking.book(parcel_id=parcel.pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        answer.headers[OPENS] = reverse("parcel-label", args=[parcel.public_id])
    return answer


def _visible_parcel(request: Any, public_id: UUID) -> Parcel:
    found: Parcel = get_object_or_404(
        Parcel.objects.visible_to(request.actor).select_related("fulfilment"), public_id=public_id
    )
    return found


@requires("pickups.prepare")
@require_http_methods(["GET", "POST"])
def parcel_label(request: Any, public_id: UUID) -> HttpResponseBase:
    """The carrier's label as it came; POST asks for one that is missing. 404 while there is none."""
    parcel = _visible_parcel(request, public_id)
    if request.method == "POST":
        return _labelled(request, parcel, redirect("packing", parcel.fulfilment.public_id))
    if parcel.label is None:
        raise Http404
    response = HttpResponse(bytes(parcel.label), content_type=parcel.label_type)
    response["Content-Disposition"] = f'inline; filename="{parcel.tracking_number}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires("pickups.prepare")
@require_POST
def unpack(request: Any, public_id: UUID) -> HttpResponseBase:
    """A parcel is taken apart; its pieces can be packed again."""
    parcel = _visible_parcel(request, public_id)
    try:
        once(request, lambda: packing.unpack(parcel_id=parcel.pk, actor_id=request.actor.user_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("packing", parcel.fulfilment.public_id)
