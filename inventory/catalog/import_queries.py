"""Reading an import: its problems and its changes, page by page."""

from typing import Any

from inventory.catalog.models import CatalogueImport, ImportChange, ImportLine, ImportProblem, ImportWork

EXAMPLES = 3
LAST_IMPORTS = 30


def latest() -> list[CatalogueImport]:
    """Return the newest imports with who sent and applied them. One statement."""
    known = CatalogueImport.objects.select_related("uploaded_by", "applied_by", "undone_by")
    return list(known.order_by("-uploaded_at", "-pk")[:LAST_IMPORTS])


def working_on() -> dict[int, str]:
    """Return what is being done with which file: checked or applied. One statement."""
    return dict(ImportWork.objects.filter(ended_at=None).values_list("owner", "kind"))


def open_work(import_id: int) -> ImportWork | None:
    """Return the work that a file waits for, or None."""
    return ImportWork.objects.filter(owner=import_id, ended_at=None).select_related("asked_by").first()


def last_problem(import_id: int) -> str:
    """Return why the last work on a file did not do what was asked; empty when it did, or there was none."""
    last = ImportWork.objects.filter(owner=import_id).order_by("-pk").first()
    return str(last.get_outcome_display()) if last and last.outcome not in {"", ImportWork.Outcome.DONE} else ""


def examples(found: CatalogueImport) -> list[list[str]]:
    """Return the first rows as they stand in the file."""
    lines = ImportLine.objects.filter(owner=found).order_by("row").values_list("cells", flat=True)
    return list(lines[:EXAMPLES])


def changes(found: CatalogueImport, *, show: str, after: tuple[int, str], limit: int) -> list[ImportChange]:
    """Return changes in the order of the file, from behind (row, kind) on; `show` is new, changed or nothing."""
    known = ImportChange.objects.filter(owner=found)
    if show in {"new", "changed"}:
        known = known.filter(before__isnull=show == "new")
    row, kind = after
    known = known.filter(row__gte=row).exclude(row=row, kind__lte=kind)
    return list(known.order_by("row", "kind")[:limit])


def problems(found: CatalogueImport, *, limit: int | None = None) -> Any:
    """Return why rows are refused, in the order of the file."""
    return ImportProblem.objects.filter(owner=found).order_by("row", "pk")[:limit]
