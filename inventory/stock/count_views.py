"""Counting on the tablet: a store's counts, one that goes on, its end. Load, form, service, render."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places.queries import place
from inventory.stock import count_screens, lookup
from inventory.stock.forms import BeginForm, LineForm, reasons_of, sentence
from inventory.stock.models import CountLine, StockCount
from inventory.stock.services import closing, counting
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment, wants_fragment, with_feedback
from omni.staff.access import requires
from omni.staff.once import number_of, once
from omni.staff.stores import current_store_id


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


@requires("stock.count")
@require_POST
def scan(request: Any, public_id: UUID) -> HttpResponseBase:
    """One scanned piece: counted, or parked when nobody knows its code."""
    found = visible(request, public_id)
    code = lookup.scanned_code(request)
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
        return _scanned(request, found, "wrong", str(refusal), offer.name if offer else code)
    if offer is None:
        return _scanned(request, found, "unknown", _("Unknown code, parked"), code)
    return _scanned(request, found, "ok", offer.name, code)


def _scanned(request: Any, found: StockCount, result: str, title: str, detail: str) -> HttpResponseBase:
    if not wants_fragment(request):
        (messages.error if result == "wrong" else messages.success)(request, f"{title} {detail}")
        return redirect("count", found.public_id)
    last = {"text": title, "at": timezone.now()} if result == "ok" else None
    response = _count_page(request, found, last_scan=last)
    return with_feedback(response, {"result": result, "title": title, "detail": detail})


@requires("stock.count")
@require_POST
def line(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """One piece of a line more or less by tap, or its whole figure by hand."""
    found = visible(request, public_id)
    one = get_object_or_404(CountLine, count=found, pk=pk)
    form = LineForm(request.POST)
    if not form.is_valid():
        return _changed(request, found, sentence(form))
    change, counted = form.cleaned_data["change"], form.cleaned_data["counted"]
    keys = {"count_id": found.pk, "variant_id": one.variant_id}
    if counted is not None:
        return _tried(request, found, lambda: counting.set_counted(**keys, counted=counted))
    return _tried(request, found, lambda: counting.count(**keys, pieces=change) if change else None)


@requires("stock.count")
@require_POST
def line_removal(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """An article that was not meant to be counted is taken off."""
    found = visible(request, public_id)
    one = CountLine.objects.filter(pk=pk).first()
    if one is None:  # it is off already
        return _changed(request, found, "")
    if one.count_id != found.pk:
        raise Http404
    return _tried(request, found, lambda: counting.leave_out(count_id=found.pk, variant_id=one.variant_id))


def _tried(request: Any, found: StockCount, work: Callable[[], object]) -> HttpResponseBase:
    try:
        once(request, work)
    except Refusal as refusal:
        return _changed(request, found, str(refusal))
    return _changed(request, found, "")


def _changed(request: Any, found: StockCount, problem: str) -> HttpResponseBase:
    if wants_fragment(request):
        return _count_page(request, found, problem=problem)
    if problem:
        messages.error(request, problem)
    return redirect("count", found.public_id)


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
