"""What is offered under a sku or GTIN, remembered in the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stdnum import ean

from inventory.catalog.models import Variant
from omni.lib import reference, sql

Code = tuple[str, str]
"""`("sku", "MER-42")` or `("gtin", "3701234002149")`."""


@dataclass(frozen=True)
class PriceWindow:
    """A price in cents, tax included, and when it holds."""

    channel: str
    currency: str
    amount: int
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Offer:
    """A variant as it is sold."""

    variant_id: int
    sku: str
    gtin: str
    name: str
    vat_class: str
    measure: str
    picture: str
    withdrawn_at: datetime | None
    prices: tuple[PriceWindow, ...]

    def price(self, *, channel: str, currency: str, at: datetime) -> int | None:
        """Return the cents of one unit: the channel's own price before the one for all, the latest start first."""
        holding = [
            price
            for price in self.prices
            if price.currency == currency
            and price.channel in {channel, ""}
            and price.starts_at <= at
            and (price.ends_at is None or at < price.ends_at)
        ]
        best = max(holding, key=lambda price: (price.channel == channel, price.starts_at), default=None)
        return best.amount if best else None


def offers(codes: Iterable[Code]) -> dict[Code, Offer]:
    """Return what is offered under each code; unknown codes are left out. At most one statement, mostly none."""
    return reference.remember("offer", codes, _load)


def skus(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the sku of each variant."""
    return reference.remember(
        "sku", variant_ids, lambda pks: dict(Variant.objects.filter(pk__in=pks).values_list("pk", "sku"))
    )


def valid_gtin(code: str) -> bool:
    """Whether the code is a GTIN-8, -12, -13 or -14 whose check digit is right (GS1 General Specifications §7.9)."""
    return ean.is_valid(code)


PICTURE = "coalesce(split_part(product.picture, '/', 1) || '/' || variant.photo_id, product.picture)"
"""What shows an article, in a statement that knows `variant` and `product`: as `Variant.picture` says it."""

OFFERED = f"""
SELECT variant.id, variant.sku, variant.gtin, variant.label, variant.measure, variant.withdrawn_at,
       product.name, product.vat_class, {PICTURE} AS picture,
       price.channel, price.currency, price.amount, price.starts_at, price.ends_at
FROM catalog_variant variant
JOIN catalog_product product ON product.id = variant.product_id
LEFT JOIN catalog_price price ON price.variant_id = variant.id
WHERE variant.sku = ANY(%s::text[]) OR variant.gtin = ANY(%s::text[])
"""  # noqa: S608  (a constant of ours)


def _load(codes: list[Code]) -> dict[Code, Offer]:
    wanted = ([code for kind, code in codes if kind == one] for one in ("sku", "gtin"))
    prices: dict[int, list[Any]] = {}
    for row in sql.rows(OFFERED, list(wanted)):
        prices.setdefault(row.id, []).append(row)
    found: dict[Code, Offer] = {}
    for rows in prices.values():
        offer = _offer(rows)
        found["sku", offer.sku] = offer
        if offer.gtin:
            found["gtin", offer.gtin] = offer
    return {code: found[code] for code in codes if code in found}


def _offer(rows: list[Any]) -> Offer:
    variant = rows[0]
    return Offer(
        variant_id=variant.id,
        sku=variant.sku,
        gtin=variant.gtin or "",
        name=f"{variant.name}, {variant.label}" if variant.label else variant.name,
        vat_class=variant.vat_class,
        measure=variant.measure,
        picture=variant.picture,
        withdrawn_at=variant.withdrawn_at,
        prices=tuple(
            PriceWindow(row.channel, row.currency, row.amount, row.starts_at, row.ends_at)
            for row in rows
            if row.amount is not None
        ),
    )
