"""What people do to a transfer: scan into it, change a line, make it ready, let it leave, receive it, give it up."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.places.queries import place
from inventory.stock import lookup, tally_line
from inventory.stock.errors import ShortStock
from inventory.stock.forms import reasons_of
from inventory.stock.shortness import sentence as short_sentence
from inventory.stock.shortness import short_lines
from inventory.transfers import screens
from inventory.transfers.errors import WrongSide
from inventory.transfers.models import Transfer, TransferLine
from inventory.transfers.services import receiving, sending, tallying
from inventory.transfers.views import page, visible
from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.once import once
from omni.staff.tally_page import TallyPage

Status = Transfer.Status


def _tally(request: Any, found: Transfer) -> TallyPage:
    return TallyPage(
        request,
        lambda **more: page(request, found, **more),
        found.get_absolute_url(),
        lambda: _require_one_of(request, _of_the_tally(found)),
    )


@requires("stock.transfer")
@require_POST
def scan(request: Any, public_id: UUID) -> HttpResponseBase:
    """One scanned piece: onto the draft, or found at the reception, or parked when nobody knows its code."""
    found = visible(request, public_id)
    tally, code = _tally(request, found), lookup.scanned_code(request)
    offer = lookup.by_code(code) if code else None
    try:
        tally.require()
        if not code:
            raise Refusal(_("Scan a piece, or type its code."))
        if offer is None and found.status == Status.DRAFT:
            return tally.scanned("unknown", _("Nothing is known under this code"), code)
        once(request, lambda: _tallied(found, code, offer.variant_id if offer else None))
    except Refusal as refusal:
        return tally.scanned("wrong", str(refusal), offer.name if offer else code)
    if offer is None:
        return tally.scanned("unknown", _("Unknown code, parked"), code)
    return tally.scanned("ok", offer.name, code)


def _tallied(found: Transfer, code: str, variant_id: int | None) -> int:
    if variant_id is None:
        return tallying.park(transfer_id=found.pk, code=code)
    add = tallying.ask if found.status == Status.DRAFT else tallying.scan
    return add(transfer_id=found.pk, variant_id=variant_id)


@requires("stock.transfer")
@require_POST
def line(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """One piece of a line more or less by tap, or its whole figure by hand."""
    found = visible(request, public_id)
    keys = {"transfer_id": found.pk, "variant_id": get_object_or_404(TransferLine, transfer=found, pk=pk).variant_id}
    add, say = (
        (tallying.ask, tallying.ask_for) if found.status == Status.DRAFT else (tallying.scan, tallying.set_scanned)
    )
    return tally_line.change(
        _tally(request, found),
        step=lambda pieces: add(**keys, pieces=pieces),
        whole=lambda pieces: say(**keys, pieces=pieces),
    )


@requires("stock.transfer")
@require_POST
def line_removal(request: Any, public_id: UUID, pk: int) -> HttpResponseBase:
    """An article that was not meant is taken off the draft, or was not found after all."""
    found = visible(request, public_id)
    tally, one = _tally(request, found), TransferLine.objects.filter(pk=pk).first()
    if one is None:  # it is off already
        return tally.changed()
    if one.transfer_id != found.pk:
        raise Http404
    keys = {"transfer_id": found.pk, "variant_id": one.variant_id}
    if found.status == Status.DRAFT:
        return tally.tried(lambda: tallying.leave_out(**keys))
    return tally.tried(lambda: tallying.set_scanned(**keys, pieces=0))


@requires("stock.transfer")
@require_POST
def readiness(request: Any, public_id: UUID) -> HttpResponseBase:
    """Everything on the list is kept for it."""
    found = visible(request, public_id)
    return _done(request, found, {found.origin_id}, lambda: sending.make_ready(transfer_id=found.pk))


@requires("stock.transfer")
@require_POST
def reopening(request: Any, public_id: UUID) -> HttpResponseBase:
    """Back to a draft."""
    found = visible(request, public_id)
    return _done(request, found, {found.origin_id}, lambda: sending.reopen(transfer_id=found.pk))


@requires("stock.transfer")
@require_POST
def departure(request: Any, public_id: UUID) -> HttpResponseBase:
    """It leaves."""
    found, who = visible(request, public_id), request.actor.user_id
    return _done(request, found, {found.origin_id}, lambda: sending.send(transfer_id=found.pk, actor_id=who))


@requires("stock.transfer")
@require_POST
def cancellation(request: Any, public_id: UUID) -> HttpResponseBase:
    """It is given up before it left. A draft by either side."""
    found, who = visible(request, public_id), request.actor.user_id
    by = _either(found) if found.status == Status.DRAFT else {found.origin_id}
    return _done(request, found, by, lambda: sending.cancel(transfer_id=found.pk, actor_id=who))


@requires("stock.transfer")
@require_POST
def booking(request: Any, public_id: UUID) -> HttpResponseBase:
    """What was scanned is taken in, the rest is still to come."""
    found, who = visible(request, public_id), request.actor.user_id
    return _done(request, found, {found.destination_id}, lambda: receiving.book(transfer_id=found.pk, actor_id=who))


@requires("stock.transfer")
@require_http_methods(["GET", "POST"])
def closing(request: Any, public_id: UUID) -> HttpResponseBase:
    """What was found beside what was sent, and what follows; POST takes it in and expects no more."""
    found = visible(request, public_id)
    if found.status not in Transfer.ON_ITS_WAY or found.destination_id not in request.actor.store_ids:
        return redirect(found)
    said, problem = reasons_of(request.POST), ""
    if request.method == "POST":
        who = request.actor.user_id
        try:
            once(request, lambda: receiving.close(transfer_id=found.pk, reasons=said, actor_id=who))
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("The transfer is received, its pieces are for sale."))
            return redirect(found)
    context = screens.closing(found, place(found.destination_id), said, problem=problem)
    return render(request, "transfers/closing.html", context, status=422 if problem else 200)


def _require_one_of(request: Any, place_ids: set[int | None]) -> None:
    """Refuse what is for another store to do: it packs what it sends, we take in what we get."""
    if not place_ids & request.actor.store_ids:
        raise WrongSide(_("This is for the other store to do."))


def _either(found: Transfer) -> set[int | None]:
    return {found.origin_id, found.destination_id}


def _of_the_tally(found: Transfer) -> set[int | None]:
    """Return whose tally it is: a draft may be written at both ends, a reception at its own."""
    return _either(found) if found.status == Status.DRAFT else {found.destination_id}


def _done(request: Any, found: Transfer, by: set[int | None], work: Callable[[], object]) -> HttpResponseBase:
    try:
        _require_one_of(request, by)
        once(request, work)
    except Refusal as refusal:
        problem = " ".join(_short(refusal)) if isinstance(refusal, ShortStock) else str(refusal)
        return page(request, visible(request, found.public_id), status=refusal.status, problem=problem)
    return redirect(found)


def _short(short: ShortStock) -> list[str]:
    return [short_sentence(short, one) for one in short_lines(short).values()]
