"""One door for every code: a scan that means one thing opens it, several are listed, none is said aloud."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from inventory.places.queries import place
from omni.lib.content_policy import with_wasm
from omni.lib.htmx import page_or_fragment, wants_fragment, with_feedback
from omni.staff.access import requires
from omni.staff.once import new_key
from omni.staff.stores import current_store_id
from orders.fulfilment import proofs, queries, recognising
from orders.fulfilment.models import Fulfilment

LONGEST = 120


@requires("pickups.view")
@require_http_methods(["GET", "POST"])
def scan(request: Any) -> HttpResponseBase:
    """A page with one field, and the address where every page posts its scans."""
    text = (request.POST if request.method == "POST" else request.GET).get("code") or request.GET.get("q", "")
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return _page(request, text)
    found = recognising.known(request.actor, text, current_store_id(request))
    if len(found) == 1:
        only = found[0]
        if only.proves:  # whoever shows the code may have the goods
            proofs.note(request, only.proves, only.proof)
        return _go(request, only.url)
    if found and wants_fragment(request):
        return _go(request, f"{reverse('scan')}?{urlencode({'q': text})}")
    if found:
        return _page(request, text, matches=found)
    unknown = {"result": "unknown", "title": _("Nothing is known under this code"), "detail": text}
    response = _page(request, text, answer=unknown)
    return with_feedback(response, unknown) if wants_fragment(request) else response


@requires("pickups.view")
@require_GET
def camera(request: Any) -> HttpResponseBase:
    """The tablet's camera instead of a scanner; for one order in hand when `for` names it, else for any code."""
    scan_url, pickup = reverse("scan"), None
    if request.GET.get("for"):
        pickup = _in_hand(request)
        scan_url = reverse("pick-scans", args=[pickup.public_id])
    context = {
        "store": place(current_store_id(request)),
        "scan_url": scan_url,
        "scan_keeps": pickup is not None,
        "pickup": pickup,
        "back_url": reverse("picking", args=[pickup.public_id]) if pickup else reverse("scan"),
    }
    return with_wasm(render(request, "fulfilment/camera.html", context))


def _in_hand(request: Any) -> Fulfilment:
    try:
        public_id = UUID(request.GET["for"])
    except ValueError:
        public_id = UUID(int=0)
    mine = queries.in_hand().visible_to(request.actor)
    found: Fulfilment = get_object_or_404(mine, public_id=public_id)
    return found


def _go(request: Any, url: str) -> HttpResponseBase:
    if not wants_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _page(request: Any, text: str, **more: Any) -> HttpResponse:
    context = {
        "store": place(current_store_id(request)),
        "scan_url": reverse("scan"),
        "query": text,
        "idempotency_key": new_key(),
        **more,
    }
    return page_or_fragment(request, "fulfilment/scan.html", context, fragment="scan_answer")
