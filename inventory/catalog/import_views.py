"""Bringing the catalogue up to date from a file: send it, say what its columns are, see what would change, apply,
undo. Load, form, service, render."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from inventory.catalog import import_queries, import_screens
from inventory.catalog.csv_files import MOST_BYTES
from inventory.catalog.forms import FileForm
from inventory.catalog.import_words import sentence
from inventory.catalog.models import CatalogueImport, ImportWork
from inventory.catalog.services import abandoning, applying, checking, receiving, undoing, working
from omni.lib import bell, csv_export, uploads
from omni.lib.errors import Refusal
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.access import requires
from omni.staff.once import new_key, number_of, once

Status = CatalogueImport.Status


def known(public_id: UUID) -> CatalogueImport:
    """Return the import, or 404. The catalogue is the house's: whoever keeps it sees every file."""
    return get_object_or_404(CatalogueImport.objects.select_related("applied_by", "undone_by"), public_id=public_id)


@requires("catalogue.manage")
@require_http_methods(["GET", "POST"])
def imports(request: Any) -> HttpResponseBase:
    """The files that were sent; POST sends one."""
    if request.method == "GET":
        return _list(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if getattr(request, uploads.TOO_LARGE, False):
        form.errors["file"] = form.error_class([sentence("too_large", str(MOST_BYTES // 1024 // 1024))])
    if form.errors or not form.is_valid():
        return _list(request, form, status=422)
    public_id = number_of(request)
    sent, encoding = form.cleaned_data["file"], form.cleaned_data["encoding"]
    once(
        request,
        lambda: receiving.receive(
            actor=request.actor, file=sent.file, name=sent.name, encoding=encoding, public_id=public_id
        ),
    )
    return redirect("catalogue-import", public_id)


def _list(request: Any, form: FileForm, *, status: int = 200) -> HttpResponseBase:
    context = {"form": form, "rows": import_screens.listed(), "idempotency_key": new_key()}
    return render(request, "catalog/imports.html", context, status=status)


@requires("catalogue.manage")
@require_http_methods(["GET"])
def one(request: Any, public_id: UUID) -> HttpResponseBase:
    """One file: what its columns are, until that is said; then what it changes, or why it is refused."""
    found = known(public_id)
    work = import_queries.open_work(found.pk)
    if work:
        return _working(request, found, work)
    if wants_fragment(request):  # the page asked how far it is: at the end
        return _reload()
    if found.status == Status.UPLOADED or ("columns" in request.GET and found.lines.exists()):
        return render(request, "catalog/import_columns.html", _mapping(found))
    return _result(request, found, problem=import_queries.last_problem(found.pk))


def _mapping(found: CatalogueImport) -> dict[str, Any]:
    problem = import_queries.last_problem(found.pk) if found.status == Status.UPLOADED else ""
    return import_screens.mapping(found, found.mapping, problem=problem)


def _working(request: Any, found: CatalogueImport, work: ImportWork) -> HttpResponseBase:
    """How far the work is; the page asks again by itself, and without scripts by a link."""
    context = import_screens.working(found, work)
    return page_or_fragment(request, "catalog/import_work.html", context, fragment="progress")


def _reload() -> HttpResponse:
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _result(request: Any, found: CatalogueImport, *, status: int = 200, **more: Any) -> HttpResponseBase:
    show = request.GET.get("show", "")
    show = show if show in {"new", "changed"} else ""
    context = import_screens.result(found, show=show, after=request.GET.get("after", ""), **more)
    return render(request, "catalog/import.html", context, status=status)


@requires("catalogue.manage")
@require_POST
def check(request: Any, public_id: UUID) -> HttpResponseBase:
    """Say what each column is and see what the file would change."""
    found = known(public_id)
    fields = {name: value for name, value in request.POST.items() if name.startswith("column-") and value}
    mapping = {name.removeprefix("column-"): value.replace("\x00", "") for name, value in fields.items()}
    try:
        once(request, lambda: _check(request, found, mapping))
    except Refusal as refusal:
        if import_queries.open_work(found.pk):  # somebody asked for it a moment ago
            return redirect("catalogue-import", public_id)
        context = import_screens.mapping(found, mapping, problem=str(refusal))
        return render(request, "catalog/import_columns.html", context, status=422)
    bell.catalogue.mark()
    return redirect("catalogue-import", public_id)


def _check(request: Any, found: CatalogueImport, mapping: dict[str, str]) -> None:
    """Check a small file at once, and ask a worker to check a large one."""
    working.refuse_if_worked_on(found.pk)
    if found.lines_read <= working.AT_ONCE:
        checking.check(actor=request.actor, import_id=found.pk, mapping=mapping)
    else:
        working.ask(actor=request.actor, import_id=found.pk, kind=ImportWork.Kind.CHECK, mapping=mapping)


@requires("catalogue.manage")
@require_POST
def application(request: Any, public_id: UUID) -> HttpResponseBase:
    """Let happen what the page says: a small file at once, a large one by a worker."""
    found = known(public_id)
    problem = _tried(request, lambda: _apply(request, found))
    if import_queries.open_work(found.pk):  # asked for now, or by somebody a moment ago
        bell.catalogue.mark()
    elif problem:
        return _result(request, known(public_id), status=409, problem=problem)
    else:
        messages.success(request, _("The catalogue is up to date."))
    return redirect("catalogue-import", public_id)


def _apply(request: Any, found: CatalogueImport) -> None:
    working.refuse_if_worked_on(found.pk)
    if found.lines_read <= working.AT_ONCE:
        applying.apply(actor=request.actor, import_id=found.pk)
    else:
        working.ask(actor=request.actor, import_id=found.pk, kind=ImportWork.Kind.APPLY)


@requires("catalogue.manage")
@require_POST
def undo(request: Any, public_id: UUID) -> HttpResponseBase:
    """Take a file back, or say which rows keep it from being taken back."""
    found = known(public_id)
    problem = _tried(request, lambda: undoing.undo(actor=request.actor, import_id=found.pk))
    if problem:
        now = known(public_id)
        rows = import_screens.hindering(now) if now.status == Status.APPLIED else []
        return _result(request, now, status=409, problem=problem, hindering=rows)
    messages.success(request, _("The file was undone: the catalogue is as it was before."))
    return redirect("catalogue-import", public_id)


@requires("catalogue.manage")
@require_POST
def abandonment(request: Any, public_id: UUID) -> HttpResponseBase:
    """Forget a file that will not be applied."""
    found = known(public_id)
    problem = _tried(request, lambda: abandoning.abandon(actor=request.actor, import_id=found.pk))
    if problem:
        messages.error(request, problem)
    return redirect("catalogue-imports")


def _tried(request: Any, work: Callable[[], object]) -> str:
    """Run a service once; return its refusal, or an empty text."""
    try:
        once(request, work)
    except Refusal as refusal:
        return str(refusal)
    return ""


@requires("catalogue.manage")
@require_http_methods(["GET"])
def problems(request: Any, public_id: UUID) -> HttpResponseBase:
    """Every refused row with its reason, as a file for whoever mends it."""
    found = known(public_id)
    return csv_export.answer(
        name="refused",
        head=[_("Row"), _("Column"), _("Value"), _("Reason")],
        rows=lambda: import_screens.problem_rows(found),
        language=get_language() or "en",
    )
