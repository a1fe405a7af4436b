"""What the list of a store shows, as plain values."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from inventory.confidence import words
from inventory.confidence.models import CountAdvice, CountList
from inventory.confidence.queries import chances
from inventory.places.queries import Place
from omni.staff.once import new_key


def suggested(store: Place, now: datetime) -> dict[str, Any]:
    """Return the context of "count these": the store's list and, as it is now, why each article stands on it."""
    made = CountList.objects.filter(location=store.id).first()
    advices = list(
        CountAdvice.objects.filter(count_list=made).select_related("variant__product").order_by("position")
        if made
        else []
    )
    found = chances({one.variant_id: 1 for one in advices}, [store.id], at=now).get(store.id, {})
    return {
        "store": store,
        "back_url": reverse("counts"),
        "listed_on": made.listed_on if made else None,
        "rows": [_row(one, words.why(found[one.variant_id], now)) for one in advices if one.variant_id in found],
        "idempotency_key": new_key(),
    }


def _row(one: CountAdvice, why: str) -> dict[str, Any]:
    variant = one.variant
    return {
        "name": variant.product.name,
        "detail": " · ".join(part for part in (variant.shelf, variant.label, variant.gtin or variant.sku) if part),
        "picture": variant.picture,
        "value": one.value,
        "why": why,
    }
