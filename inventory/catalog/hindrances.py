"""Why an import cannot be taken back: each row whose product, article or price was changed or used since."""

from datetime import datetime
from functools import cache
from typing import Any

from inventory.catalog.models import Price, Variant
from omni.lib import sql

CHANGED_PRODUCT = """
SELECT change.row, change.key, 'changed_since' AS code
FROM catalog_importchange change LEFT JOIN catalog_product thing ON thing.code = change.key
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND (
    thing.id IS NULL OR EXISTS (
        SELECT FROM jsonb_each(change.after) one WHERE to_jsonb(thing)->one.key IS DISTINCT FROM one.value))
"""
CHANGED_VARIANT = """
SELECT change.row, change.key, 'changed_since' AS code
FROM catalog_importchange change LEFT JOIN catalog_variant thing ON thing.sku = change.key
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND (
    thing.id IS NULL OR thing.withdrawn_at IS NOT NULL AND change.before IS NULL OR EXISTS (
        SELECT FROM jsonb_each(change.after) one
        WHERE one.key <> 'product' AND to_jsonb(thing)->one.key IS DISTINCT FROM one.value))
"""
CHANGED_PRICE = """
SELECT change.row, change.key,
       CASE WHEN change.before IS NOT NULL AND thing.starts_at <= now() THEN 'price_began'
            ELSE 'changed_since' END AS code
FROM catalog_importchange change
LEFT JOIN catalog_variant variant ON variant.sku = change.key
LEFT JOIN catalog_price thing ON thing.variant_id = variant.id AND thing.channel = change.after->>'channel'
     AND thing.currency = change.after->>'currency'
     AND thing.starts_at = coalesce((change.after->>'starts_at')::timestamptz, %(applied)s::timestamptz)
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'price' AND (
    thing.id IS NULL OR thing.amount <> (change.after->>'amount')::int
    OR thing.ends_at IS DISTINCT FROM (change.after->>'ends_at')::timestamptz
    OR change.before IS NOT NULL AND thing.starts_at <= now())
"""
MORE_VARIANTS = """
SELECT change.row, change.key, 'more_variants' AS code
FROM catalog_importchange change
JOIN catalog_product product ON product.code = change.key
JOIN catalog_variant variant ON variant.product_id = product.id
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND change.before IS NULL
  AND NOT EXISTS (SELECT FROM catalog_importchange own WHERE own.owner_id = change.owner_id AND own.kind = 'variant'
                  AND own.key = variant.sku AND own.before IS NULL)
"""
MORE_PRICES = """
SELECT change.row, change.key, 'changed_since' AS code
FROM catalog_importchange change
JOIN catalog_variant variant ON variant.sku = change.key
JOIN catalog_price price ON price.variant_id = variant.id
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND change.before IS NULL
  AND NOT EXISTS (
      SELECT FROM catalog_importchange own
      WHERE own.owner_id = change.owner_id AND own.kind = 'price' AND own.key = variant.sku
        AND own.after->>'channel' = price.channel AND own.after->>'currency' = price.currency
        AND coalesce((own.after->>'starts_at')::timestamptz, %(applied)s::timestamptz) = price.starts_at)
"""
PHOTOGRAPHED = """
SELECT change.row, change.key, 'used_since' AS code
FROM catalog_importchange change JOIN catalog_product product ON product.code = change.key
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND change.before IS NULL
  AND EXISTS (SELECT FROM catalog_productphoto photo WHERE photo.product_id = product.id)
"""
USED = """
SELECT change.row, change.key, 'used_since' AS code
FROM catalog_importchange change JOIN catalog_variant variant ON variant.sku = change.key
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND change.before IS NULL AND ({used})
"""


@cache
def _used() -> str:
    """Return the condition that a row of any other room names the variant, read from the tables themselves."""
    hidden: list[Any] = list(Variant._meta.get_fields(include_hidden=True))
    fields = [relation.field for relation in hidden if relation.auto_created and not relation.concrete]
    columns = {
        (field.model._meta.db_table, field.column)
        for field in fields
        if field.model is not Price and field.db_constraint
    }
    tables = (f"EXISTS (SELECT FROM {table} WHERE {column} = variant.id)" for table, column in sorted(columns))  # noqa: S608  (names of our tables)
    return " OR ".join(tables)


def of(import_id: int, *, applied_at: datetime | None, most: int) -> list[Any]:
    """Return (row, key, code) of what keeps an import from being taken back, in the order of the file; none when
    nothing does."""
    parts = [
        CHANGED_PRODUCT,
        CHANGED_VARIANT,
        CHANGED_PRICE,
        MORE_VARIANTS,
        MORE_PRICES,
        PHOTOGRAPHED,
        USED.format(used=_used()),
    ]
    statement = " UNION ".join(f"({part})" for part in parts)
    values = {"owner": import_id, "applied": applied_at, "most": most}
    return sql.rows(f"SELECT * FROM ({statement}) found ORDER BY row, key, code LIMIT %(most)s::int", values)  # noqa: S608  (ours)
