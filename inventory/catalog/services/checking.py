"""A dry run: what a file's rows say by a mapping, everything that is wrong with it, and what applying it would change.

Nothing of the catalogue is touched. Rows are read a few thousand at a time; what looks at all of them is SQL.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.catalog import cells, columns, locks
from inventory.catalog.errors import ImportRefused, MappingWrong
from inventory.catalog.models import CatalogueImport, ImportRow, ImportWork
from inventory.catalog.progress import Tell, nobody
from inventory.catalog.services.comparing import compare
from inventory.catalog.services.judging import judge
from inventory.catalog.services.receiving import MOST_PROBLEMS, Noted
from omni.lib import sql
from omni.lib.copying import copy_rows
from omni.staff import history
from omni.staff.access import Actor

AT_A_TIME = 5_000
WHOLE = 1_000
Stage = ImportWork.Stage
SHARES = {Stage.READING: (0, 450), Stage.JUDGING: (450, 550), Stage.COMPARING: (550, WHOLE)}
"""Where the time of a check goes, in thousandths: 19 s for 100,000 new rows on two busy cores."""
ROW_FIELDS = (
    *("owner", "row", "code", "sku", "product", "variant"),
    *("amount", "currency", "channel", "starts_at", "ends_at"),
)

LINES = """
SELECT row, cells FROM catalog_importline WHERE owner_id = %s::bigint AND row > %s::int ORDER BY row LIMIT %s::int
"""
FORGET = (
    "DELETE FROM catalog_importrow WHERE owner_id = %s::bigint",
    "DELETE FROM catalog_importproblem WHERE owner_id = %s::bigint",
    "DELETE FROM catalog_importchange WHERE owner_id = %s::bigint",
)


@transaction.atomic
def check(*, actor: Actor, import_id: int, mapping: dict[str, str], tell: Tell = nobody) -> CatalogueImport:
    """Read every row by a mapping (position → field) and find what it would change. May be done again.

    Returns the import: `checked` with its differences, or `refused` when a single row is wrong, with all rows and
    reasons. Raises `MappingWrong`; `ImportRefused` when the rows are not there any more; `TransitionRefused`.
    """
    history.sign(actor)
    found = locks.lock_import(import_id)
    if not found.may_move_to(CatalogueImport.Status.CHECKED):
        raise found.refused(CatalogueImport.Status.CHECKED)
    if not found.lines.exists():
        raise ImportRefused(_("The rows of this file are not kept any more. Send it again."))
    wrong = columns.problems_of(mapping, found.header)
    if wrong:
        raise MappingWrong(" ".join(one.message for one in wrong), problems=wrong)
    for statement in FORGET:
        sql.run(statement, [found.pk])
    complete = _read_rows(found, mapping, tell)
    titles = {field: found.header[int(position)] for position, field in mapping.items()}
    told = _told(tell, Stage.JUDGING)
    refused = judge(found.pk, titles=titles, complete=complete, most=MOST_PROBLEMS, tell=told)
    if refused:
        nothing = {"new": 0, "changed": 0, "unchanged": 0}
        found.move_to(CatalogueImport.Status.REFUSED, mapping=mapping, wrong=refused, **nothing)
    else:
        compared = compare(found.pk, tell=_told(tell, Stage.COMPARING))
        found.move_to(CatalogueImport.Status.CHECKED, mapping=mapping, wrong=0, **compared)
    return found


def _told(tell: Tell, stage: ImportWork.Stage) -> Callable[[float], None]:
    """Return how a part of the work says how far it is itself (0 to 1)."""
    begins, ends = SHARES[stage]
    return lambda share: tell(stage, int(begins + (ends - begins) * share), WHOLE)


def _read_rows(found: CatalogueImport, mapping: dict[str, str], tell: Tell) -> bool:
    """Put what the rows say into their table; False when one of them cannot be read."""
    problems, last, told = Noted(), 0, _told(tell, Stage.READING)
    while lines := sql.tuples(LINES, [found.pk, last, AT_A_TIME]):
        last = lines[-1][0]
        read = [cells.read(row, values, mapping, found.header) for row, values in lines]
        for one in read:
            for wrong in one.problems:
                problems.note(wrong)
        copy_rows(ImportRow, ROW_FIELDS, _said(found.pk, read))
        told(min(1.0, last / max(1, found.lines_read)))
    problems.write(found.pk)
    return not problems.kept


def _said(import_id: int, read: list[cells.Read]) -> Iterator[tuple[Any, ...]]:
    for one in read:
        if not one.problems:
            yield (
                import_id, one.row, one.code, one.sku, sql.record(one.product), sql.record(one.variant), one.amount,
                one.currency, one.channel, one.starts_at, one.ends_at,
            )  # fmt: skip
