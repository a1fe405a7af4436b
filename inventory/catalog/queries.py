"""What is offered under a sku or GTIN, remembered in the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stdnum import ean

from inventory.catalog.models import Price, Variant
from omni.lib import reference

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
    """Return what is offered under each code; unknown codes are left out. At most two statements, mostly none."""
    return reference.remember("offer", codes, _load)


def skus(variant_ids: Iterable[int]) -> dict[int, str]:
    """Return the sku of each variant."""
    return reference.remember(
        "sku", variant_ids, lambda pks: dict(Variant.objects.filter(pk__in=pks).values_list("pk", "sku"))
    )


def valid_gtin(code: str) -> bool:
    """Whether the code is a GTIN-8, -12, -13 or -14 whose check digit is right (GS1 General Specifications §7.9)."""
    return ean.is_valid(code)


def _load(codes: list[Code]) -> dict[Code, Offer]:
    wanted_skus = [code for kind, code in codes if kind == "sku"]
    wanted_gtins = [code for kind, code in codes if kind == "gtin"]
    variants = list(
        (Variant.objects.filter(sku__in=wanted_skus) | Variant.objects.filter(gtin__in=wanted_gtins)).select_related(
            "product"
        )
    )
    windows: dict[int, list[PriceWindow]] = {}
    for price in Price.objects.filter(variant__in=[variant.pk for variant in variants]):
        windows.setdefault(price.variant_id, []).append(
            PriceWindow(price.channel, price.currency, price.amount, price.starts_at, price.ends_at)
        )
    found: dict[Code, Offer] = {}
    for variant in variants:
        offer = _offer(variant, windows.get(variant.pk, []))
        found["sku", offer.sku] = offer
        if offer.gtin:
            found["gtin", offer.gtin] = offer
    return {code: found[code] for code in codes if code in found}


def _offer(variant: Variant, windows: list[PriceWindow]) -> Offer:
    product = variant.product
    return Offer(
        variant_id=variant.pk,
        sku=variant.sku,
        gtin=variant.gtin or "",
        name=f"{product.name}, {variant.label}" if variant.label else product.name,
        vat_class=product.vat_class,
        measure=variant.measure,
        picture=product.picture,
        withdrawn_at=variant.withdrawn_at,
        prices=tuple(windows),
    )
