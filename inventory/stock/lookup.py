"""What a person at a counter asks of the stock: which article, how many here and why, how many elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.catalog.models import Variant
from inventory.catalog.queries import PICTURE, Offer, offers
from inventory.catalog.searching import products_called
from inventory.places.queries import Place, all_places
from inventory.stock.models import StockLevel
from omni.lib import sql

NEAREST = 5
MOST_FOUND = 20
LONGEST_CODE = 80

BY_NAME = f"""
SELECT variant.sku, variant.label, variant.gtin, product.name, {PICTURE} AS picture,
       greatest(0, level.on_hand - level.reserved - level.damaged - level.safety_stock) AS available
FROM catalog_product product
JOIN catalog_variant variant ON variant.product_id = product.id AND variant.withdrawn_at IS NULL
LEFT JOIN stock_stocklevel level ON level.variant_id = variant.id AND level.location_id = %s::bigint
WHERE product.id = ANY(%s::bigint[])
ORDER BY available DESC NULLS LAST, product.name, variant.sku LIMIT %s::int
"""  # noqa: S608  (a constant of ours)

SIBLINGS = """
SELECT variant.sku, variant.label,
       greatest(0, level.on_hand - level.reserved - level.damaged - level.safety_stock) AS available
FROM catalog_variant variant
LEFT JOIN stock_stocklevel level ON level.variant_id = variant.id AND level.location_id = %s::bigint
WHERE variant.product_id = %s::bigint AND variant.withdrawn_at IS NULL
ORDER BY variant.label, variant.sku
"""


@dataclass(frozen=True)
class Elsewhere:
    """What another place has to promise, how far it is, and when its figure last changed."""

    place: Place
    distance_km: float
    available: int
    changed_at: datetime


@dataclass(frozen=True)
class Answer:
    """One article in one store: its level there (None: never stocked), and the nearest places that have some."""

    variant: Variant
    offer: Offer
    level: StockLevel | None
    nearest: list[Elsewhere]
    others_total: int

    @property
    def available(self) -> int:
        """Units the store itself can promise now."""
        return promised(self.level) if self.level else 0


def promised(level: StockLevel) -> int:
    """Return units available to promise: on hand − reserved − damaged − safety stock, never below 0."""
    return max(0, level.on_hand - level.reserved - level.damaged - level.safety_stock)


def scanned_code(request: Any) -> str:
    """Return the code that a scanner or a person sent, without what no code has."""
    return "".join(request.POST.get("code", "").replace("\x00", "").split())[:LONGEST_CODE]


def by_code(code: str) -> Offer | None:
    """Return what is offered under a GTIN or sku, or None."""
    return next(iter(offers([("gtin", code), ("sku", code), ("sku", code.upper())]).values()), None)


def by_name(words: str, location_id: int) -> list[Any]:
    """Return articles of products that are called so (`searching`), those that the store has first."""
    found = products_called(words)
    return sql.rows(BY_NAME, [location_id, sql.numbers(found), MOST_FOUND]) if found else []


def siblings(variant: Variant, location_id: int) -> list[Any]:
    """Return every variant of the same product with what the store has of it."""
    return sql.rows(SIBLINGS, [location_id, variant.product_id])


def answer(offer: Offer, store: Place) -> Answer:
    """Return how many the store has and why, and the five nearest others that have some. Two statements."""
    variant = Variant.objects.select_related("product").get(pk=offer.variant_id)
    levels = {level.location_id: level for level in StockLevel.objects.filter(variant=variant)}
    known = all_places()
    others = [
        Elsewhere(there, store.distance_km(there.latitude, there.longitude), promised(level), level.changed_at)
        for pk, level in levels.items()
        if pk != store.id and promised(level) and (there := known.get(pk))
    ]
    nearest = sorted(others, key=lambda one: one.distance_km)[:NEAREST]
    return Answer(variant, offer, levels.get(store.id), nearest, sum(one.available for one in others))
