"""Stock lookup: scan or type, and see one's own figure as a sum before those of the nearest stores.

The routed view stands above (`inventory.confidence.views`): it adds how sure the figures are, which the stock itself
does not know.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_timedelta
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inventory.places import hours
from inventory.places.queries import Place, place
from inventory.stock import explaining, lookup, words
from inventory.stock.lookup import Answer, Elsewhere
from inventory.stock.models import StockLevel
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.stores import current_store_id
from omni.templatetags.omni import clock, day

CHANNEL, CURRENCY = "store", "EUR"


Answered = Callable[[Answer, Place, datetime], dict[str, Any]]
"""What the page says of an answer, in a store, at an instant."""


def page(request: Any, answered: Answered) -> HttpResponseBase:
    """One page for a question and its answer. A scan is posted here and leads to the article's own address."""
    asked = request.POST.get("code") if request.method == "POST" else request.GET.get("q", "")
    asked = (asked or "").replace("\x00", "").strip()[:80]
    if request.method == "POST":
        return _go(request, f"{reverse('stock')}?{urlencode({'q': asked})}")
    store = place(current_store_id(request))
    context: dict[str, Any] = {
        "store": store,
        "scan_url": reverse("stock"),
        "scan_hint": _("Scanner ready. An article shows its stock."),
        "query": asked,
    }
    offer = lookup.by_code("".join(asked.split())) or lookup.by_code(asked) if asked else None
    if offer:
        context |= answered(lookup.answer(offer, store), store, timezone.now())
    elif asked:
        context["found"] = [_found(row) for row in lookup.by_name(asked, store.id)]
    return page_or_fragment(request, "stock/stock.html", context, fragment="answer")


def _go(request: Any, url: str) -> HttpResponseBase:
    if not wants_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _found(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "detail": " · ".join(part for part in (row.label, row.sku) if part),
        "picture": row.picture,
        "available": row.available,
        "url": address_of(row.sku),
    }


def address_of(sku: str) -> str:
    return f"{reverse('stock')}?{urlencode({'q': sku})}"


def in_words(answer: Answer, store: Place, now: datetime) -> dict[str, Any]:
    """Return an answer as the page shows it."""
    variant = answer.variant
    others = lookup.siblings(variant, store.id)
    price = answer.offer.price(channel=CHANNEL, currency=CURRENCY, at=now)
    return {
        "article": {
            "name": variant.product.name,
            "product_url": reverse("product", args=[variant.product.code]),
            "detail": variant.label,
            "code": variant.gtin or variant.sku,
            "sku": variant.sku,
            "picture": variant.picture,
            "shelf": variant.shelf,
            "price": price,
            "withdrawn": variant.withdrawn_at is not None,
            "sellable": price is not None and variant.withdrawn_at is None,
        },
        "available": answer.available,
        "stocked": answer.level is not None,
        **_explained(answer.level, store, now),
        "incoming": answer.level.incoming if answer.level else 0,
        "changed": ago(answer.level.changed_at, now) if answer.level else "",
        "siblings": [
            {
                "label": one.label or one.sku,
                "available": one.available,
                "url": address_of(one.sku),
                "here": one.sku == variant.sku,
            }
            for one in others
        ]
        if len(others) > 1
        else [],
        "nearest": [_elsewhere(one, now) for one in answer.nearest],
        "others_total": answer.others_total,
    }


def _explained(level: StockLevel | None, store: Place, now: datetime) -> dict[str, Any]:
    """Return how the figure comes about, part by part and as one sentence."""
    if level is None:
        return {"sum": [], "sentence": ""}
    why = explaining.explain(level)
    parts = words.terms(why, store.zone, now)
    return {"sum": parts, "sentence": words.sentence(why, parts) if len(parts) > 1 else ""}


def _elsewhere(one: Elsewhere, now: datetime) -> dict[str, Any]:
    return {
        "name": one.place.name,
        "available": one.available,
        "distance": round(one.distance_km, 1) if one.distance_km < 10 else round(one.distance_km),
        "open": opening(one.place, now),
        "code": one.place.code,
        "offers_pickup": one.place.offers_pickup,
        "offers_shipping": one.place.offers_shipping,
        "changed": ago(one.changed_at, now),
    }


def opening(store: Place, now: datetime) -> str:
    """Return `open until 20:00`, `opens Mon 14 09:00`, or nothing for a place that keeps no hours."""
    if hours.is_open(store, now):
        closes = hours.next_closing(store, now)
        return _("open until %(time)s") % {"time": clock(closes, store.zone)} if closes else _("always open")
    opens = hours.next_opening(store, now)
    return _("opens %(when)s") % {"when": f"{day(opens, store.zone)} {clock(opens, store.zone)}"} if opens else ""


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago a figure last changed, in words."""
    return format_timedelta(at - now, add_direction=True, locale=get_language() or "en")
