"""A file that will not be applied is forgotten; so is what nobody needs any more of those that were."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inventory.catalog import locks
from inventory.catalog.models import CatalogueImport, ImportChange, ImportLine, ImportProblem, ImportRow
from inventory.catalog.services import working
from inventory.catalog.services.undoing import UNDO_WITHIN
from omni.staff import history
from omni.staff.access import Actor

ROWS_KEPT_FOR = timedelta(days=2)
"""How long the rows of a file wait for somebody to apply it."""


@transaction.atomic
def abandon(*, actor: Actor, import_id: int) -> None:
    """Forget the rows of a file that nobody will apply. Raises `TransitionRefused`, and `ImportRefused` while a worker
    has it in hand."""
    working.refuse_if_worked_on(import_id)
    history.sign(actor)
    found = locks.lock_import(import_id)
    found.move_to(CatalogueImport.Status.ABANDONED)
    for part in (ImportLine, ImportRow, ImportChange, ImportProblem):
        part._default_manager.filter(owner=found).delete()


def sweep() -> int:
    """Delete the rows of files that waited too long, and the changes of those that can no longer be undone; return how
    many rows. May run twice at once."""
    now = timezone.now()
    waiting = ["uploaded", "refused", "checked", "abandoned"]
    old = CatalogueImport.objects.filter(uploaded_at__lt=now - ROWS_KEPT_FOR, status__in=waiting)
    done = CatalogueImport.objects.filter(applied_at__lt=now - UNDO_WITHIN)
    swept = 0
    for part, owners in ((ImportLine, old), (ImportRow, old), (ImportChange, old), (ImportChange, done)):
        swept += part._default_manager.filter(owner__in=owners).delete()[0]
    return swept
