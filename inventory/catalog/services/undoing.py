"""An import is taken back exactly, or not at all: what was changed or used since is named row by row."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.catalog import hindrances, locks
from inventory.catalog.errors import ImportRefused
from inventory.catalog.models import CatalogueImport
from inventory.catalog.services.applying import CHANGE_PRICES, CHANGE_PRODUCTS, CHANGE_VARIANTS
from omni.lib import reference, sql
from omni.staff import history
from omni.staff.access import Actor

UNDO_WITHIN = timedelta(days=30)

ADDED_PRICES = """
SELECT price.id FROM catalog_importchange change
JOIN catalog_variant variant ON variant.sku = change.key
JOIN catalog_price price ON price.variant_id = variant.id AND price.channel = change.after->>'channel'
     AND price.currency = change.after->>'currency'
     AND price.starts_at = coalesce((change.after->>'starts_at')::timestamptz, %(applied)s::timestamptz)
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'price' AND change.before IS NULL
"""
NEW_VARIANTS = """
SELECT change.key FROM catalog_importchange change
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'variant' AND change.before IS NULL
"""
NEW_PRODUCTS = """
SELECT change.key FROM catalog_importchange change
WHERE change.owner_id = %(owner)s::bigint AND change.kind = 'product' AND change.before IS NULL
"""
REMOVE_PRICES = f"""
DELETE FROM catalog_price WHERE id IN ({ADDED_PRICES}) AND (
    starts_at > %(at)s::timestamptz OR variant_id IN (SELECT id FROM catalog_variant WHERE sku IN ({NEW_VARIANTS})))
"""  # noqa: S608  (constants of ours)
REMOVE_VARIANTS = f"DELETE FROM catalog_variant WHERE sku IN ({NEW_VARIANTS})"  # noqa: S608  (constants of ours)
REMOVE_PRODUCTS = f"DELETE FROM catalog_product WHERE code IN ({NEW_PRODUCTS})"  # noqa: S608  (constants of ours)
END_BEGUN = f"""
UPDATE catalog_price SET ends_at = %(at)s::timestamptz
WHERE id IN ({ADDED_PRICES}) AND starts_at <= %(at)s::timestamptz
  AND (ends_at IS NULL OR ends_at > %(at)s::timestamptz)
"""  # noqa: S608  (constants of ours)
EXPECTED = """
SELECT kind, count(*) AS number FROM catalog_importchange WHERE owner_id = %s::bigint AND before IS NOT NULL GROUP BY 1
"""


@transaction.atomic
def undo(*, actor: Actor, import_id: int) -> CatalogueImport:
    """Give every product, article and price the values it had before. A price that has held is ended now and stays on
    record, since what was asked for an article is a fact; one that has not begun, and what was new, is removed.

    Raises `TransitionRefused`, and `ImportRefused` after 30 days or when a row was changed or used since
    (`hindrances.of` names each): then nothing has happened.
    """
    history.sign(actor)
    transaction.on_commit(reference.forget)
    found = locks.lock_import(import_id)
    if found.applied_at and timezone.now() - found.applied_at > UNDO_WITHIN:
        raise ImportRefused(_("This was applied more than 30 days ago and stays as it is."))
    applied_at = found.applied_at
    found.move_to(CatalogueImport.Status.UNDONE, undone_by_id=actor.user_id, undone_at=timezone.now())
    if hindrances.of(found.pk, applied_at=applied_at, most=1):
        raise ImportRefused(_("Rows were changed or used since. Nothing was undone."))
    try:
        with transaction.atomic():
            _take_back(found.pk, applied_at)
            sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        raise ImportRefused(_("Rows were changed or used since. Nothing was undone.")) from None
    return found


def _take_back(import_id: int, applied_at: object) -> None:
    owner = {"owner": import_id}
    back = {"side": "after", "to": "before"}
    given = {**owner, "applied": applied_at, "at": timezone.now()}
    sql.run(REMOVE_PRICES, given)
    sql.run(END_BEGUN, given)
    sql.run(REMOVE_VARIANTS, owner)
    sql.run(REMOVE_PRODUCTS, owner)
    expected = {row.kind: row.number for row in sql.rows(EXPECTED, [import_id])}
    for kind, statement in (("product", CHANGE_PRODUCTS), ("variant", CHANGE_VARIANTS), ("price", CHANGE_PRICES)):
        if sql.run(statement.format(**back), owner) != expected.get(kind, 0):
            raise ImportRefused(_("Rows were changed or used since. Nothing was undone."))
