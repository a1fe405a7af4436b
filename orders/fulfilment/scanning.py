"""One door for every code: a pickup code or QR, a bag, an order's number, a short id, an article."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.catalog import queries as catalog
from inventory.places.queries import place
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.access import requires
from omni.staff.models import Channel
from omni.staff.once import new_key
from omni.staff.stores import current_store_id
from orders.fulfilment import codes, proofs, queries, screens
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.views import with_feedback

BAG = re.compile(r"OMNI-B:([0-9a-f]{32})")
MOST_MATCHES = 20


@requires("pickups.view")
@require_http_methods(["GET", "POST"])
def scan(request: Any) -> HttpResponseBase:
    """A page with one field, and the address where every page posts its scans."""
    text = (request.POST if request.method == "POST" else request.GET).get("code") or request.GET.get("q", "")
    text = text.replace("\x00", "").strip()[:120]
    if not text:
        return _page(request, text)
    location_id = current_store_id(request)
    waiting = _by_pickup_code(request, text, location_id)
    if waiting:
        return _go(request, reverse("hand-over", args=[waiting.public_id]))
    found = list(_matching(request, text, location_id)[:MOST_MATCHES])
    if len(found) == 1:
        return _go(request, _task(found[0]))
    if found and wants_fragment(request):
        return _go(request, f"{reverse('scan')}?{urlencode({'q': text})}")
    if found:
        return _page(request, text, matches=[_row(one) for one in found])
    unknown = {"result": "unknown", "title": _("Nothing is known under this code"), "detail": text}
    response = _page(request, text, answer=unknown)
    return with_feedback(response, unknown) if wants_fragment(request) else response


def _by_pickup_code(request: Any, text: str, location_id: int) -> Fulfilment | None:
    """Return the pickup that waits under a code, with the proof noted: whoever shows the code may have the goods."""
    if not request.actor.may("pickups.hand_over"):
        return None
    by_qr = codes.read_qr(text)
    digits = by_qr or ("".join(text.split()) if re.fullmatch(r"[0-9][0-9 ]{5,7}", text) else "")
    if len(digits) != codes.DIGITS:
        return None
    found = queries.waiting_with_code(location_id, digits)
    if found and by_qr and text != codes.qr_text(found.public_id, found.code_round):
        return None  # a QR of old, whose digits are another order's now
    if found:
        proofs.note(request, found, HandOver.Proof.QR if by_qr else HandOver.Proof.CODE)
    return found


def _matching(request: Any, text: str, location_id: int) -> QuerySet[Fulfilment]:
    """Return what a code may mean in this store, the open ones first."""
    seen = queries.in_hand().visible_to(request.actor)  # type: ignore[attr-defined]
    bag = BAG.fullmatch(text)
    if bag:
        return seen.filter(public_id=UUID(bag[1]))
    article = next(iter(catalog.offers([("gtin", text), ("sku", text)]).values()), None)
    still_open = seen.filter(
        location=location_id,
        status__in=[Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING, Fulfilment.Status.READY],
    )
    if article:
        return still_open.filter(lines__order_line__variant=article.variant_id).order_by("promised_at").distinct()
    # Every channel by name: a reference without its channel is read by no index.
    by_reference = Q(order__channel__in=Channel.values, order__external_ref=text)
    by_order = seen.filter(Q(order__number=text.upper()) | by_reference)
    if by_order.exists():
        return by_order
    return still_open.filter(short_id__iexact=text).order_by("promised_at")


def _task(fulfilment: Fulfilment) -> str:
    preparing = fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}
    return reverse("picking" if preparing else "hand-over", args=[fulfilment.public_id])


def _row(fulfilment: Fulfilment) -> dict[str, Any]:
    states = {
        Fulfilment.Status.PICKING: "in_progress",
        Fulfilment.Status.READY: "ready",
        Fulfilment.Status.TO_PICK: "new",
    }
    return {
        "short_id": fulfilment.short_id,
        "title": screens.customer_name(fulfilment),
        "detail": fulfilment.order.number,
        "state": states.get(Fulfilment.Status(fulfilment.status), "done"),
        "state_label": fulfilment.get_status_display(),
        "url": _task(fulfilment),
        "aside": fulfilment.hold_place.name if fulfilment.hold_place else "",
    }


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
