"""What a store offers appointments for: the manager's page. Load, form, service, render."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places.hour_words import in_words
from inventory.places.models import Location
from inventory.places.queries import place
from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.once import new_key, once
from orders.appointments.forms import NewOfferForm, OfferForm
from orders.appointments.models import Offer, Service
from orders.appointments.queries import offers
from orders.appointments.services import settling
from orders.appointments.services.settling import SETTINGS


def _visible(request: Any, code: str) -> Location:
    found: Location = get_object_or_404(Location, pk__in=request.actor.store_ids, code=code)
    return found


@requires("stores.manage")
@require_http_methods(["GET", "POST"])
def settings(request: Any, code: str) -> HttpResponseBase:
    """The store's services; POST begins to offer another."""
    found = _visible(request, code)
    if request.method == "GET":
        return _page(request, found)
    form = _new_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, new_form=form, status=422)
    return _do(request, found, lambda: _offered(request, found, form.cleaned_data), new_form=form)


@requires("stores.manage")
@require_POST
def change(request: Any, code: str, pk: int) -> HttpResponseBase:
    """How one service is offered, from now on."""
    found = _visible(request, code)
    offer = get_object_or_404(Offer, location=found, pk=pk)
    form = OfferForm(request.POST, zone=place(found.pk).zone, prefix=f"offer-{pk}")
    if not form.is_valid():
        return _page(request, found, wrong=(pk, form), status=422)
    said = form.cleaned_data
    return _do(
        request, found, lambda: settling.change_offer(actor=request.actor, offer_id=offer.pk, **said), wrong=(pk, form)
    )


def _offered(request: Any, found: Location, said: dict[str, Any]) -> Offer:
    kept = {name: said[name] for name in SETTINGS if name in said}
    service_id = said["service"]
    if not service_id:
        named = settling.name_service(actor=request.actor, name_fr=said["name_fr"], name_en=said["name_en"])
        service_id = named.pk
    return settling.offer_service(actor=request.actor, location_id=found.pk, service_id=int(service_id), **kept)


def _do(request: Any, found: Location, work: Any, **forms_in_use: Any) -> HttpResponseBase:
    try:
        once(request, work, lost_races=settling.LOST_RACES)
    except Refusal as refusal:
        return _page(request, found, refusal=str(refusal), status=409, **forms_in_use)
    messages.success(request, _("Saved. What is booked stays as it is."))
    return redirect("store-appointments", found.code)


def _new_form(found: Location, data: Any = None) -> NewOfferForm:
    offered = [one.service_id for one in offers(found.pk, also_closed=True)]
    unused = list(Service.objects.exclude(pk__in=offered).order_by("pk"))
    return NewOfferForm(data, services=unused, zone=place(found.pk).zone)


def _page(
    request: Any, found: Location, *, new_form: NewOfferForm | None = None, wrong: tuple[int, OfferForm] | None = None,
    refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    store, (wrong_pk, wrong_form) = place(found.pk), wrong or (0, None)
    rows = [
        {
            "offer": one,
            "names": f"{one.service.name_fr} · {one.service.name_en}",
            "form": wrong_form
            if one.pk == wrong_pk
            else OfferForm(
                initial={name: getattr(one, name) for name in SETTINGS}, zone=store.zone, prefix=f"offer-{one.pk}"
            ),
        }
        for one in offers(found.pk, also_closed=True)
    ]
    context = {
        "place": store, "hours": in_words(store.hours_text), "rows": rows, "refusal": refusal,
        "new_form": new_form or _new_form(found), "idempotency_key": new_key(),
    }  # fmt: skip
    return render(request, "appointments/settings.html", context, status=status)
