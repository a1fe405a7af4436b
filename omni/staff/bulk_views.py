"""Many rows at once, step by step: choose, be asked, go on until all is done, read what was done and what was not."""

import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from omni.lib import lists
from omni.lib.errors import BadRequest, Refusal
from omni.lib.htmx import page_or_fragment
from omni.lib.lists import MOST_AT_ONCE, BulkAction, Listing
from omni.staff import listing as screen
from omni.staff import once
from omni.staff.list_models import BulkItem, BulkRun
from omni.staff.services import bulk as bulk_service
from omni.staff.stepping_up import requires_fresh

MOST_TOLD = 500
"""So many rows of each outcome are listed; their number is always told."""
LONGEST_KEY = 64


@require_POST
def bulk(request: Any, *, listing: Listing) -> HttpResponseBase:
    """Freeze the chosen rows for an action: those that are ticked, or, with `all`, everything that matches."""
    action = _action(listing, request.POST.get("action", ""))
    back = request.POST.get("query", "").replace("\x00", "")[: lists.LONGEST_QUERY]
    if action is None:
        return _refused(request, listing, back, _("Choose what is to be done."))
    if not request.actor.may(action.permission):
        raise PermissionDenied
    try:
        chosen = _chosen(request, listing, back)
        if action.go is not None:
            if not chosen.exists():
                raise BadRequest(_("Choose at least one row."))
            return _see(action.go(chosen))
        made = bulk_service.ask(
            listing=listing.name,
            action=action,
            things=_things(listing, chosen),
            key=request.POST.get("idempotency_key", "").replace("\x00", "")[:LONGEST_KEY] or once.new_key(),
            back=back,
            actor=request.actor,
        )
    except Refusal as refusal:
        return _refused(request, listing, back, str(refusal))
    return _see(reverse(f"{listing.name}-run", args=[made.public_id]))


def _chosen(request: Any, listing: Listing, back: str) -> Any:
    """Return the chosen rows, as far as the actor may see them: a foreign key in the form finds nothing."""
    if request.POST.get("all"):
        asked = screen.read(request, listing, QueryDict(back))
        return asked.found
    keys = [key for key in request.POST.getlist("row") if key and "\x00" not in key][: MOST_AT_ONCE + 1]
    if listing.key == "pk":
        keys = [key for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    return listing.source(request.actor).filter(**{f"{listing.key}__in": keys})


def _things(listing: Listing, chosen: Any) -> list[tuple[int, str]]:
    rows = chosen.order_by("pk").values_list("pk", listing.key)[: MOST_AT_ONCE + 1]
    return [(pk, str(label)) for pk, label in rows]


@require_GET
def run(request: Any, public_id: uuid.UUID, *, listing: Listing) -> HttpResponse:
    """One run: the question before it begins, how far it is, and at the end what was done with which row."""
    return _page(request, listing, _own(request, listing, public_id))


@require_POST
def steps(request: Any, public_id: uuid.UUID, *, listing: Listing) -> HttpResponseBase:
    """Begin, or go on with the next rows. Sent twice it does no row twice. What gives money back begins with a proof
    of who is there."""
    found = _own(request, listing, public_id)
    action = _action(listing, found.action)
    if action is None or not request.actor.may(action.permission):
        raise PermissionDenied
    go_on = requires_fresh(_go_on) if action.needs_proof and found.begun_at is None else _go_on
    return go_on(request, listing, found, action)


def _go_on(request: Any, listing: Listing, found: BulkRun, action: BulkAction) -> HttpResponseBase:
    try:
        if found.begun_at is None:
            bulk_service.begin(run=found, action=action, reason=request.POST.get("reason", ""))
            found.refresh_from_db()
        bulk_service.go_on(run=found, action=action, actor=request.actor)
    except BadRequest as refusal:
        return _page(request, listing, found, refused=str(refusal), status=422)
    found.refresh_from_db()
    if request.htmx:
        return _page(request, listing, found)
    return _see(reverse(f"{listing.name}-run", args=[found.public_id]))


def _page(request: Any, listing: Listing, found: BulkRun, *, refused: str = "", status: int = 200) -> HttpResponse:
    action = _action(listing, found.action)
    items = list(found.items.order_by("pk"))
    numbers = Counter(item.outcome for item in items)
    outcomes = BulkItem.Outcome
    told = [
        {"outcome": outcome, "label": outcome.label, "state": state, "rows": _told(listing, items, outcome)}
        for outcome, state in ((outcomes.REFUSED, "at_risk"), (outcomes.FAILED, "late"), (outcomes.DONE, "done"))
    ]
    context = {
        "run": found,
        "action": action,
        "list": {"title": listing.title, "name": listing.name},
        "number": len(items),
        "worked": len(items) - numbers[outcomes.WAITING],
        "done": numbers[outcomes.DONE],
        "refused_number": numbers[outcomes.REFUSED],
        "failed_number": numbers[outcomes.FAILED],
        "told": [one for one in told if one["rows"]] if found.begun_at else [],
        "chosen": _told(listing, items, outcomes.WAITING)[:20] if not found.begun_at else [],
        "chosen_more": max(0, len(items) - 20),
        "refused": refused,
        "steps_url": reverse(f"{listing.name}-run-steps", args=[found.public_id]),
        "back_url": f"{reverse(listing.name)}?{found.back}" if found.back else reverse(listing.name),
    }
    return page_or_fragment(request, "ui/list/run.html", context, fragment="run", status=status)


def _told(listing: Listing, items: list[BulkItem], outcome: str) -> list[dict[str, str]]:
    told = [item for item in items if item.outcome == outcome][:MOST_TOLD]
    return [{"label": one.label, "words": one.words, "url": listing.thing_url(one.label)} for one in told]


def _own(request: Any, listing: Listing, public_id: uuid.UUID) -> BulkRun:
    found = BulkRun.objects.filter(public_id=public_id, listing=listing.name, actor=request.actor.user_id).first()
    if found is None:
        raise Http404
    return found


def _action(listing: Listing, name: str) -> BulkAction | None:
    return next((one for one in listing.actions if one.name == name), None)


def _refused(request: Any, listing: Listing, back: str, words: str) -> HttpResponseBase:
    messages.error(request, words)
    return _see(f"{reverse(listing.name)}?{back}" if back else reverse(listing.name))


def _see(address: str) -> HttpResponseBase:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
