"""Every ORM lock of the catalogue."""

from django.db import connection

from inventory.catalog.models import CatalogueImport, ImportWork, Product
from omni.lib import sql

OURS = "SELECT pg_try_advisory_xact_lock(hashtextextended('work on the catalogue', 0)) AS ours"


def lock_import(import_id: int) -> CatalogueImport:
    """Lock an import until the end of the transaction: it is checked, applied or undone by one person at a time."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return CatalogueImport.objects.select_for_update().get(pk=import_id)


def lock_product(product_id: int) -> Product:
    """Lock a product until the end of the transaction: its photos are put in order by one person at a time. Rows that
    name it (new articles) wait for nothing."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return Product.objects.select_for_update(no_key=True).get(pk=product_id)


def claim_work(work_id: int) -> ImportWork | None:
    """Claim a piece of long work until the end of the transaction; None while any worker is at any such work, and when
    it has ended.

    Not its row is locked but a name: how far it is is written to the row from beside. A worker that dies lets go. One
    at a time, so that the other worker is there for what customers wait for.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    if not sql.row(OURS).ours:
        return None
    return ImportWork.objects.select_related("asked_by").filter(pk=work_id, ended_at=None).first()
