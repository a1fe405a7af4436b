"""Stores and articles of a measured house, of any size."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bench import shape
from bench.copying import copy, history_silent
from inventory.catalog.models import Product, Variant
from inventory.places.models import Location
from orders.pricing.models import VatRate

NOW = datetime.now(UTC).replace(microsecond=0)
ROWS_AT_ONCE = 2_000


class NotOurs(Exception):
    """The database holds somebody's data."""


def is_there(stores: Sequence[str]) -> bool:
    """Whether the database holds a house with just these stores. Refuses one with anybody else's data."""
    codes = set(Location.objects.filter(kind="store").values_list("code", flat=True))
    if not codes:
        return False
    if codes != set(stores):
        raise NotOurs("DATABASE_URL names a database that holds other data. Give bench one of its own.")
    return True


def places(stores: int, hours: Sequence[str] = ("Mo-Sa 09:00-19:00",)) -> None:
    """So many stores over France, with these hours in turn."""
    Location.objects.bulk_create(
        Location(
            code=shape.store(number), short_code=shape.short_code(number), name=f"Store {number:02d}",
            address="1 rue de la Mesure", postal_code=f"{number % 96:02d}000", town=f"Town {number:02d}",
            latitude=43.0 + number % 10 * 0.7, longitude=-1.0 + number // 10 % 6 * 1.5 + number // 60 * 0.01,
            opening_hours=hours[number % len(hours)], invented=True,
        )
        for number in range(1, stores + 1)
    )  # fmt: skip


def rates() -> None:
    """Two VAT rates that have been in force for long."""
    since = NOW.date() - timedelta(days=999)
    for vat_class, rate in {"standard": shape.VAT_RATE, "reduced": 550}.items():
        VatRate.objects.create(territory="FR", vat_class=vat_class, rate=rate, starts_on=since)


def catalogue(skus: int) -> None:
    """A product, a variant and a price for each of so many skus."""
    numbers = range(1, skus + 1)
    Product.objects.bulk_create(
        (Product(code=shape.sku(number), name=f"Article {number}", department="Bench") for number in numbers),
        ROWS_AT_ONCE,
    )
    products = Product.objects.order_by("pk").values_list("pk", flat=True)
    Variant.objects.bulk_create(
        (Variant(product_id=pk, sku=shape.sku(n), shelf=f"{n % 40}-{n % 7}") for n, pk in enumerate(products, 1)),
        ROWS_AT_ONCE,
    )
    variants = Variant.objects.order_by("pk").values_list("pk", flat=True)
    start = NOW - timedelta(days=900)
    rows = [(pk, "", "EUR", shape.price(number), start, False) for number, pk in enumerate(variants, 1)]
    with history_silent("catalog_price"):
        copy("catalog_price", ("variant_id", "channel", "currency", "amount", "starts_at", "derived"), rows)
