"""A list on the screen: what `omni.lib.lists` describes, with the saved views and columns of who reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext

from omni.lib import csv_export, list_cells, list_filters, lists
from omni.lib.csv_export import Cell
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.lib.lists import Column, Counted, Listing, Sorting
from omni.staff import once, walking
from omni.staff.access import Actor
from omni.staff.list_models import ChosenColumns, SavedView
from omni.staff.services import exports, saved_views

MOST_NEWS = 99
"""So many new rows are counted; nobody reads on."""


@dataclass
class Asked:
    """One request for a list: what it asks, what that finds, and what its reader keeps of the list."""

    listing: Listing
    actor: Actor
    question: QueryDict
    views: list[SavedView]
    view: SavedView | None
    columns: list[Column]
    filter: Any
    sorting: Sorting

    @property
    def is_valid(self) -> bool:
        return bool(self.filter.is_valid())

    @property
    def found(self) -> Any:
        """The rows that match; none at all while a filter makes no sense."""
        return self.filter.qs if self.is_valid else self.listing.source(self.actor).none()


def read(request: Any, listing: Listing, question: QueryDict | None = None) -> Asked:
    """Read what is asked of a list. Two statements. 404 for a view that is not one's to see."""
    actor: Actor = request.actor
    question = request.GET if question is None else question
    views = list(
        SavedView.objects.visible_to(actor)
        .filter(listing=listing.name)
        .distinct()
        .select_related("owner", "role")
        .order_by("pk")
    )
    view = _open_view(views, question)
    if view is not None and set(question) <= {"view"}:
        question = QueryDict(f"{view.query}&{urlencode({'view': view.public_id})}")
    return Asked(
        listing=listing,
        actor=actor,
        question=question,
        views=views,
        view=view,
        columns=listing.chosen(_chosen_columns(listing, actor, view)),
        filter=listing.filters(question, listing.source(actor), actor=actor),
        sorting=listing.sorting(question.get("sort", "")),
    )


def _open_view(views: list[SavedView], question: QueryDict) -> SavedView | None:
    wanted = question.get("view")
    if not wanted:
        return None
    for view in views:
        if str(view.public_id) == wanted:
            return view
    raise Http404


def _chosen_columns(listing: Listing, actor: Actor, view: SavedView | None) -> list[str] | None:
    """Return what one chose for this view, else the view's own choice, else what one chose for the list."""
    kept = ChosenColumns.objects.filter(owner=actor.user_id, listing=listing.name)
    chosen: dict[int | None, list[str]] = dict(kept.values_list("view", "columns"))
    if view is None:
        return chosen.get(None)
    return chosen.get(view.pk) or view.columns or chosen.get(None)


def show(request: Any, listing: Listing, **extra: Any) -> HttpResponse:
    """Answer with the list: a page, or for htmx its changing part."""
    asked = read(request, listing)
    page = lists.page_of(listing, asked.found, asked.sorting, asked.question)
    count = lists.counted(listing, asked.found) if page.things else Counted(0, None, False)
    context = {
        "list": _frame(asked, count),
        "filter": asked.filter,
        "columns": [_head(asked, column) for column in asked.columns],
        "rows": _rows(asked, page.things) if page.things else [],
        "views": _tabs(asked, count),
        "view_query": _kept_query(asked),
        "view_stores": listing.stores(asked.actor),
        "column_form": [
            {"name": one.name, "label": one.label, "shown": one in asked.columns, "fixed": one.fixed}
            for one in listing.columns
            if one.offered()
        ],
        "next_url": _address(asked, before=page.following) if page.following else "",
        "previous_url": _address(asked, after=page.preceding) if page.preceding else "",
        "actions": sorted(
            (one for one in listing.actions if asked.actor.may(one.permission)), key=lambda one: not one.danger
        ),
        "idempotency_key": once.new_key(),
        **extra,
    }
    status = 200 if asked.is_valid else 422 if wants_fragment(request) else 400
    template = "ui/list/page.html" if wants_fragment(request) else listing.template
    answer = page_or_fragment(request, template, context, fragment="list", status=status)
    answer["Vary"] = "HX-Request, Cookie"
    return answer


def _rows(asked: Asked, things: list[Any]) -> list[dict[str, Any]]:
    listing = asked.listing
    rows = listing.rows(things, asked.actor)
    for thing, row in zip(things, rows, strict=True):
        row["url"] = walking.url_in(listing, asked.question, asked.sorting, thing, row["url"])
        row["cells"] = list_cells.cells(row, asked.columns)
    return rows


def _frame(asked: Asked, count: Counted) -> dict[str, Any]:
    listing, question = asked.listing, asked.question
    query = lists.query_of(question)
    url = reverse(listing.name)
    return {
        "name": listing.name,
        "title": listing.title,
        "key": listing.key,
        "url": url,
        "query": query,
        "chips": list_filters.chips(asked.filter, question),
        "problem": list_filters.sentence(asked.filter),
        "clear_url": url if any(question.get(name) for name in asked.filter.filters) else "",
        "count": count.number,
        "count_line": listing.count_words(count.number, count.more) if asked.is_valid else "",
        "amount": count.amount,
        "may_take_all": not count.more and count.number <= lists.MOST_AT_ONCE,
        "sort": question.get("sort", ""),
        "view": asked.view,
        "view_changed": asked.view is not None and not same_question(asked.view.query, query),
        "may_change_view": asked.view is not None and saved_views.may_change(asked.view, asked.actor),
        "export_url": _beside(listing, "export", query) if _may_export(asked) else "",
        "news_url": _beside(listing, "news", f"{query}&since={_newest(asked)}".lstrip("&")),
        "columns_url": reverse(f"{listing.name}-columns"),
        "views_url": reverse(f"{listing.name}-views"),
        "bulk_url": reverse(f"{listing.name}-bulk") if listing.actions else "",
    }


def _may_export(asked: Asked) -> bool:
    permission = asked.listing.export_permission
    return bool(permission) and asked.is_valid and asked.actor.may(permission)


def _beside(listing: Listing, what: str, query: str) -> str:
    address = reverse(f"{listing.name}-{what}")
    return f"{address}?{query}" if query else address


def same_question(one: str, other: str) -> bool:
    """Whether two questions ask the same: the order of the words does not matter, nor which view is open."""

    def plain(text: str) -> set[tuple[str, str]]:
        return {(name, value) for name, values in QueryDict(text).lists() for value in values if name != "view"}

    return plain(one) == plain(other)


def _newest(asked: Asked) -> int:
    """Return the number of the newest row of the whole table: what comes later has a greater one.

    Confessed: a row that got its number before this one and is committed after it is not announced. It is in the list
    all the same, the next time that is read.
    """
    whole_table = asked.listing.source(asked.actor).model._default_manager
    newest = whole_table.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def _head(asked: Asked, column: Column) -> dict[str, Any]:
    now = asked.sorting if asked.sorting.name == column.name else None
    way = "" if now is None else "descending" if now.descending else "ascending"
    turned = (
        f"{'' if now.descending else '-'}{column.name}" if now else f"{'-' if column.is_number else ''}{column.name}"
    )
    if column.kind == "promise" and not now:
        turned = column.name
    query = lists.query_of(asked.question, sort=turned)
    return {
        "column": column,
        "way": way,
        "url": f"{reverse(asked.listing.name)}?{query}" if column.sort else "",
    }


def _address(asked: Asked, **place: str) -> str:
    query = lists.query_of(asked.question)
    return f"{reverse(asked.listing.name)}?{query}{'&' if query else ''}{urlencode(place)}"


def _tabs(asked: Asked, count: Counted) -> list[dict[str, Any]]:
    url = reverse(asked.listing.name)
    tabs = [
        {
            "name": pgettext("every row of a list", "All"),
            "url": url,
            "current": asked.view is None,
            "shared": False,
            "count": None,
        }
    ]
    for view in sorted(asked.views, key=lambda one: (one.owner_id != asked.actor.user_id, one.pk)):
        query = f"{view.query}&view={view.public_id}".lstrip("&")
        current = view == asked.view
        tabs.append({"name": view.name, "url": f"{url}?{query}", "current": current, "shared": view.is_shared})
    for tab in tabs:
        tab["count"] = count if tab["current"] and asked.is_valid else None
    return tabs


def _kept_query(asked: Asked) -> str:
    """Return what a view of this list, as it is now, would keep."""
    return lists.query_of(asked.question, view="")


def export(request: Any, listing: Listing) -> HttpResponseBase:
    """Answer with exactly what is shown, all pages of it: filters, columns, sort, language. Who took it is noted."""
    asked = read(request, listing)
    if not asked.is_valid:
        return HttpResponse(list_filters.sentence(asked.filter), status=400, content_type="text/plain; charset=utf-8")

    taken = exports.note(listing=listing.name, query=_kept_query(asked), actor=asked.actor)

    def rows() -> Iterator[list[Cell]]:
        for things in lists.batches(listing, asked.found, asked.sorting):
            for row in listing.rows(things, asked.actor):
                yield [cell for column in asked.columns for cell in column.cells(row)]

    return csv_export.answer(
        name=f"{listing.name}-{timezone.localdate():%Y-%m-%d}",
        head=[head for column in asked.columns for head in column.heads],
        rows=lambda: exports.counting(taken, rows()),
        language=get_language() or "en",
    )


def news(request: Any, listing: Listing) -> HttpResponse:
    """Say how many rows have come since the page was read that match its filters; 204 when none has."""
    question = request.GET.copy()
    (since,) = question.pop("since", [""])[:1]
    if not (since.isascii() and since.isdigit() and len(since) < 19):
        return HttpResponse(status=204)
    asked = read(request, listing, question)
    number = asked.found.order_by().filter(pk__gt=int(since)).values("pk")[: MOST_NEWS + 1].count()
    if not number:
        return HttpResponse(status=204)
    context = {
        "words": listing.news_words(min(number, MOST_NEWS)),
        "number": number,
        "url": f"{reverse(listing.name)}?{lists.query_of(question)}",
    }
    return page_or_fragment(request, "ui/list/news.html", context)
