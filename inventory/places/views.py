"""The screens of a store's settings: load, form, service, render. A store of somebody else does not exist here."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.places import forms, screens, week_form
from inventory.places.models import HoldPlace, Location, SpecialDay
from inventory.places.queries import place, places_of
from inventory.places.services import settling
from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.once import new_key, once


def _visible(request: Any, code: str) -> Location:
    found: Location = get_object_or_404(Location, pk__in=request.actor.store_ids, code=code)
    return found


@requires("stores.manage")
@require_GET
def stores(request: Any) -> HttpResponse:
    """The reader's stores."""
    now = timezone.now()
    rows = [screens.store_row(one, now) for one in places_of(request.actor.store_ids)]
    return render(request, "settings/stores.html", {"rows": rows})


@requires("stores.open")
@require_http_methods(["GET", "POST"])
def new_store(request: Any) -> HttpResponseBase:
    """Open a store; it belongs to who opened it and to everybody who may manage people."""
    form = forms.NewStoreForm(request.POST if request.method == "POST" else None, initial=screens.new_store())
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "settings/new_store.html", {"form": form, "idempotency_key": new_key()}, status=status)
    try:
        once(request, lambda: settling.open_store(actor=request.actor, **form.cleaned_data))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        context = {"form": form, "idempotency_key": new_key()}
        return render(request, "settings/new_store.html", context, status=409)
    messages.success(request, _("“%(name)s” is open.") % {"name": form.cleaned_data["name"]})
    return redirect("stores")


@requires("stores.manage")
@require_http_methods(["GET", "POST"])
def settings(request: Any, code: str) -> HttpResponseBase:
    """How a store works. What is promised from now on follows a change at once."""
    found = _visible(request, code)
    if request.method == "GET":
        return _page(request, found, as_text=request.GET.get("hours") == "text")
    sent, copying = request.POST, request.POST.get("change") == "copy"
    if copying:  # without scripts; nothing is saved, and nothing is wrong yet
        sent = week_form.copied(sent, source=sent.get("copy_from", ""), targets=sent.get("copy_to", ""))
    form = forms.SettingsForm(sent, zone=place(found.pk).zone, was=screens.saved(found))
    if copying:
        return _page(request, found, form=form)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        once(
            request,
            lambda: settling.change_settings(actor=request.actor, location_id=found.pk, **form.cleaned_data),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form=form, status=409)
    messages.success(request, _("Saved. Promises from now on follow it."))
    return redirect("store-settings", code)


def _page(request: Any, found: Location, *, status: int = 200, **forms_in_use: Any) -> HttpResponse:
    context = screens.settings(found, timezone.now(), **forms_in_use)
    return render(request, "settings/store.html", context | {"idempotency_key": new_key()}, status=status)


@requires("stores.manage")
@require_GET
def preview(request: Any, code: str) -> HttpResponse:
    """The week and what a customer would read, with the values on the screen and nothing saved."""
    found = _visible(request, code)
    context = screens.preview(found, request.GET, timezone.now())
    return render(request, "settings/store_preview.html", context)


@requires("stores.manage")
@require_POST
def add_day(request: Any, code: str) -> HttpResponseBase:
    """Let one day have other hours, or none."""
    found = _visible(request, code)
    form = forms.SpecialDayForm(request.POST, zone=place(found.pk).zone)
    if not form.is_valid():
        return _page(request, found, day_form=form, status=422)
    return _do(
        request,
        found,
        lambda: settling.add_special_day(actor=request.actor, location_id=found.pk, **form.cleaned_data),
        said=_("The day is in the list; promises follow it from now on."),
        day_form=form,
    )


@requires("stores.manage")
@require_POST
def remove_day(request: Any, code: str, pk: int) -> HttpResponseBase:
    """Let a day be like every week again."""
    found = _visible(request, code)
    get_object_or_404(SpecialDay, location=found, pk=pk)
    return _do(
        request,
        found,
        lambda: settling.remove_special_day(actor=request.actor, location_id=found.pk, special_day_id=pk),
        said=_("The day is like every week again."),
    )


@requires("stores.manage")
@require_POST
def add_place(request: Any, code: str) -> HttpResponseBase:
    """Add a place where prepared orders wait."""
    found = _visible(request, code)
    form = forms.HoldPlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, place_form=form, status=422)
    return _do(
        request,
        found,
        lambda: settling.add_hold_place(actor=request.actor, location_id=found.pk, **form.cleaned_data),
        said=_("“%(name)s” can take bags.") % {"name": form.cleaned_data["name"]},
        place_form=form,
    )


@requires("stores.manage")
@require_POST
def change_place(request: Any, code: str, pk: int) -> HttpResponseBase:
    """Rename a place, retire it, or use it again, by the button that was pressed."""
    found = _visible(request, code)
    spot = get_object_or_404(HoldPlace, location=found, pk=pk)
    named = {"actor": request.actor, "location_id": found.pk, "hold_place_id": pk}
    if request.POST.get("change") in {"retire", "again"}:
        retire = request.POST["change"] == "retire"
        service = settling.retire_hold_place if retire else settling.use_hold_place_again
        said = _("“%(name)s” takes no new bags.") if retire else _("“%(name)s” can take bags.")
        return _do(request, found, lambda: service(**named), said=said % {"name": spot.name})
    form = forms.HoldPlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, wrong_place=(pk, form), status=422)
    name, directions = form.cleaned_data["name"], form.cleaned_data["directions"]
    return _do(
        request,
        found,
        lambda: settling.rename_hold_place(**named, name=name, directions=directions),
        said=_("Saved."),
        wrong_place=(pk, form),
    )


def _do(request: Any, found: Location, work: Any, *, said: str, **forms_in_use: Any) -> HttpResponseBase:
    """Do it once; a refusal is said beside what was written."""
    try:
        once(request, work)
    except Refusal as refusal:
        return _page(request, found, refusal=str(refusal), status=409, **forms_in_use)
    messages.success(request, said)
    return redirect("store-settings", found.code)
