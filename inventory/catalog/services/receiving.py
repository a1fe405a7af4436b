"""A file arrives: its rows are put aside as they stand there, or it is refused with every row and reason."""

from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID, uuid4

from django.db import transaction

from inventory.catalog import columns
from inventory.catalog.csv_files import CsvFile, Unreadable, Wrong
from inventory.catalog.models import CatalogueImport, ImportLine, ImportProblem
from omni.lib.copying import copy_rows
from omni.staff import history
from omni.staff.access import Actor

MOST_PROBLEMS = 10_000
"""Rows and reasons that are kept of a refused file."""
LONGEST_NAME = 120


class Noted:
    """The problems of one file: all are counted, the first `MOST_PROBLEMS` are kept."""

    def __init__(self) -> None:
        self.kept: list[Wrong] = []
        self.rows: set[int] = set()

    def note(self, wrong: Wrong) -> None:
        self.rows.add(wrong.row)
        if len(self.kept) < MOST_PROBLEMS:
            self.kept.append(wrong)

    def write(self, import_id: int) -> None:
        """Write what was kept."""
        copy_rows(
            ImportProblem,
            ("owner", "row", "column", "code", "value"),
            ((import_id, one.row, one.column[:80], one.code, one.value.replace("\x00", "")[:120]) for one in self.kept),
        )


@transaction.atomic
def receive(
    *, actor: Actor, file: BinaryIO, name: str, encoding: str = "utf-8", public_id: UUID | None = None
) -> CatalogueImport:
    """Read a CSV file once, from its beginning, and put its rows aside; holds one row at a time in memory.

    Returns the import: `uploaded`, its columns guessed, or `refused` with rows and reasons and none of its rows kept.
    """
    history.sign(actor)
    known = name.replace("\x00", "").replace("\\", "/").rpartition("/")[2]
    found = CatalogueImport.objects.create(
        public_id=public_id or uuid4(), name=known[-LONGEST_NAME:] or "—", digest="", size=0,
        uploaded_by_id=actor.user_id,
    )  # fmt: skip
    problems = Noted()
    file.seek(0)
    try:
        _take_rows(found, CsvFile(file, encoding), problems)
    except Unreadable as unreadable:
        problems.note(unreadable.wrong)
    found.save(update_fields=["header", "mapping", "lines_read", "digest", "size"])
    if problems.kept:
        found.lines.all().delete()
        problems.write(found.pk)
        found.move_to(CatalogueImport.Status.REFUSED, wrong=len(problems.rows))
    return found


def _take_rows(found: CatalogueImport, csv_file: CsvFile, problems: Noted) -> None:
    found.header = csv_file.header
    found.mapping = columns.guessed(csv_file.header)
    with transaction.atomic():  # what breaks off a COPY breaks the transaction around it, too
        found.lines_read = copy_rows(ImportLine, ("owner", "row", "cells"), _lines(found.pk, csv_file, problems))
    found.digest, found.size = csv_file.digest, csv_file.size
    if not found.lines_read and not problems.kept:
        raise Unreadable("no_rows")


def _lines(import_id: int, csv_file: CsvFile, problems: Noted) -> Iterator[tuple[int, int, list[str]]]:
    for one in csv_file.rows():
        if isinstance(one, Wrong):
            problems.note(one)
        else:
            yield import_id, *one
