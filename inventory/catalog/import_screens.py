"""What the pages of an import show, as plain values."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inventory.catalog import columns, hindrances, import_queries, import_words
from inventory.catalog.columns import ATTRIBUTE, FIELDS
from inventory.catalog.models import CatalogueImport, ImportChange, ImportWork, VatClass
from inventory.catalog.services.undoing import UNDO_WITHIN
from omni.lib.money import format_cents
from omni.staff.models import Channel
from omni.staff.once import new_key
from omni.templatetags.omni import moment

SHOWN, PAGE = 200, 50
Status = CatalogueImport.Status
STATES = {
    Status.UPLOADED: "new", Status.CHECKED: "in_progress", Status.REFUSED: "late", Status.APPLIED: "done",
    Status.UNDONE: "neutral", Status.ABANDONED: "neutral",
}  # fmt: skip


def listed() -> list[dict[str, Any]]:
    """Return the newest imports as rows."""
    in_hand = import_queries.working_on()
    return [
        {
            **_head(one), **_in_hand(in_hand.get(one.pk)), "who": one.uploaded_by.name, "at": one.uploaded_at,
            "new": one.new, "changed": one.changed,
        }
        for one in import_queries.latest()
    ]  # fmt: skip


def _in_hand(kind: str | None) -> dict[str, Any]:
    return {"state": "in_progress", "state_label": ImportWork.Kind(kind).label} if kind else {}


def working(found: CatalogueImport, work: ImportWork) -> dict[str, Any]:
    """Return how far the work on a file is; percent None while it waits."""
    return {
        "file": _head(found),
        "work": {
            "title": work.get_kind_display(),
            "stage": work.get_stage_display(),
            "percent": work.done * 100 // work.total if work.total else None,
            "who": work.asked_by.name,
            "at": work.asked_at,
        },
    }


def _head(found: CatalogueImport) -> dict[str, Any]:
    args = [found.public_id]
    return {
        "name": found.name,
        "rows": found.lines_read,
        "state": STATES[Status(found.status)],
        "state_label": found.get_status_display(),
        "url": reverse("catalogue-import", args=args),
        "check_url": reverse("catalogue-import-check", args=args),
        "apply_url": reverse("catalogue-import-application", args=args),
        "undo_url": reverse("catalogue-import-undo", args=args),
        "abandon_url": reverse("catalogue-import-abandonment", args=args),
        "problems_url": reverse("catalogue-import-problems", args=args),
    }


def mapping(found: CatalogueImport, chosen: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return the context of the page that says what each column is, with the first rows as they stand there."""
    rows = import_queries.examples(found)
    return {
        "file": _head(found),
        "columns": [
            {
                "field": f"column-{position}",
                "title": title,
                "examples": [row[position] for row in rows if row[position].strip()],
                "chosen": chosen.get(str(position), ""),
            }
            for position, title in enumerate(found.header)
        ],
        "choices": [("", pgettext("column", "Leave out")), *FIELDS.items()],
        "idempotency_key": new_key(),
        **more,
    }


def result(found: CatalogueImport, *, show: str = "", after: str = "", **more: Any) -> dict[str, Any]:
    """Return the context of what a file would change, has changed, or why it is refused."""
    page = import_queries.changes(found, show=show, after=_mark(after), limit=PAGE + 1)
    shown, more_follow = page[:PAGE], len(page) > PAGE
    here = reverse("catalogue-import", args=[found.public_id])
    wrong = import_queries.problems(found, limit=SHOWN) if found.status == Status.REFUSED else []
    return {
        "file": _head(found),
        "status": found.status,
        "counts": {"new": found.new, "changed": found.changed, "unchanged": found.unchanged, "refused": found.wrong},
        "can_map": found.status in {Status.CHECKED, Status.REFUSED} and found.lines.exists(),
        "can_undo": _can_undo(found, timezone.now()),
        "applied": {"at": found.applied_at, "who": found.applied_by.name} if found.applied_by else None,
        "undone": {"at": found.undone_at, "who": found.undone_by.name} if found.undone_by else None,
        "shows": [
            {"url": f"{here}?show={value}" if value else here, "label": label, "here": value == show}
            for value, label in (("", _("All")), ("new", _("New")), ("changed", pgettext("rows", "Changed")))
        ],
        "changes": [_change(one) for one in shown],
        "next_url": f"{here}?show={show}&after={shown[-1].row}.{shown[-1].kind}" if more_follow else "",
        "first_url": f"{here}?show={show}" if after else "",
        "problems": [_problem(one.row, one.column, one.code, one.value) for one in wrong],
        "shown": SHOWN,
        "idempotency_key": new_key(),
        **more,
    }


def _can_undo(found: CatalogueImport, now: datetime) -> bool:
    is_applied = found.status == Status.APPLIED
    return is_applied and found.applied_at is not None and now - found.applied_at <= UNDO_WITHIN


def _mark(text: str) -> tuple[int, str]:
    row, _dot, kind = text.partition(".")
    known = row.isascii() and row.isdigit() and len(row) < 9 and kind in ImportChange.Kind.values
    return (int(row), kind) if known else (0, "")


def _problem(row: int, column: str, code: str, value: str) -> dict[str, Any]:
    return {"row": row, "column": column, "value": value, "reason": import_words.sentence(code, value)}


def hindering(found: CatalogueImport) -> list[dict[str, Any]]:
    """Return why a file cannot be undone, row by row."""
    rows = hindrances.of(found.pk, applied_at=found.applied_at, most=SHOWN)
    return [_problem(one.row, "", one.code, one.key) for one in rows]


def problem_rows(found: CatalogueImport) -> Iterator[list[str | int | None]]:
    """Yield row, column, value and reason of all that is wrong, for a file to take away."""
    for one in import_queries.problems(found).iterator(chunk_size=1000):
        yield [one.row, one.column, one.value, import_words.sentence(one.code, one.value)]


def _change(one: ImportChange) -> dict[str, Any]:
    before, after = one.before or {}, one.after
    return {
        "row": one.row,
        "kind": one.get_kind_display(),
        "key": one.key,
        "is_new": one.before is None,
        "fields": _price(before, after) if one.kind == ImportChange.Kind.PRICE else _fields(before, after),
    }


def _fields(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each field that differs, before and after; of what is new, each field that says something."""
    shown = []
    for name, value in after.items():
        if name == ATTRIBUTE + "s":
            was = before.get(name) or {}
            shown += [
                {"label": title, "before": was.get(title, ""), "after": text}
                for title, text in value.items()
                if was.get(title) != text
            ]
        elif value not in (None, ""):
            label = _("Product code") if name == "product" else columns.called(name, name)
            shown.append({"label": label, "before": _said(name, before.get(name)), "after": _said(name, value)})
    return shown


def _said(name: str, value: Any) -> str:
    if name == "vat_class" and value:
        return str(VatClass(value).label)
    return str(value or "")


def _price(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the price beside the one that it takes the place of."""
    channel = after["channel"]
    where = Channel(channel).label if channel in Channel.values else _("Every channel")
    was = before.get("amount", after.get("was"))
    money = format_cents(after["amount"], after["currency"])
    rows = [{"label": where, "before": "" if was is None else format_cents(was, after["currency"]), "after": money}]
    starts, ends = _moment(after["starts_at"]), _moment(after["ends_at"])
    rows += [{"label": _("Price from"), "before": "", "after": starts or _("at once")}]
    if ends or before.get("ends_at"):
        rows += [{"label": _("Price until"), "before": _moment(before.get("ends_at")), "after": ends or "—"}]
    return rows


def _moment(text: str | None) -> str:
    return moment(datetime.fromisoformat(text)) if text else ""
