"""What every list can do beside being read: views of it are kept and changed, columns chosen, many rows done at once.

`routes(LISTING)` gives a list all its addresses.
"""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from omni.lib import lists
from omni.lib.errors import Refusal
from omni.lib.lists import Listing
from omni.staff import listing as screen
from omni.staff import walking
from omni.staff.access import requires
from omni.staff.bulk_views import bulk, run, steps
from omni.staff.list_models import SavedView
from omni.staff.once import once
from omni.staff.services import saved_views
from omni.staff.stepping_up import requires_fresh


def routes(listing: Listing, *, prefix: str = "") -> list[URLPattern]:
    """Return the addresses beside the list's own, each with the list's permission."""
    prefix = prefix or f"lists/{listing.name}/"
    views: dict[str, tuple[str, Any]] = {
        "news": ("news/", news),
        "columns": ("columns/", columns),
        "views": ("views/", views_of),
        "view": ("views/<uuid:public_id>/", view),
        "view-deletion": ("views/<uuid:public_id>/deletion/", deletion),
    }
    if listing.walked:
        views["next"] = ("next/", following)
    if listing.actions:
        views |= {
            "bulk": ("bulk/", bulk),
            "run": ("runs/<uuid:public_id>/", run),
            "run-steps": ("runs/<uuid:public_id>/steps/", steps),
        }
    guard = requires(listing.permission)
    found = [
        path(f"{prefix}{address}", guard(_bound(function, listing)), name=f"{listing.name}-{name}")
        for name, (address, function) in views.items()
    ]
    if listing.export_permission:
        taken = requires(listing.export_permission)(requires_fresh(_bound(export, listing)))
        found.append(path(f"{prefix}export/", taken, name=f"{listing.name}-export"))
    return found


def _bound(function: Any, listing: Listing) -> Any:
    view = partial(function, listing=listing)
    view.__name__ = function.__name__  # type: ignore[attr-defined]
    view.__module__ = function.__module__
    view.__qualname__ = function.__qualname__  # type: ignore[attr-defined]
    return view


@require_GET
def news(request: Any, *, listing: Listing) -> HttpResponse:
    """How many rows have come since; 204 when none has."""
    return screen.news(request, listing)


@require_GET
def following(request: Any, *, listing: Listing) -> HttpResponseBase:
    """The page of the row below the one somebody has done; at the list's end the list, which says so."""
    return walking.go_on(request, screen.read(request, listing))


@require_GET
def export(request: Any, *, listing: Listing) -> HttpResponseBase:
    """The list as a file."""
    return screen.export(request, listing)


@require_POST
def columns(request: Any, *, listing: Listing) -> HttpResponseBase:
    """Show other columns from now on; `reset` goes back to the list's own."""
    question = QueryDict(request.POST.get("query", "")[: lists.LONGEST_QUERY])
    view = _visible(request, listing, question["view"]) if question.get("view") else None
    known = {one.name for one in listing.columns}
    wanted = [name for name in request.POST.getlist("column") if name in known]
    saved_views.choose_columns(
        listing=listing.name, view=view, columns=None if "reset" in request.POST else wanted, actor=request.actor
    )
    return _back(listing, question)


@require_POST
def views_of(request: Any, *, listing: Listing) -> HttpResponseBase:
    """Keep what is asked of the list as a view."""
    question = QueryDict(request.POST.get("query", "")[: lists.LONGEST_QUERY + 1], mutable=True)
    question.pop("view", None)
    made: list[SavedView] = []

    def keep() -> None:
        made.append(
            saved_views.save(
                listing=listing.name,
                name=_name(request),
                query=lists.query_of(question),
                columns=_columns_now(request, listing),
                share=request.POST.get("share", saved_views.ALONE),
                actor=request.actor,
            )
        )

    try:
        once(request, keep)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(listing, question, made[0] if made else _named(request, listing))


def _name(request: Any, otherwise: str = "") -> str:
    """Return the name that was written, without what PostgreSQL keeps in no text."""
    return " ".join(request.POST.get("name", otherwise).replace("\x00", " ").split())


def _columns_now(request: Any, listing: Listing) -> list[str] | None:
    known = {one.name for one in listing.columns}
    return [name for name in request.POST.getlist("column") if name in known] or None


def _named(request: Any, listing: Listing) -> SavedView | None:
    """Return the view that this very form made the first time it came."""
    name = _name(request)
    return SavedView.objects.filter(owner=request.actor.user_id, listing=listing.name, name=name).first()


@require_http_methods(["GET", "POST"])
def view(request: Any, public_id: uuid.UUID, *, listing: Listing) -> HttpResponseBase:
    """One view: its name, with whom it is shared; a POST changes that, and with `query` what it asks."""
    found = _changeable(request, listing, public_id)
    refused = ""
    if request.method == "POST":
        query = request.POST.get("query")
        try:
            saved_views.change(
                view=found,
                name=_name(request, found.name),
                share=request.POST.get("share", saved_views.now_shared_with(found)),
                query=None if query is None else _without_view(query),
                actor=request.actor,
            )
            return _back(listing, QueryDict(found.query), found)
        except Refusal as refusal:
            refused = str(refusal)
    context = {
        "view": found,
        "list": {"title": listing.title, "name": listing.name},
        "share": saved_views.now_shared_with(found),
        "view_stores": listing.stores(request.actor),
        "own": found.owner_id == request.actor.user_id,
        "refused": refused,
        "back_url": _address(listing, QueryDict(found.query), found),
    }
    return render(request, "ui/list/view.html", context, status=422 if refused else 200)


def _without_view(query: str) -> str:
    question = QueryDict(query[: lists.LONGEST_QUERY + 1], mutable=True)
    question.pop("view", None)
    return lists.query_of(question)


@require_POST
def deletion(request: Any, public_id: uuid.UUID, *, listing: Listing) -> HttpResponseBase:
    """Put a view away, for everybody who saw it."""
    found = _changeable(request, listing, public_id)
    saved_views.put_away(view=found, actor=request.actor)
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": found.name})
    return redirect(listing.name)


def _visible(request: Any, listing: Listing, public_id: Any) -> SavedView:
    try:
        wanted = uuid.UUID(str(public_id))
    except ValueError:
        raise Http404 from None
    found = SavedView.objects.visible_to(request.actor).filter(listing=listing.name, public_id=wanted).first()
    if found is None:
        raise Http404
    return found


def _changeable(request: Any, listing: Listing, public_id: uuid.UUID) -> SavedView:
    found = _visible(request, listing, public_id)
    if not saved_views.may_change(found, request.actor):
        raise PermissionDenied
    return found


def _address(listing: Listing, question: QueryDict, view: SavedView | None = None) -> str:
    query = lists.query_of(question, **({"view": str(view.public_id)} if view else {}))
    return f"{reverse(listing.name)}?{query}" if query else reverse(listing.name)


def _back(listing: Listing, question: QueryDict, view: SavedView | None = None) -> HttpResponseBase:
    response = redirect(_address(listing, question, view))
    response.status_code = 303
    return response
