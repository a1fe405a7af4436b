"""The published products, with one variant each: names and barcodes made from what is published, VAT derived."""

from collections.abc import Iterable
from typing import NamedTuple

from inventory.catalog.models import Product, Variant
from omni.demo import departments, names
from omni.demo.pictures import picture
from omni.demo.published import Product as PublishedProduct
from omni.lib.copying import copy_rows, reserve_ids

PRODUCT_FIELDS = ("id", "code", "name", "department", "category", "brand", "picture", "vat_class", "derived")
VARIANT_FIELDS = ("product", "sku", "gtin", "label", "shelf", "measure")


UNLISTED = "Not in the published catalogue"


class Sold(NamedTuple):
    """What a line of the history needs to know of its product."""

    variant_id: int
    name: str
    vat_rate: int


def ensure_products(published: Iterable[PublishedProduct]) -> dict[int, Sold]:
    """Every published product and those that only the lines name, by their published number; new ones are copied in.

    All are marked `derived`: name, VAT class, shelf and barcode are made by the rules of `names` and `departments`.
    Those that the published table lacks stand in the category `UNLISTED`: all that is known of them is their number.
    """
    products = {product.product_id: product for product in published}
    known = set(Variant.objects.filter(sku__startswith="CJ-").values_list("sku", flat=True).iterator())
    new = [product for product in products.values() if names.sku(product.product_id) not in known]
    ids = reserve_ids(Product, len(new))
    copy_rows(Product, PRODUCT_FIELDS, map(_product_row, ids, new))
    copy_rows(Variant, VARIANT_FIELDS, map(_variant_row, ids, new))
    return _sold(products)


def _product_row(key: int, product: PublishedProduct) -> tuple[object, ...]:
    return (
        key,
        names.sku(product.product_id),
        names.name(product),
        names.readable(product.department),
        UNLISTED if product.missing else names.readable(product.category),
        names.brand(product),
        picture(product),
        departments.vat_class(product),
        True,
    )


def _variant_row(key: int, product: PublishedProduct) -> tuple[object, ...]:
    measure = Variant.Measure.MILLIGALLON if product.measured else Variant.Measure.PIECE
    return (
        key,
        names.sku(product.product_id),
        names.gtin(product.product_id),
        "",
        departments.shelf(product),
        measure.value,
    )


def _sold(products: dict[int, PublishedProduct]) -> dict[int, Sold]:
    rows = Variant.objects.filter(sku__startswith="CJ-").values_list("sku", "pk", "product__name", "product__vat_class")
    found = {
        int(sku[3:]): Sold(pk, name, departments.RATES[vat]) for sku, pk, name, vat in rows.iterator(chunk_size=5000)
    }
    return {identifier: sold for identifier, sold in found.items() if identifier in products}
