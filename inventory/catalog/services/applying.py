"""What was seen in the dry run happens, all of it in one transaction or nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.catalog import locks
from inventory.catalog.errors import ImportRefused
from inventory.catalog.models import CatalogueImport, ImportWork, Price
from inventory.catalog.progress import Tell, nobody
from omni.lib import reference, sql
from omni.lib.copying import silenced
from omni.staff import history
from omni.staff.access import Actor

AT_A_TIME = 10_000
"""Rows of the file whose new things are written by one statement, so that it is seen how far it is."""
Stage = ImportWork.Stage

CHANGE_PRODUCTS = """
UPDATE catalog_product thing SET name = coalesce(change.{to}->>'name', thing.name),
    brand = coalesce(change.{to}->>'brand', thing.brand),
    department = coalesce(change.{to}->>'department', thing.department),
    category = coalesce(change.{to}->>'category', thing.category),
    vat_class = coalesce(change.{to}->>'vat_class', thing.vat_class)
FROM catalog_importchange change
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND change.before IS NOT NULL
  AND thing.code = change.key
  AND NOT EXISTS (
      SELECT FROM jsonb_each(change.{side}) one WHERE to_jsonb(thing)->one.key IS DISTINCT FROM one.value)
"""
CHANGE_VARIANTS = """
UPDATE catalog_variant thing
SET gtin = CASE WHEN change.{to} ? 'gtin' THEN change.{to}->>'gtin' ELSE thing.gtin END,
    label = coalesce(change.{to}->>'label', thing.label), shelf = coalesce(change.{to}->>'shelf', thing.shelf),
    attributes = coalesce(change.{to}->'attributes', thing.attributes)
FROM catalog_importchange change
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND change.before IS NOT NULL
  AND thing.sku = change.key
  AND NOT EXISTS (
      SELECT FROM jsonb_each(change.{side}) one WHERE to_jsonb(thing)->one.key IS DISTINCT FROM one.value)
"""
CHANGE_PRICES = """
UPDATE catalog_price thing
SET amount = (change.{to}->>'amount')::int, ends_at = (change.{to}->>'ends_at')::timestamptz
FROM catalog_importchange change JOIN catalog_variant variant ON variant.sku = change.key
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'price' AND change.before IS NOT NULL
  AND thing.variant_id = variant.id
  AND thing.channel = change.after->>'channel' AND thing.currency = change.after->>'currency'
  AND thing.starts_at = (change.after->>'starts_at')::timestamptz AND thing.amount = (change.{side}->>'amount')::int
  AND thing.ends_at IS NOT DISTINCT FROM (change.{side}->>'ends_at')::timestamptz
"""
"""Each from one side of the change to the other: `before` to `after`, and an undo the other way round."""

ADD_PRODUCTS = """
INSERT INTO catalog_product (code, name, brand, department, category, vat_class, picture)
SELECT change.key, change.after->>'name', change.after->>'brand', change.after->>'department',
       change.after->>'category', change.after->>'vat_class', 'general'
FROM catalog_importchange change
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND change.before IS NULL
  AND change.row > %(after)s::int AND change.row <= %(until)s::int
ORDER BY change.row ON CONFLICT DO NOTHING
"""
ADD_VARIANTS = """
INSERT INTO catalog_variant (product_id, sku, gtin, label, shelf, attributes, measure)
SELECT product.id, change.key, change.after->>'gtin', change.after->>'label', change.after->>'shelf',
       change.after->'attributes', 'piece'
FROM catalog_importchange change JOIN catalog_product product ON product.code = change.after->>'product'
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND change.before IS NULL
  AND change.row > %(after)s::int AND change.row <= %(until)s::int
ORDER BY change.row ON CONFLICT DO NOTHING
"""
ADD_PRICES = """
WITH written AS (
    INSERT INTO catalog_price (variant_id, channel, currency, amount, starts_at, ends_at)
    SELECT variant.id, change.after->>'channel', change.after->>'currency', (change.after->>'amount')::int,
           coalesce((change.after->>'starts_at')::timestamptz, %(at)s::timestamptz),
           (change.after->>'ends_at')::timestamptz
    FROM catalog_importchange change JOIN catalog_variant variant ON variant.sku = change.key
    WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'price' AND change.before IS NULL
      AND change.row > %(after)s::int AND change.row <= %(until)s::int
    ORDER BY change.row ON CONFLICT DO NOTHING RETURNING *
)
INSERT INTO catalog_priceevent (pgh_created_at, pgh_label, pgh_obj_id, pgh_context_id, id, variant_id, channel,
                                currency, amount, starts_at, ends_at, derived)
SELECT now(), 'insert', id, (SELECT _pgh_attach_context()), id, variant_id, channel, currency, amount, starts_at,
       ends_at, derived
FROM written
"""
"""With their first line of history, which the table's trigger would write row by row, in five times the time."""

EXPECTED = """
SELECT kind, before IS NULL AS is_new, count(*) AS number, max(row) AS last_row
FROM catalog_importchange WHERE owner_id = %s::bigint GROUP BY 1, 2
"""


@transaction.atomic
def apply(*, actor: Actor, import_id: int, tell: Tell = nobody) -> CatalogueImport:
    """Do what the dry run said; prices without a date begin now. The rows of the file are forgotten, its changes kept.

    Raises `TransitionRefused`, and `ImportRefused` when the house is no longer as the dry run found it: then nothing
    has happened, and the file is checked again.
    """
    history.sign(actor)
    transaction.on_commit(reference.forget)
    found = locks.lock_import(import_id)
    at = timezone.now()
    found.move_to(CatalogueImport.Status.APPLIED, applied_by_id=actor.user_id, applied_at=at)
    planned = sql.rows(EXPECTED, [found.pk])
    expected = {(row.kind, row.is_new): row.number for row in planned}
    last_row = max((row.last_row for row in planned), default=0)
    try:
        with transaction.atomic():
            written = _write(found.pk, at, last_row, _counted(tell, sum(expected.values())))
    except IntegrityError:
        written = {}
    if written != {**dict.fromkeys(written, 0), **expected}:
        raise ImportRefused(_("The catalogue was changed since this file was checked. Check it again."))
    found.lines.all().delete()
    found.rows.all().delete()
    return found


def _counted(tell: Tell, total: int) -> Callable[[str, dict[Any, int]], None]:
    return lambda stage, written: tell(stage, min(total, sum(written.values())), total)


def _write(
    import_id: int, at: datetime, last_row: int, tell: Callable[[str, dict[Any, int]], None]
) -> dict[tuple[str, bool], int]:
    """Write every change; return how many things each kind of statement touched."""
    owner, forth = {"owner": import_id}, {"side": "before", "to": "after"}
    written: dict[tuple[str, bool], int] = {}

    def write(stage: str, kind: str, change: str, add: str, **more: object) -> None:
        written[kind, False] = sql.run(change.format(**forth), owner)
        written[kind, True] = 0
        for after in range(0, last_row, AT_A_TIME):
            tell(stage, written)
            part = {"after": after, "until": after + AT_A_TIME}
            written[kind, True] += sql.run(add, {**owner, **part, **more})

    write(Stage.PRODUCTS, "product", CHANGE_PRODUCTS, ADD_PRODUCTS)
    write(Stage.VARIANTS, "variant", CHANGE_VARIANTS, ADD_VARIANTS)
    with silenced(Price, "insert_insert"):
        write(Stage.PRICES, "price", CHANGE_PRICES, ADD_PRICES, at=at)
    return written
