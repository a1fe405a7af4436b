"""The stock room: today's queue, picking, missing pieces, ready, label. Load, form, service, render."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.places.queries import place
from inventory.stock import lookup
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.access import requires
from omni.staff.once import new_key, once
from omni.staff.stores import current_store_id
from omni.staff.tally_page import TallyPage
from orders.fulfilment import forms, queries, screens, short_screen
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.outcomes import ASK, LEAVES, outcomes
from orders.fulfilment.services import finishing, giving_up, picking, readying, shorting
from orders.fulfilment.services.rerouting import Instead
from orders.fulfilment.substitutes.services import asking


def visible(request: Any, public_id: UUID) -> Fulfilment:
    """Return the fulfilment, or 404 when it is not one of the person's stores'."""
    return get_object_or_404(queries.in_hand().visible_to(request.actor), public_id=public_id)


@requires("pickups.view")
@require_GET
def today(request: Any) -> HttpResponse:
    """Today's queue; as a fragment it answers 204 while the reader's version is still true."""
    store, now = place(current_store_id(request)), timezone.now()
    standing = screens.today_standing(store, now)
    if wants_fragment(request) and request.GET.get("version") == standing.version:
        return HttpResponse(status=204)
    context = screens.today(store, request.actor.user_id, now, standing)
    context["choosing"] = "choose" in request.GET and request.actor.may("pickups.prepare")
    context["choose_key"] = new_key()
    return page_or_fragment(request, "fulfilment/today.html", context, fragment="queue")


@requires("pickups.view")
@require_GET
def ready(request: Any) -> HttpResponse:
    """Everything that waits for its owner in this store."""
    return render(request, "fulfilment/ready.html", screens.ready(place(current_store_id(request)), timezone.now()))


@requires("pickups.prepare")
@require_http_methods(["GET", "POST"])
def pick(request: Any, public_id: UUID) -> HttpResponseBase:
    """The picking page; POST takes the order in hand (or helps whoever has it)."""
    fulfilment = visible(request, public_id)
    if request.method == "POST":
        return _tried(
            request,
            lambda: picking.start_picking(fulfilment_id=fulfilment.pk, actor_id=request.actor.user_id),
            public_id,
        )
    if fulfilment.status not in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}:
        return redirect("hand-over", public_id)
    if _is_being_packed(fulfilment):
        return redirect("packing", public_id)
    return _pick_page(request, fulfilment)


def _is_being_packed(fulfilment: Fulfilment) -> bool:
    """Whether everything is picked or missing and a part of it is in a parcel: the parcels are what is left to do."""
    if not fulfilment.is_sent or fulfilment.status != Fulfilment.Status.PICKING:
        return False
    lines = list(fulfilment.lines.all())
    return any(line.packed for line in lines) and all(line.quantity == line.picked + line.short for line in lines)


def _tried(request: Any, work: Any, public_id: UUID, done: str = "picking") -> HttpResponseBase:
    """Do it once; a refusal is said on the page the person comes back to."""
    try:
        once(request, work, lost_races=frozenset({readying.CODE_RACE}))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("picking", public_id)
    return redirect(done) if done == "today" else redirect(done, public_id)


def _pick_page(request: Any, fulfilment: Fulfilment, *, status: int = 200, **more: Any) -> HttpResponse:
    context = screens.pick(fulfilment, request.actor.user_id, timezone.now()) | {"store": place(fulfilment.location_id)}
    return page_or_fragment(request, "fulfilment/pick.html", context | more, fragment="pick", status=status)


def _tally(request: Any, public_id: UUID) -> TallyPage:
    return TallyPage(
        request,
        lambda **more: _pick_page(request, visible(request, public_id), **more),
        reverse("picking", args=[public_id]),
    )


@requires("pickups.prepare")
@require_POST
def pick_line(request: Any, public_id: UUID, position: int) -> HttpResponseBase:
    """One piece of a line more or less, by tap."""
    fulfilment, tally = visible(request, public_id), _tally(request, public_id)
    form, line = forms.PickForm(request.POST), _line(fulfilment, position)
    if not form.is_valid():
        return tally.changed()
    keys = {"fulfilment_id": fulfilment.pk, "line_id": line.pk, "actor_id": request.actor.user_id}
    return tally.tried(lambda: picking.pick(pieces=form.cleaned_data["change"], **keys))


@requires("pickups.prepare")
@require_POST
def pick_scan(request: Any, public_id: UUID) -> HttpResponseBase:
    """One scanned piece: counted, or refused aloud."""
    fulfilment, tally = visible(request, public_id), _tally(request, public_id)
    code = lookup.scanned_code(request)
    offer = lookup.by_code(code) if code else None
    if offer is None:
        return tally.scanned("unknown", _("Unknown code"), code)
    keys = {"fulfilment_id": fulfilment.pk, "variant_id": offer.variant_id, "actor_id": request.actor.user_id}
    try:
        once(request, lambda: picking.pick_variant(**keys))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name)
    return tally.scanned("ok", offer.name, code)


def _line(fulfilment: Fulfilment, position: int) -> FulfilmentLine:
    return get_object_or_404(
        fulfilment.lines.select_related("order_line__variant__product", "short_by"), order_line__position=position
    )


@requires("pickups.prepare")
@require_http_methods(["GET", "POST"])
def short_line(request: Any, public_id: UUID, position: int) -> HttpResponseBase:
    """Why a piece is missing, and what will follow; POST makes it so."""
    fulfilment = visible(request, public_id)
    line = _line(fulfilment, position)
    still_open = line.quantity - line.picked - line.short
    if still_open < 1:
        messages.error(request, _("Every piece of this line is counted already."))
        return redirect("picking", public_id)
    if request.method == "GET":
        return _short_page(request, fulfilment, line, reason=request.GET.get("reason", ""), quantity=still_open)
    form = forms.ShortForm(request.POST)
    quantity = still_open
    problem = ""
    if form.is_valid():
        quantity = form.cleaned_data["quantity"] or still_open
        try:
            once(request, lambda: _report(request, fulfilment, line, form.cleaned_data, quantity))
        except Refusal as refusal:
            problem = str(refusal)
    else:
        problem = forms.sentence(form)
    if problem:
        typed = {name: request.POST.get(name, "") for name in ("note", "instead")} | {"problem": problem}
        reason = request.POST.get("reason", "")
        return _short_page(
            request, fulfilment, line, reason=reason, quantity=min(quantity, still_open), status=422, **typed
        )
    return redirect("picking", public_id)


def _report(request: Any, fulfilment: Fulfilment, line: FulfilmentLine, said: dict[str, Any], quantity: int) -> None:
    report = {
        "fulfilment_id": fulfilment.pk,
        "line_id": line.pk,
        "quantity": quantity,
        "reason": said["reason"],
        "note": said["note"],
        "actor_id": request.actor.user_id,
    }
    if said["instead"] == ASK:
        asking.ask(skus=request.POST.getlist("offered"), **report)
    else:
        shorting.report_short(instead=_instead(fulfilment, line, quantity, said["instead"]), **report)


def _instead(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, chosen: str) -> Instead | None:
    """Return the place that was chosen to serve the pieces; None when they leave the order. It must still be one that
    the house's rules name."""
    if chosen in {"", LEAVES}:
        return None
    for outcome in outcomes(fulfilment, line, quantity, timezone.now()):
        if outcome.value == chosen:
            return outcome.instead
    raise Refusal(_("That store can no longer serve it. Choose again."))


def _short_page(
    request: Any,
    fulfilment: Fulfilment,
    line: FulfilmentLine,
    *,
    reason: str,
    quantity: int,
    status: int = 200,
    **typed: Any,
) -> HttpResponse:
    if reason not in FulfilmentLine.Reason.values:
        reason = ""
    lines = queries.lines_in_hand(fulfilment)
    context = short_screen.short(fulfilment, lines, line, reason=reason, quantity=quantity, **typed)
    context["pickup"] = screens.head(fulfilment, lines, request.actor.user_id, timezone.now())
    context["store"] = place(fulfilment.location_id)
    return page_or_fragment(request, "fulfilment/short.html", context, fragment="consequences", status=status)


@requires("pickups.prepare")
@require_POST
def declare_ready(request: Any, public_id: UUID) -> HttpResponseBase:
    """The bag is in its place: the customer is told."""
    fulfilment = visible(request, public_id)
    form = forms.ReadyForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(forms.sentence(form))
        once(
            request,
            lambda: readying.declare_ready(
                fulfilment_id=fulfilment.pk,
                hold_place_id=form.cleaned_data["hold_place"],
                actor_id=request.actor.user_id,
            ),
            lost_races=frozenset({readying.CODE_RACE}),
        )
    except Refusal as refusal:
        return _pick_page(request, visible(request, public_id), status=422, problem=str(refusal))
    messages.success(
        request,
        _("%(short_id)s is ready, %(name)s is told.")
        % {"short_id": fulfilment.short_id, "name": screens.customer_name(fulfilment)},
    )
    return redirect("today")


@requires("pickups.prepare")
@require_POST
def dispatch(request: Any, public_id: UUID) -> HttpResponseBase:
    """The parcel leaves."""
    fulfilment = visible(request, public_id)
    return _tried(
        request,
        lambda: finishing.dispatch(fulfilment_id=fulfilment.pk, actor_id=request.actor.user_id),
        public_id,
        "today",
    )


@requires("pickups.prepare")
@require_POST
def return_to_queue(request: Any, public_id: UUID) -> HttpResponseBase:
    """Somebody else will prepare it."""
    fulfilment = visible(request, public_id)
    return _tried(
        request,
        lambda: picking.return_to_queue(fulfilment_id=fulfilment.pk, actor_id=request.actor.user_id),
        public_id,
        "today",
    )


@requires("pickups.prepare")
@require_POST
def cancel_nothing_found(request: Any, public_id: UUID) -> HttpResponseBase:
    """Nothing of the order was found: it is cancelled, refunded, and the customer told."""
    fulfilment = visible(request, public_id)
    if any(line.short < line.quantity for line in queries.lines_in_hand(fulfilment)):
        messages.error(request, _("Report every piece as missing first."))
        return redirect("picking", public_id)
    return _tried(
        request,
        lambda: giving_up.cancel(fulfilment_id=fulfilment.pk, actor_id=request.actor.user_id, reason="nothing_found"),
        public_id,
        "today",
    )
