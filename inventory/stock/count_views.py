"""Counting on the tablet: a store's counts, one that goes on, its end. Load, form, service, render."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places.queries import place
from inventory.stock import count_screens, lookup, tally_line
from inventory.stock.forms import BeginForm, reasons_of, sentence
from inventory.stock.models import CountLine, StockCount
from inventory.stock.services import closing, counting
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import number_of, once
from omni.staff.stores import current_store_id
from omni.staff.tally_page import TallyPage


def visible(request: Any, public_id: UUID) -> StockCount:
    """Return the count, or 404 when it is not one of the person's stores'."""
    mine = StockCount.objects.visible_to(request.actor).select_related("opened_by")
    found: StockCount = get_object_or_404(mine, public_id=public_id)
    return found


@requires("stock.count")
@require_http_methods(["GET", "POST"])
def counts(request: Any) -> HttpResponseBase:
    """The counts of one's store; POST begins one."""
    store = place(current_store_id(request))
    if request.method == "GET":
        return render(request, "stock/counts.html", count_screens.listed(store, request.actor))
    form = BeginForm(request.POST)
    if not form.is_valid():
        context = count_screens.listed(store, request.actor) | {"problem": sentence(form)}
        return render(request, "stock/counts.html", context, status=422)
    who, name, public_id = request.actor.user_id, form.cleaned_data["name"], number_of(request)
    once(request, lambda: counting.open_count(location_id=store.id, actor_id=who, name=name, public_id=public_id))
    return redirect("count", public_id)


@requires("stock.count")
@require_http_methods(["GET"])
def count(request: Any, public_id: UUID) -> HttpResponseBase:
    """The counting page; a count that ended shows what it found."""
    found = visible(request, public_id)
    if found.status != StockCount.Status.OPEN:
        return render(request, "stock/count_end.html", count_screens.ended(found, place(found.location_id)))
    return _count_page(request, found)


def _count_page(request: Any, found: StockCount, *, status: int = 200, **more: Any) -> HttpResponse:
    context = count_screens.counting(found, place(found.location_id), **more)
    return page_or_fragment(request, "stock/count.html", context, fragment="count", status=status)


def _tally(request: Any, found: StockCount) -> TallyPage:
    address = reverse("count", args=[found.public_id])
    return TallyPage(request, lambda **more: _count_page(request, found, **more), address)


@requires("stock.count")
@require_POST
def scan(request: Any, public_id: UUID) -> HttpResponseBase:
    """One scanned piece: counted, or parked when nobody knows its code."""
    found = visible(request, public_id)
    tally, code = _tally(request, found), lookup.scanned_code(request)
    offer = lookup.by_code(code) if code else None
    try:
        if offer:
            variant_id = offer.variant_id
            once(request, lambda: counting.count(count_id=found.pk, variant_id=variant_id))
        elif code:
            once(request, lambda: counting.park(count_id=found.pk, code=code))
        else:
            raise Refusal(_("Scan a piece, or type its code."))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name if offer else code)
    if offer is None:
        return tally.scanned("unknown", _("Unknown code, parked"), code)
    return tally.scanned("ok", offer.name, code)


@requires("stock.count")
@require_POST
def line(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """One piece of a line more or less by tap, or its whole figure by hand."""
    found = visible(request, public_id)
    keys = {"count_id": found.pk, "variant_id": get_object_or_404(CountLine, count=found, pk=pk).variant_id}
    return tally_line.change(
        _tally(request, found),
        step=lambda pieces: counting.count(**keys, pieces=pieces),
        whole=lambda counted: counting.set_counted(**keys, counted=counted),
    )


@requires("stock.count")
@require_POST
def line_removal(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """An article that was not meant to be counted is taken off."""
    found = visible(request, public_id)
    tally, one = _tally(request, found), CountLine.objects.filter(pk=pk).first()
    if one is None:  # it is off already
        return tally.changed()
    if one.count_id != found.pk:
        raise Http404
    return tally.tried(lambda: counting.leave_out(count_id=found.pk, variant_id=one.variant_id))


@requires("stock.count")
@require_http_methods(["GET", "POST"])
def end(request: Any, public_id: UUID) -> HttpResponseBase:
    """What was found beside what was expected, and what follows; POST closes the count."""
    found = visible(request, public_id)
    if found.status != StockCount.Status.OPEN:
        return redirect("count", found.public_id)
    said = reasons_of(request.POST)
    problem = ""
    if request.method == "POST":
        who = request.actor.user_id
        try:
            once(request, lambda: closing.close(count_id=found.pk, reasons=said, actor_id=who))
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The count is closed, the figures are put right."))
            return redirect("count", found.public_id)
    context = count_screens.ending(found, place(found.location_id), said, problem=problem)
    return render(request, "stock/count_end.html", context, status=422 if problem else 200)


@requires("stock.count")
@require_POST
def abandonment(request: Any, public_id: UUID) -> HttpResponseBase:
    """End a count without effect."""
    found = visible(request, public_id)
    try:
        once(request, lambda: counting.abandon(count_id=found.pk, actor_id=request.actor.user_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("counts")
