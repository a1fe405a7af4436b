"""An article's movements in a store, and what its figures were at any instant."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.catalog.models import Variant
from inventory.places.queries import Place, place
from inventory.stock import explaining, movements, words
from inventory.stock.models import StockMovement
from inventory.stock.reasons import label_of
from inventory.stock.views import address_of
from omni.staff.access import requires
from omni.staff.stores import current_store_id


@requires("stock.view")
@require_http_methods(["GET"])
def ledger(request: Any, sku: str) -> HttpResponseBase:
    """Every movement of an article in one's store, newest first; `?at=2026-12-12T10:42` (the store's clock) asks what
    its figures were then."""
    variant = Variant.objects.select_related("product").filter(sku=sku).first()
    if variant is None:
        raise Http404
    store = place(current_store_id(request))
    rows, more = movements.page(
        variant_id=variant.pk, location_id=store.id, before=_mark(request.GET.get("before", ""))
    )
    asked = request.GET.get("at", "")[:40]
    at = _instant(asked, store)
    context = {
        "store": store,
        "article": {
            "name": variant.product.name, "detail": variant.label, "sku": variant.sku, "url": address_of(variant.sku),
        },
        "rows": [_movement(row) for row in rows],
        "older": f"{request.path}?before={more}" if more else "",
        "at": asked,
        "at_wrong": bool(asked) and at is None,
        "asked": at,
        "then": explaining.as_of(variant_id=variant.pk, location_ids=[store.id], at=at).get(store.id) if at else None,
    }  # fmt: skip
    return render(request, "stock/ledger.html", context)


def _mark(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _instant(text: str, store: Place) -> datetime | None:
    """Read an instant of the store's clock, as a browser's field for date and time sends it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=store.zone)
    except ValueError:
        return None


def _cause(reference: str) -> str:
    """Return what moved it: a count in words, a number that only the house knows not at all."""
    known = {"count": _("Count"), "transfer": _("Transfer"), "damage": "", "repair": "", "opening": ""}
    return known.get(reference.partition(":")[0], reference)


def _movement(row: movements.Movement) -> dict[str, Any]:
    return {
        "at": row.at,
        "what": StockMovement.Kind(row.kind).label,
        "units": f"{'+' if row.signed > 0 else '−'}{abs(row.signed)}" if row.signed else str(row.quantity),
        "moves": bool(row.signed),
        "after": row.after,
        "cause": _cause(row.reference),
        "cause_url": words.address_of(row.kind, row.reference),
        "reason": label_of(row.reason),
        "who": row.actor,
    }
