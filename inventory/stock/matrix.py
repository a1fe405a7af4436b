"""A product's variants with what one's own store and the whole house have: two attributes make a matrix, otherwise a
list."""

import re
from dataclasses import dataclass
from typing import Any

from omni.lib import sql

VARIANTS = """
SELECT variant.id, variant.sku, variant.label, variant.gtin, variant.attributes::text AS attributes,
       variant.withdrawn_at IS NOT NULL AS withdrawn, bool_or(level.location_id = %(store)s::bigint) AS stocked,
       coalesce(sum(level.left_over) FILTER (WHERE level.location_id = %(store)s::bigint), 0)::int AS own,
       coalesce(sum(level.left_over), 0)::int AS house
FROM catalog_variant variant
LEFT JOIN LATERAL (
    SELECT location_id, greatest(0, on_hand - reserved - damaged - safety_stock) AS left_over
    FROM stock_stocklevel WHERE variant_id = variant.id
) level ON true
WHERE variant.product_id = %(product)s::bigint
GROUP BY variant.id ORDER BY variant.label, variant.sku
"""
SIZES = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "2xl", "xxxl", "3xl", "4xl", "5xl")
IS_SIZE = re.compile(r"size|taille|pointure|length|longueur|waist", re.IGNORECASE)


@dataclass(frozen=True)
class Matrix:
    """Names of the two attributes, the values across, and each row: its value, then a variant or None for each value
    across."""

    down: str
    across: str
    values: list[str]
    rows: list[tuple[str, list[Any]]]


def variants(product_id: int, store_id: int) -> list[Any]:
    """Return every variant of a product with units available in the store (`own`) and anywhere (`house`). One
    statement."""
    return sql.rows(VARIANTS, {"product": product_id, "store": store_id})


def arranged(attributes: list[tuple[dict[str, str], Any]]) -> Matrix | None:
    """Return variants as a matrix; None unless each has the same two attributes and no two are alike."""
    names = {name for one, _variant in attributes for name in one}
    places = {tuple(sorted(one.items())): variant for one, variant in attributes}
    if len(names) != 2 or len(places) < len(attributes) or any(len(one) != 2 for one, _variant in attributes):
        return None
    down, across = sorted(names, key=lambda name: (bool(IS_SIZE.search(name)), name))
    values = sorted({one[across] for one, _variant in attributes}, key=in_order)
    rows = sorted({one[down] for one, _variant in attributes}, key=in_order)
    return Matrix(
        down, across, values,
        [(row, [places.get(tuple(sorted({down: row, across: value}.items()))) for value in values]) for row in rows],
    )  # fmt: skip


def in_order(value: str) -> tuple[int, float, str]:
    """Return where a value stands among others: numbers by their size, then S before M before L, then by the
    alphabet."""
    number = re.match(r"\d+([.,]\d+)?", value)
    if value.lower() in SIZES:
        return 1, SIZES.index(value.lower()), value
    if number:
        return 0, float(number[0].replace(",", ".")), value
    return 2, 0, value.casefold()
