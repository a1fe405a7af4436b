"""What a file that is right would change: each product, article and price that is new or other than the house has it.

A field that no row says stays as it is. Prices are never rewritten: another amount is another price, from an instant
on; only one that begins at the same instant takes the place of the one that was planned.
"""

from collections.abc import Callable

from inventory.catalog.services.judging import IN_FORCE
from omni.lib import sql

PRODUCTS = """
INSERT INTO catalog_importchange (owner_id, row, kind, key, before, after)
SELECT %(owner)s::bigint, wanted.row, 'product', wanted.code,
       CASE WHEN product.id IS NOT NULL THEN differing.before END,
       CASE WHEN product.id IS NOT NULL THEN differing.after
            ELSE '{"brand": "", "department": "", "category": "", "vat_class": "standard"}'::jsonb || wanted.fields END
FROM (
    SELECT said.code, min(said.row) AS row,
           coalesce(jsonb_object_agg(one.key, one.value) FILTER (WHERE one.key IS NOT NULL), '{}') AS fields
    FROM catalog_importrow said LEFT JOIN LATERAL jsonb_each(said.product) one ON true
    WHERE said.owner_id = %(owner)s::bigint GROUP BY said.code
) wanted
LEFT JOIN catalog_product product ON product.code = wanted.code
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(one.key, to_jsonb(product)->one.key) AS before,
           jsonb_object_agg(one.key, one.value) AS after
    FROM jsonb_each(wanted.fields) one WHERE to_jsonb(product)->one.key IS DISTINCT FROM one.value
) differing
WHERE product.id IS NULL OR differing.after IS NOT NULL
"""

VARIANTS = """
INSERT INTO catalog_importchange (owner_id, row, kind, key, before, after)
SELECT %(owner)s::bigint, wanted.row, 'variant', wanted.sku,
       CASE WHEN wanted.id IS NOT NULL THEN differing.before END,
       CASE WHEN wanted.id IS NOT NULL THEN differing.after ELSE
            jsonb_build_object('product', wanted.code, 'gtin', NULL, 'shelf', '', 'attributes', '{}'::jsonb,
                               'label', coalesce(wanted.worded, '')) || wanted.fields END
FROM (
    SELECT DISTINCT ON (said.sku) said.sku, said.code, said.row, variant.id, to_jsonb(variant.*) AS known,
           said.variant->>'worded' AS worded,
           CASE WHEN said.variant ? 'attributes' THEN (said.variant - 'worded') || jsonb_build_object(
               'attributes', coalesce(variant.attributes, '{}'::jsonb) || (said.variant->'attributes'))
           ELSE said.variant END AS fields
    FROM catalog_importrow said LEFT JOIN catalog_variant variant ON variant.sku = said.sku
    WHERE said.owner_id = %(owner)s::bigint ORDER BY said.sku, said.row
) wanted
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(one.key, wanted.known->one.key) AS before, jsonb_object_agg(one.key, one.value) AS after
    FROM jsonb_each(wanted.fields) one WHERE wanted.known->one.key IS DISTINCT FROM one.value
) differing
WHERE wanted.id IS NULL OR differing.after IS NOT NULL
"""

PRICES = f"""
INSERT INTO catalog_importchange (owner_id, row, kind, key, before, after)
SELECT %(owner)s::bigint, said.row, 'price', said.sku,
       CASE WHEN planned.id IS NOT NULL THEN
           jsonb_build_object('amount', planned.amount, 'ends_at', planned.ends_at) END,
       jsonb_build_object('amount', said.amount, 'ends_at', said.ends_at, 'channel', said.channel,
                          'currency', said.currency, 'starts_at', said.starts_at, 'was', price.amount)
FROM catalog_importrow said
LEFT JOIN catalog_variant variant ON variant.sku = said.sku
LEFT JOIN catalog_price planned ON planned.variant_id = variant.id AND planned.channel = said.channel
     AND planned.currency = said.currency AND planned.starts_at = said.starts_at
{IN_FORCE}
WHERE said.owner_id = %(owner)s::bigint AND said.amount IS NOT NULL
  AND (price.amount IS NULL OR (price.amount, price.ends_at) IS DISTINCT FROM (said.amount, said.ends_at))
"""  # noqa: S608  (a constant of ours)

COUNTS = """
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE NOT is_new AND differs) AS changed,
       count(*) FILTER (WHERE NOT is_new AND NOT differs) AS unchanged
FROM (
    SELECT variant.id IS NOT NULL AND variant.before IS NULL AS is_new,
           coalesce(variant.id, product.id, price.id) IS NOT NULL AS differs
    FROM catalog_importrow said
    LEFT JOIN catalog_importchange variant
      ON variant.owner_id = said.owner_id AND variant.kind = 'variant' AND variant.key = said.sku
    LEFT JOIN catalog_importchange product
      ON product.owner_id = said.owner_id AND product.kind = 'product' AND product.key = said.code
    LEFT JOIN catalog_importchange price
      ON price.owner_id = said.owner_id AND price.kind = 'price' AND price.row = said.row
    WHERE said.owner_id = %s::bigint
) judged
"""


def compare(import_id: int, *, tell: Callable[[float], None]) -> dict[str, int]:
    """Write every difference; return how many rows of the file are `new`, `changed` and `unchanged`."""
    for number, statement in enumerate((PRODUCTS, VARIANTS, PRICES), 1):
        sql.run(statement, {"owner": import_id})
        tell(number / 4)
    sql.run("ANALYZE catalog_importchange")
    found = sql.row(COUNTS, [import_id])
    return {"new": found.new, "changed": found.changed, "unchanged": found.unchanged}
