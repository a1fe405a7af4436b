"""The day of a store: who is expected, who waits, who is being served. Load, form, service, render."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.places.queries import Place, place
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.access import requires
from omni.staff.once import new_key, once
from omni.staff.stores import current_store_id
from orders.appointments import queries, screens
from orders.appointments.forms import WalkInForm
from orders.appointments.models import Appointment
from orders.appointments.services import serving
from orders.appointments.services.booking import Wish

STEPS: dict[str, Callable[..., Appointment]] = {
    "arrival": serving.arrive,
    "call": serving.call,
    "end": serving.serve,
    "absence": serving.miss,
    "undo": serving.undo,
}
"""What can be tapped on the day itself, by the word in its address."""


def visible(request: Any, public_id: UUID) -> Appointment:
    """Return the appointment, or 404 when it is not in one of the person's stores."""
    mine = queries.whole().filter(location__in=request.actor.store_ids)
    found: Appointment = get_object_or_404(mine, public_id=public_id)
    return found


def day_of(text: str) -> date | None:
    """Return the day that an address names, or None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


@requires("appointments.book")
@require_GET
def appointments(request: Any) -> HttpResponse:
    """The day of the store one works in; as a fragment it answers 204 while the reader's version is still true."""
    store = place(current_store_id(request))
    on = day_of(request.GET.get("on", "")) or store.local(timezone.now()).date()
    return _day(request, store, on, None)


@requires("appointments.book")
@require_GET
def appointment(request: Any, public_id: UUID) -> HttpResponse:
    """One appointment, beside the others of its day where there is room."""
    found = visible(request, public_id)
    return _day(request, place(found.location_id), found.on, found)


def _day(request: Any, store: Place, on: date, selected: Appointment | None) -> HttpResponse:
    now = timezone.now()
    version = screens.day_version(store, on, now)  # first: what changes meanwhile is seen by the next poll
    if wants_fragment(request) and request.GET.get("version") == version:
        return HttpResponse(status=204)
    context = screens.day(store, on, request.actor, now, version=version, selected=selected)
    return page_or_fragment(request, "appointments/day.html", context, fragment="day")


@requires("appointments.serve")
@require_POST
def step(request: Any, public_id: UUID, step: str) -> HttpResponseBase:
    """One tap of the day: came, received, served, did not come, or the last of these taken back."""
    found, service = visible(request, public_id), STEPS.get(step)
    if service is None:
        raise Http404
    try:
        once(request, lambda: service(appointment_id=found.pk, actor_id=request.actor.user_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@requires("appointments.serve")
@require_http_methods(["GET", "POST"])
def walk_in(request: Any) -> HttpResponseBase:
    """Somebody without an appointment takes a number."""
    store = place(current_store_id(request))
    form = WalkInForm(request.POST or None, offers=queries.offers(store.id))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wish = Wish(name=said["name"], note=said["note"])
        actor_id = request.actor.user_id
        once(
            request,
            lambda: serving.take_number(location_id=store.id, wish=wish, actor_id=actor_id, offer_id=said["offer"]),
        )
        messages.success(request, _("%(name)s waits.") % {"name": said["name"]})
        return redirect("appointments")
    context = {"store": store, "form": form, "idempotency_key": new_key()}
    return render(request, "appointments/walk_in.html", context, status=422 if form.errors else 200)
