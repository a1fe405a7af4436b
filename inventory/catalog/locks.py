"""Every ORM lock of the catalogue."""

from django.db import connection

from inventory.catalog.models import CatalogueImport


def lock_import(import_id: int) -> CatalogueImport:
    """Lock an import until the end of the transaction: it is checked, applied or undone by one person at a time."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    return CatalogueImport.objects.select_for_update().get(pk=import_id)
