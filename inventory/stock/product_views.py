"""One product: what it is, what it costs, and each variant with what one's own store and the house have.

The routed view stands above (`omni.desk.product_page`): it adds what rooms above know of a product.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from inventory.catalog.forms import PhotoForm
from inventory.catalog.models import Product
from inventory.catalog.photo_queries import photos_of
from inventory.catalog.queries import offers
from inventory.catalog.reductions import reduction
from inventory.places.queries import place
from inventory.stock import matrix
from inventory.stock.views import CHANNEL, CURRENCY, address_of
from omni.staff.once import new_key
from omni.staff.stores import current_store_id


def page(request: Any, code: str, panels: Callable[[Product], dict[str, Any]]) -> HttpResponseBase:
    """The page of a product; each variant leads to its stock. `panels` are drawn by the rooms above, by name."""
    found = Product.objects.filter(code=code).first() if "\x00" not in code else None
    if found is None:
        raise Http404
    store = place(current_store_id(request))
    rows = [row for row in matrix.variants(found.pk, store.id) if not row.withdrawn]
    prices = _prices([row.sku for row in rows], timezone.now())
    cells = [(json.loads(row.attributes), _cell(row, prices[row.sku])) for row in rows]
    asked = [price for price in prices.values() if price["amount"] is not None]
    lowest = min(asked, key=lambda price: price["amount"], default=None)
    context = {
        "store": store,
        "back_url": reverse("stock"),
        "product": {
            "name": found.name, "code": found.code, "brand": found.brand, "picture": found.picture,
            "place": " · ".join(part for part in (found.department, found.category) if part),
        },
        "price": lowest,
        "prices_differ": len({price["amount"] for price in asked}) > 1,
        "matrix": matrix.arranged(cells),
        "variants": [cell for _attributes, cell in cells],
        "panels": panels(found),
        "photos": photos_of(found.pk, found.name),
        "photo_form": PhotoForm() if request.actor.may("catalogue.manage") else None,
        "idempotency_key": new_key(),
        "own": sum(row.own for row in rows),
        "house_total": sum(row.house for row in rows),
    }  # fmt: skip
    return render(request, "stock/product.html", context)


def _prices(skus: list[str], now: datetime) -> dict[str, dict[str, Any]]:
    """Return sku → what it costs now and, when that is lowered, the lowest price of the 30 days before."""
    found = offers([("sku", sku) for sku in skus])
    keys: dict[str, Any] = {"channel": CHANNEL, "currency": CURRENCY, "at": now}
    prices = {}
    for sku in skus:
        offer = found["sku", sku]
        lowered = reduction(offer, **keys)
        prices[sku] = {"amount": offer.price(**keys), "before": lowered.lowest_before if lowered else None}
    return prices


def _cell(row: Any, price: dict[str, Any]) -> dict[str, Any]:
    return {
        "sku": row.sku,
        "label": row.label or row.sku,
        "attributes": json.loads(row.attributes),
        "own": row.own if row.stocked else None,
        "house": row.house,
        "url": address_of(row.sku),
        **price,
    }
