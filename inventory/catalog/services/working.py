"""Checking and applying large files: asked for in a moment, done by a worker, all of it or nothing.

A worker that dies has written nothing; the next one begins again. Whoever asked may leave the page.
"""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.catalog import columns, locks
from inventory.catalog.errors import ImportRefused, MappingWrong
from inventory.catalog.import_queries import open_work
from inventory.catalog.models import CatalogueImport, ImportWork
from inventory.catalog.progress import Progress, Tell
from inventory.catalog.services.applying import apply
from inventory.catalog.services.checking import check
from omni.lib.transitions import TransitionRefused
from omni.staff.access import Actor, actor_of

logger = logging.getLogger(__name__)

AT_ONCE = 2_000
"""Rows that are checked or applied while the person waits: half a second, where a worker would have to be rung for."""
MOST_ATTEMPTS = 3
Status, Kind, Outcome = CatalogueImport.Status, ImportWork.Kind, ImportWork.Outcome
LEADS_TO = {Kind.CHECK: Status.CHECKED, Kind.APPLY: Status.APPLIED}


@transaction.atomic
def ask(*, actor: Actor, import_id: int, kind: str, mapping: dict[str, str] | None = None) -> ImportWork:
    """Write down that a file is to be checked (by a mapping) or applied.

    Raises `ImportRefused` while something is done with it, `TransitionRefused`, `MappingWrong`.
    """
    refuse_if_worked_on(import_id)
    found = locks.lock_import(import_id)
    refuse_if_worked_on(import_id)  # whoever held the lock may have asked
    if not found.may_move_to(LEADS_TO[Kind(kind)]):
        raise found.refused(LEADS_TO[Kind(kind)])
    wrong = columns.problems_of(mapping or {}, found.header) if kind == Kind.CHECK else []
    if wrong:
        raise MappingWrong(" ".join(one.message for one in wrong), problems=wrong)
    return ImportWork.objects.create(owner=found, kind=kind, mapping=mapping or {}, asked_by_id=actor.user_id)


def refuse_if_worked_on(import_id: int) -> None:
    """Raise `ImportRefused` while a worker has, or will have, the file in hand: nobody waits for it behind a lock."""
    if open_work(import_id):
        raise ImportRefused(_("This file is being worked on. Wait until that has ended."))


def work_on_due() -> int:
    """Do what waits, the oldest first; return how much of it ended. May run twice at once, and again at any time."""
    waiting = ImportWork.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(work_on(work_id) for work_id in list(waiting))


def work_on(work_id: int) -> bool:
    """Do one piece of work in one transaction; whether it ended. What goes wrong is tried again, three times at most.

    False when another worker is at it, and when it went wrong: then nothing was written but the attempt.
    """
    with Progress(work_id) as progress:
        try:
            with transaction.atomic():
                work = locks.claim_work(work_id)
                if work is None:
                    return False
                tried = progress.begin()
                outcome = Outcome.FAILED if tried > MOST_ATTEMPTS else _outcome(work, progress.tell)
                progress.settle()
                ImportWork.objects.filter(pk=work_id).update(ended_at=timezone.now(), outcome=outcome)
                return True
        except Exception as error:  # the row stays; the next turn tries again
            logger.warning("work %s on the catalogue failed: %s", work_id, type(error).__name__)
            return False


def _outcome(work: ImportWork, tell: Tell) -> str:
    actor = actor_of(work.asked_by)
    try:
        with transaction.atomic():
            if work.kind == Kind.CHECK:
                check(actor=actor, import_id=work.owner_id, mapping=work.mapping, tell=tell)
            else:
                apply(actor=actor, import_id=work.owner_id, tell=tell)
    except ImportRefused:
        return Outcome.GONE if work.kind == Kind.CHECK else Outcome.STALE
    except TransitionRefused:
        return Outcome.MOVED
    return Outcome.DONE
