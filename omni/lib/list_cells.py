"""The cells of a list as HTML. Drawn here, not by a template: fifty rows of ten cells are two thousand nodes there, and
cost more time than all statements of the page together. Every value is escaped by `format_html`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from omni.lib.lists import Column
from omni.templatetags.omni import figure, icon, moment, money

Row = dict[str, Any]
NOTHING = "—"
DASH = mark_safe(NOTHING)  # noqa: S308  (our own sign)


def _title(row: Row, column: Column) -> SafeString:
    if row.get("short_id"):
        return format_html(
            '<a class="cover" href="{}"><span class="short-id">{}</span> <span class="quiet">{}</span></a>',
            row["url"],
            row["short_id"],
            row[column.name],
        )
    return format_html('<a class="cover medium" href="{}">{}</a>', row["url"], row[column.name] or NOTHING)


def _text(row: Row, column: Column) -> SafeString:
    return format_html("{}", row[column.name] or NOTHING)


def _linked(row: Row, column: Column) -> SafeString:
    url, value = row.get(f"{column.name}_url"), row[column.name]
    return format_html('<a class="above plain" href="{}">{}</a>', url, value) if url and value else _text(row, column)


def _icon(row: Row, column: Column) -> SafeString:
    return format_html('<span class="with-icon">{}{}</span>', icon(row[f"{column.name}_icon"]), row[column.name])


def _chip(row: Row, column: Column) -> SafeString:
    value = row[column.name]
    return format_html(
        '<span class="chip state-{0}"><svg class="mark" aria-hidden="true"><use href="{1}icons.svg#state-{0}"></use>'
        "</svg>{2}</span>",
        value["state"],
        settings.STATIC_URL,
        value["label"],
    )


def _moment(row: Row, column: Column) -> SafeString:
    value: datetime | None = row[column.name]
    if value is None:
        return DASH
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment(value, row.get("zone")))


def _number(row: Row, column: Column) -> SafeString:
    return format_html("{}", figure(row[column.name]))


def _money(row: Row, column: Column) -> SafeString:
    return format_html("{}", money(row[column.name]))


DRAWN: dict[str, Callable[[Row, Column], SafeString]] = {
    "title": _title,
    "text": _text,
    "linked": _linked,
    "icon": _icon,
    "chip": _chip,
    "number": _number,
    "money": _money,
    "moment": _moment,
    "promise": _moment,
}


def cells(row: Row, columns: Sequence[Column]) -> SafeString:
    """Return the cells of one row; in a narrow window, where rows are cards, pairs say what they are."""
    return mark_safe("".join(_cell(row, column) for column in columns))  # noqa: S308  (parts of format_html)


def _cell(row: Row, column: Column) -> SafeString:
    css = f"cell-{column.kind} card-{column.card}"
    if column.is_number:
        css += " number"
    if column.kind == "promise" and row.get("late"):
        css += " is-late"
    label = format_html(' data-label="{}"', column.label) if column.card == "pair" else ""
    return format_html('<td class="{}"{}>{}</td>', css, label, DRAWN[column.kind](row, column))
