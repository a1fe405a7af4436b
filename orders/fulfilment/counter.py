"""The counter: verify who it is, hand over, undo. Load, form, service, render."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory.places.queries import place
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment
from omni.staff.access import requires
from omni.staff.once import once
from omni.staff.services import limiting
from orders.fulfilment import codes, counter_screen, forms, proofs, queries
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import giving_up, handing_over, readying, undoing
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.views import visible
from orders.sales.reasons import CancelReason

GUESSES, GUESSING_SECONDS = 5, 15 * 60
"""Six digits are guessed once in a million tries: five in a quarter of an hour, whoever types them."""


@requires("pickups.hand_over")
@require_http_methods(["GET", "POST"])
def hand_over(request: Any, public_id: UUID) -> HttpResponseBase:
    """Who, what, where it lies, what is due; POST gives it away once the person is verified."""
    fulfilment = visible(request, public_id)
    if request.method == "GET":
        if fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}:
            return redirect("picking", public_id)
        return _page(request, fulfilment)
    if fulfilment.reserved and _wants_nothing(fulfilment, _takes(request.POST, fulfilment)):
        return _release(request, public_id)
    try:
        once(request, lambda: _hand_over(request, fulfilment))  # asks first whether this form was answered before
    except Refusal as refusal:
        return _page(request, visible(request, public_id), status=422, problem=str(refusal))
    proofs.forget(request, fulfilment)
    return redirect("handed-over", public_id)


def _hand_over(request: Any, fulfilment: Fulfilment) -> None:
    proof = proofs.of(request, fulfilment)
    form = forms.HandOverForm(request.POST)
    if proof is None:
        raise Refusal(_("Verify first who this is: by the code, or by an identity card."))
    if not form.is_valid():
        raise Refusal(_("Choose how the customer pays."))
    handing_over.hand_over(
        fulfilment_id=fulfilment.pk,
        proof=proof.how,
        collected_by=proof.collected_by,
        tender=form.cleaned_data["tender"],
        actor_id=request.actor.user_id,
        parts=_parts(request, fulfilment),
    )


def _parts(request: Any, fulfilment: Fulfilment) -> dict[int, Part]:
    """Return what is taken and refused of each line that waits; all of it where nothing is said. Of a reservation
    everything is said: what is not taken is for sale again."""
    if fulfilment.reserved:
        takes = _takes(request.POST, fulfilment)
        waiting = {line.pk: line.waiting for line in queries.lines_in_hand(fulfilment) if line.waiting}
        if waiting.keys() - takes.keys():
            raise Refusal(_("Say of each article whether the customer takes it or leaves it."))
        return {pk: Part(takes[pk], number - takes[pk]) for pk, number in waiting.items()}
    parts = {}
    for line in queries.lines_in_hand(fulfilment):
        said = forms.PartForm(request.POST, prefix=str(line.order_line.position))
        if not said.is_valid():
            raise Refusal(_("Write whole numbers of pieces."))
        refused = said.cleaned_data["refused"] or 0
        taken = said.cleaned_data["collected"]
        parts[line.pk] = Part(line.waiting - refused if taken is None else taken, refused)
    return parts


def _takes(sent: Any, fulfilment: Fulfilment) -> dict[int, int]:
    """Return what the customer of a reservation takes, line id → pieces, as far as it is said."""
    takes = {}
    for line in queries.lines_in_hand(fulfilment):
        said = forms.PartForm(sent, prefix=str(line.order_line.position))
        number = said.cleaned_data["collected"] if said.is_valid() else None
        if number is not None and number <= line.waiting:
            takes[line.pk] = number
    return takes


def _wants_nothing(fulfilment: Fulfilment, takes: dict[int, int]) -> bool:
    return bool(counter_screen.tried(queries.lines_in_hand(fulfilment), takes)["none"])


@requires("pickups.hand_over")
@require_POST
def refusal(request: Any, public_id: UUID) -> HttpResponseBase:
    """The customer wants none of it: it is cancelled, paid back, and for sale again; a reservation is released."""
    return _release(request, public_id)


def _release(request: Any, public_id: UUID) -> HttpResponseBase:
    fulfilment = visible(request, public_id)
    try:
        once(request, lambda: _refuse(request, fulfilment))
    except Refusal as refused:
        return _page(request, visible(request, public_id), status=422, problem=str(refused))
    proofs.forget(request, fulfilment)
    said = _("%(short_id)s is released.") if fulfilment.reserved else _("%(short_id)s is cancelled.")
    messages.success(request, said % {"short_id": fulfilment.short_id})
    return redirect("today")


def _refuse(request: Any, fulfilment: Fulfilment) -> None:
    if proofs.of(request, fulfilment) is None:
        raise Refusal(_("Verify first who this is: by the code, or by an identity card."))
    giving_up.cancel(fulfilment_id=fulfilment.pk, actor_id=request.actor.user_id, reason=CancelReason.REFUSED)


def _page(request: HttpRequest, fulfilment: Fulfilment, *, status: int = 200, **more: Any) -> HttpResponse:
    proof = proofs.of(request, fulfilment)
    sent = request.POST if request.method == "POST" else request.GET
    takes = _takes(sent, fulfilment) if fulfilment.reserved else None
    context = counter_screen.hand_over(fulfilment, proof, timezone.now(), takes=takes)
    context["store"] = place(fulfilment.location_id)
    for tender in context["tenders"]:
        tender["selected"] = tender["value"] == sent.get("tender")
    asks_what_is_due = request.method == "GET" and fulfilment.reserved
    fragment = "owed" if asks_what_is_due else ""
    return page_or_fragment(request, "fulfilment/hand_over.html", context | more, fragment=fragment, status=status)


@requires("pickups.hand_over")
@require_POST
def check_code(request: Any, public_id: UUID) -> HttpResponseBase:
    """Six digits, typed: a right guess after five wrong ones is refused like them."""
    fulfilment = visible(request, public_id)
    form = forms.CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, fulfilment, status=422, code_error=forms.sentence(form))
    guesses = {"what": "pickup_code", "whom": str(fulfilment.pk)}
    try:
        limiting.count(**guesses, limit=GUESSES, seconds=GUESSING_SECONDS)
    except limiting.TooManyTries:
        several = _("Too many wrong codes for this order. Ask for an identity card, or wait 15 minutes.")
        return _page(request, fulfilment, status=429, code_error=several)
    if not _matches(fulfilment, form.cleaned_data["code"]):
        return _page(request, fulfilment, status=422, code_error=_("This is not the code of this order."))
    limiting.clear(**guesses)
    proofs.note(request, fulfilment, HandOver.Proof.CODE)
    return redirect("hand-over", public_id)


def _matches(fulfilment: Fulfilment, digits: str) -> bool:
    hashed = codes.code_hash(digits, fulfilment.location_id)
    return fulfilment.status == Fulfilment.Status.READY and codes.same(hashed, fulfilment.code_hash)


@requires("pickups.hand_over")
@require_POST
def check_identity(request: Any, public_id: UUID) -> HttpResponseBase:
    """An identity card was seen: the customer's own, or that of somebody they sent."""
    fulfilment = visible(request, public_id)
    form = forms.IdentityForm(request.POST)
    if not form.is_valid():
        return _page(
            request, fulfilment, status=422, problem=_("Write the name on the identity card."), other_open=True
        )
    proofs.note(request, fulfilment, HandOver.Proof.IDENTITY, form.cleaned_data["collected_by"].strip())
    return redirect("hand-over", public_id)


@requires("pickups.hand_over")
@require_GET
def handed_over(request: Any, public_id: UUID) -> HttpResponseBase:
    """It is done; ten minutes to undo."""
    fulfilment = visible(request, public_id)
    given = queries.last_hand_over(fulfilment)
    if given is None:
        return redirect("hand-over", public_id)
    context = counter_screen.handed_over(fulfilment, given, timezone.now())
    context["store"] = place(fulfilment.location_id)
    return render(request, "fulfilment/handed_over.html", context)


@requires("pickups.hand_over")
@require_POST
def undo(request: Any, public_id: UUID) -> HttpResponseBase:
    """It was a mistake: everything is as before."""
    fulfilment = visible(request, public_id)
    given = queries.last_hand_over(fulfilment)
    if given is None:
        return redirect("hand-over", public_id)
    try:
        once(
            request,
            lambda: undoing.undo_hand_over(hand_over_id=given.pk, actor_id=request.actor.user_id),
            lost_races=frozenset({readying.CODE_RACE}),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("handed-over", public_id)
    messages.success(request, _("Undone: %(short_id)s waits again.") % {"short_id": fulfilment.short_id})
    return redirect(reverse("hand-over", args=[public_id]))
