"""What is wrong with rows that can each be read: beside each other, and beside what the house has.

Every statement writes the rows that it refuses into `catalog_importproblem`, under the header of the column.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from omni.lib import sql

WRITE = """
WITH found AS MATERIALIZED ({found})
INSERT INTO catalog_importproblem (owner_id, row, "column", code, value)
SELECT %(owner)s::bigint, row, %(column)s::text, %(code)s::text, left(value, 120)
FROM found ORDER BY row LIMIT %(most)s::int
"""
"""Materialized: the planner would believe that a limit is soon reached, and look for the few there are row by row."""

IN_FORCE = """
LEFT JOIN LATERAL (
    SELECT price.amount, price.starts_at, price.ends_at FROM catalog_price price
    WHERE price.variant_id = variant.id AND price.channel = said.channel AND price.currency = said.currency
      AND price.starts_at <= coalesce(said.starts_at, now())
      AND (price.ends_at IS NULL OR price.ends_at > coalesce(said.starts_at, now()))
    ORDER BY price.starts_at DESC LIMIT 1
) price ON true
"""
"""The price of the same channel and currency that holds when the row's price would begin."""

SKU_DOUBLED = """
SELECT row, first::text AS value FROM (
    SELECT row, min(row) OVER (PARTITION BY upper(sku), channel, currency, starts_at) AS first
    FROM catalog_importrow said WHERE said.owner_id = %(owner)s::bigint
) seen WHERE row > first
"""
SKU_DIFFERS = """
SELECT row, first::text AS value FROM (
    SELECT row, code, variant, min(row) OVER same AS first, first_value(code) OVER same AS first_code,
           first_value(variant) OVER same AS first_variant
    FROM catalog_importrow said WHERE said.owner_id = %(owner)s::bigint WINDOW same AS (PARTITION BY sku ORDER BY row)
) seen WHERE code <> first_code OR variant <> first_variant
"""
PRODUCT_DIFFERS = """
SELECT DISTINCT row, first::text AS value FROM (
    SELECT said.row, one.value, first_value(one.value) OVER same AS first_value, min(said.row) OVER same AS first
    FROM catalog_importrow said CROSS JOIN LATERAL jsonb_each_text(said.product) one
    WHERE said.owner_id = %(owner)s::bigint
      AND said.code IN (
          SELECT code FROM catalog_importrow WHERE owner_id = %(owner)s::bigint
          GROUP BY code HAVING count(DISTINCT product) > 1)
    WINDOW same AS (PARTITION BY said.code, one.key ORDER BY said.row)
) seen WHERE value <> first_value
"""
GTIN_DOUBLED = """
SELECT row, first::text AS value FROM (
    SELECT row, sku, min(row) OVER same AS first, first_value(sku) OVER same AS first_sku
    FROM catalog_importrow said WHERE said.owner_id = %(owner)s::bigint AND variant ? 'gtin'
    WINDOW same AS (PARTITION BY lpad(variant->>'gtin', 14, '0') ORDER BY row)
) seen WHERE sku <> first_sku
"""
GTIN_TAKEN = """
SELECT said.row, variant.sku AS value
FROM (
    SELECT row, sku, lpad(variant->>'gtin', 14, '0') AS gtin
    FROM catalog_importrow WHERE owner_id = %(owner)s::bigint AND variant ? 'gtin'
) said
JOIN catalog_variant variant ON lpad(variant.gtin, 14, '0') = said.gtin AND variant.sku <> said.sku
"""
SKU_ELSEWHERE = """
SELECT said.row, product.code AS value
FROM catalog_importrow said
JOIN catalog_variant variant ON variant.sku = said.sku
JOIN catalog_product product ON product.id = variant.product_id AND product.code <> said.code
WHERE said.owner_id = %(owner)s::bigint
"""
SKU_CASE = """
SELECT said.row, variant.sku AS value
FROM catalog_importrow said
JOIN catalog_variant variant ON upper(variant.sku) = upper(said.sku) AND variant.sku <> said.sku
WHERE said.owner_id = %(owner)s::bigint
"""
NAME_MISSING = """
SELECT min(row) AS row, said.code AS value FROM catalog_importrow said WHERE said.owner_id = %(owner)s::bigint
  AND NOT EXISTS (SELECT FROM catalog_product product WHERE product.code = said.code)
GROUP BY said.code HAVING NOT bool_or(said.product ? 'name')
"""
PRICE_PAST = f"""
SELECT said.row, '' AS value
FROM catalog_importrow said
JOIN catalog_variant variant ON variant.sku = said.sku
{IN_FORCE}
WHERE said.owner_id = %(owner)s::bigint AND said.amount IS NOT NULL AND said.starts_at < %(today)s::timestamptz
  AND (price.amount, price.ends_at) IS DISTINCT FROM (said.amount, said.ends_at)
  AND EXISTS (SELECT FROM catalog_price known WHERE known.variant_id = variant.id)
"""  # noqa: S608  (a constant of ours)
ENDS_PAST = f"""
SELECT said.row, '' AS value
FROM catalog_importrow said
LEFT JOIN catalog_variant variant ON variant.sku = said.sku
{IN_FORCE}
WHERE said.owner_id = %(owner)s::bigint AND said.ends_at <= now()
  AND (price.amount, price.ends_at) IS DISTINCT FROM (said.amount, said.ends_at)
"""  # noqa: S608  (a constant of ours)
JUDGED = (
    ("sku", "sku_doubled", SKU_DOUBLED),
    ("sku", "sku_differs", SKU_DIFFERS),
    ("code", "product_differs", PRODUCT_DIFFERS),
    ("gtin", "gtin_doubled", GTIN_DOUBLED),
    ("gtin", "gtin_taken", GTIN_TAKEN),
    ("sku", "sku_elsewhere", SKU_ELSEWHERE),
    ("sku", "sku_case", SKU_CASE),
    ("starts", "price_past", PRICE_PAST),
    ("ends", "ends_past", ENDS_PAST),
)
"""Field, code, statement."""

REFUSED = "SELECT count(DISTINCT row) AS rows FROM catalog_importproblem WHERE owner_id = %s::bigint"

PRODUCTS_OF_KNOWN = """
UPDATE catalog_importrow said SET code = product.code
FROM catalog_variant variant JOIN catalog_product product ON product.id = variant.product_id
WHERE said.owner_id = %s::bigint AND variant.sku = said.sku AND said.code <> product.code
"""


def judge(
    import_id: int, *, titles: Mapping[str, str], complete: bool, most: int, tell: Callable[[float], None]
) -> int:
    """Write why rows are refused, at most `most` for each reason; return how many rows of the file are.

    `titles` are the headers of the fields that the file has. `complete` says that every row could be read: only then
    is it known that nobody names a new product.
    """
    sql.run("ANALYZE catalog_importrow")
    if "code" not in titles:
        sql.run(PRODUCTS_OF_KNOWN, [import_id])
    today = datetime.combine(timezone.localdate(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE)), time(),
                             tzinfo=ZoneInfo(settings.HOUSE_TIME_ZONE))  # fmt: skip
    judged = (*JUDGED, ("name", "name_missing", NAME_MISSING)) if complete else JUDGED
    for number, (field, code, statement) in enumerate(judged, 1):
        values = {"owner": import_id, "column": titles.get(field, ""), "code": code, "most": most, "today": today}
        text = WRITE.format(found=statement)
        sql.run(text, {name: value for name, value in values.items() if f"%({name})s" in text})
        tell(number / len(judged))
    return int(sql.row(REFUSED, [import_id]).rows)
