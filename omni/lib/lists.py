"""One manner for every list: columns, filters and sort that live in the address, pages that follow each other.

Plain code without tables. A room describes its list once (`Listing`); `omni.staff.listing` shows it, and adds what is
kept per person: saved views, chosen columns, many rows at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

from omni.lib.csv_export import Cell
from omni.lib.cursors import EPOCH, MICROSECOND

Words = str | Promise
PAGE = 50
COUNTED = 10_000
"""A list is counted and added up as far as this; beyond it says "more than"."""
MOST_AT_ONCE = 5_000
"""So many rows may be chosen for one action."""
LONGEST_QUERY = 2_000
NOT_FILTERS = ("sort", "view", "before", "after", "from")


@dataclass(frozen=True)
class Column:
    """One column. `name` is the key of its value in a row; `kind` says how it is drawn and written to a file.

    Kinds: title (a link to the row's page, with `short_id`), text, linked (`<name>_url`), icon (`<name>_icon`), chip
    ({state, label}), number, money (cents), moment, promise (a moment that may be late).
    """

    name: str
    label: Words
    kind: str = "text"
    sort: str = ""
    shown: bool = True
    fixed: bool = False
    also: tuple[str, Words] | None = None
    card: str = "pair"
    offered: Callable[[], bool] = lambda: True

    @property
    def is_number(self) -> bool:
        """Whether it stands on the right."""
        return self.kind in {"number", "money", "moment", "promise"}

    def cells(self, row: dict[str, Any]) -> list[Cell]:
        """Return what a file holds of this column: plain values, so that a number stays a number."""
        value = row.get(self.name)
        match self.kind:
            case "money":
                return [None if value is None else Decimal(value) / 100]
            case "moment" | "promise":
                return [value.astimezone(row["zone"]) if value and row.get("zone") else value]
            case "chip":
                return [str(row[self.name]["label"])]
            case "number":
                return [value]
        return [*([str(row.get(self.also[0]) or "")] if self.also else []), str(value or "")]

    @property
    def heads(self) -> list[str]:
        """Return what stands above `cells`."""
        return [*([str(self.also[1])] if self.also else []), str(self.label)]


@dataclass(frozen=True)
class Sorting:
    """By which column, and which way. Ties are broken by the row's own number, the same way."""

    name: str
    sort: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def reversed(self) -> "Sorting":
        """Return the other way round."""
        return Sorting(self.name, self.sort, not self.descending)

    @property
    def order(self) -> list[Any]:
        """Return what `order_by` takes."""
        signs = (F(self.sort), F("pk"))
        return [one.desc() if self.descending else one.asc() for one in signs]

    def cursor(self, thing: Any) -> str:
        """Return where a page ends: the value it is sorted by, and the row's number."""
        value: Any = thing
        for part in self.sort.split("__"):
            value = getattr(value, part)
        plain = (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
        return f"{'t' if isinstance(value, datetime) else 'n'}{plain}~{thing.pk}"

    def beyond(self, text: str) -> Q | None:
        """Return the rows behind a cursor, however many came in before it meanwhile; None for nonsense."""
        value, _tilde, pk = text.partition("~")
        plain = value[1:].removeprefix("-")
        if not (plain.isascii() and plain.isdigit() and len(plain) < 19 and pk.isascii() and pk.isdigit()):
            return None
        if len(pk) > 18 or value[:1] not in {"t", "n"}:
            return None
        edge: Any = int(value[1:])
        if value[0] == "t":
            try:
                edge = EPOCH + edge * MICROSECOND
            except OverflowError:
                return None
        way = "lt" if self.descending else "gt"
        first = Q(**{f"{self.sort}__{way}e": edge})  # what an index can begin at
        return first & (Q(**{f"{self.sort}__{way}": edge}) | Q(**{f"pk__{way}": int(pk)}))


@dataclass(frozen=True)
class BulkAction:
    """Something done to many rows. `act` does it to one, in a transaction of its own, and refuses by a `Refusal`;
    `go` only leads to a page about the chosen rows. The right is asked for again at every row; with `needs_proof` its
    beginning asks who is there, if that was not proved within five minutes."""

    name: str
    label: Words
    icon: str
    permission: str
    act: Callable[[int, Any, str], None] | None = None
    go: Callable[[QuerySet[Any]], str] | None = None
    question: Words = ""
    reasons: Sequence[tuple[str, Words]] = ()
    danger: bool = False
    needs_proof: bool = False


@dataclass(frozen=True)
class Listing:
    """A list, described. `source` must return only what the actor may see: every page, count, file and action of the
    list begins there. `walked`: the page of a row leads on to the next one (`omni.staff.walking`)."""

    name: str
    title: Words
    permission: str
    columns: Sequence[Column]
    source: Callable[[Any], QuerySet[Any]]
    filters: Callable[..., Any]
    rows: Callable[[Sequence[Any], Any], list[dict[str, Any]]]
    count_words: Callable[[int, bool], str]
    news_words: Callable[[int], str]
    default_sort: str
    template: str = "ui/list/page.html"
    key: str = "pk"
    thing_route: str = ""
    walked: bool = False
    amount: str = ""
    export_permission: str = ""
    actions: Sequence[BulkAction] = ()
    stores: Callable[[Any], list[tuple[int, str]]] = field(default=lambda actor: [])
    related: Sequence[str] = ()
    prepared: Callable[[QuerySet[Any], str], QuerySet[Any]] = field(default=lambda found, sort: found)

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((one for one in self.columns if one.name == name), None)

    def chosen(self, names: Iterable[str] | None) -> list[Column]:
        """Return the columns to show, in the list's own order; the fixed ones always."""
        wanted = None if names is None else set(names)
        offered = (one for one in self.columns if one.offered())
        return [one for one in offered if one.fixed or (one.shown if wanted is None else one.name in wanted)]

    def sorting(self, text: str) -> Sorting:
        """Return the sorting that an address asks for; the list's own when it asks for none, or for nonsense."""
        for wanted in (text, self.default_sort):
            found = self.column(wanted.removeprefix("-"))
            if found and found.sort:
                return Sorting(found.name, found.sort, wanted.startswith("-"))
        raise ValueError(f"{self.default_sort} is no column to sort {self.name} by")

    def thing_url(self, key: str) -> str:
        """Return the address of one row's own page."""
        return reverse(self.thing_route, args=[key]) if self.thing_route else ""

    def sorted(self, found: QuerySet[Any], sorting: Sorting) -> QuerySet[Any]:
        """Return the rows in that order."""
        return self.prepared(found, sorting.sort).order_by(*sorting.order)


@dataclass(frozen=True)
class Page:
    """Some rows, and where the pages before and after begin ("": there is none)."""

    things: list[Any]
    following: str
    preceding: str


def page_of(listing: Listing, found: QuerySet[Any], sorting: Sorting, asked: QueryDict, size: int = PAGE) -> Page:
    """Return the page that `before` (further down) or `after` (back up) names. One statement, never an OFFSET."""
    down, up = asked.get("before", ""), asked.get("after", "")
    if up and (edge := sorting.reversed().beyond(up)) is not None:
        turned = listing.sorted(found, sorting.reversed()).filter(edge).select_related(*listing.related)
        things = list(turned[: size + 1])
        shown = things[:size][::-1]
        return Page(shown, sorting.cursor(shown[-1]) if shown else "", _edge(sorting, shown, 0, len(things) > size))
    edge = sorting.beyond(down) if down else None
    ordered = listing.sorted(found, sorting).select_related(*listing.related)
    things = list((ordered if edge is None else ordered.filter(edge))[: size + 1])
    shown = things[:size]
    return Page(shown, _edge(sorting, shown, -1, len(things) > size), _edge(sorting, shown, 0, edge is not None))


def _edge(sorting: Sorting, shown: list[Any], at: int, more: bool) -> str:
    return sorting.cursor(shown[at]) if more and shown else ""


def batches(listing: Listing, found: QuerySet[Any], sorting: Sorting, size: int = 500) -> Iterator[list[Any]]:
    """Yield every row in order, a batch in memory at a time; no transaction stays open in between."""
    ordered = listing.sorted(found, sorting).select_related(*listing.related)
    edge: Q | None = None
    while True:
        things = list((ordered if edge is None else ordered.filter(edge))[:size])
        if things:
            yield things
        if len(things) < size:
            return
        edge = sorting.beyond(sorting.cursor(things[-1]))


@dataclass(frozen=True)
class Counted:
    """How many rows match, and what they come to in cents; `more`, and no amount, when counting ended at `COUNTED`."""

    number: int
    amount: int | None
    more: bool


def counted(listing: Listing, found: QuerySet[Any]) -> Counted:
    """Count what matches. One statement."""
    if listing.amount:
        first = listing.prepared(found, listing.amount).order_by().values("pk", listing.amount)[: COUNTED + 1]
        sums = first.aggregate(rows=Count("pk"), together=Sum(listing.amount))
        more = sums["rows"] > COUNTED  # what only a part comes to says nothing of the whole
        return Counted(min(sums["rows"], COUNTED), None if more else int(sums["together"] or 0), more)
    number = found.order_by().values("pk")[: COUNTED + 1].count()
    return Counted(min(number, COUNTED), None, number > COUNTED)


def query_of(asked: QueryDict, **changes: str) -> str:
    """Return the address's question with some of it otherwise (""): left out), without the place in the pages."""
    kept = [
        (name, value)
        for name, values in asked.lists()
        if name not in {*changes, "before", "after", "from"}
        for value in values
        if value
    ]
    return urlencode([*kept, *((name, value) for name, value in changes.items() if value)])


def without(asked: QueryDict, name: str) -> str:
    """Return the question without one filter; a saved view is left when nothing else is asked."""
    left = asked.copy()
    left.pop(name, None)
    if not any(left.get(one) for one in left if one not in NOT_FILTERS):
        left.pop("view", None)
    return query_of(left)
