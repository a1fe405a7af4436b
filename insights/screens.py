"""What the page of a day and the pages behind its figures show: cells added up, formatted, linked to their rows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.figures import FIGURES, PROMISES, TARGET, Figure
from insights.queries import Amount, Cell, Day, Page, RowBehind, total
from inventory.places.queries import place
from omni.lib.money import format_cents
from omni.staff.models import Channel
from omni.templatetags.omni import clock, percent
from omni.templatetags.omni import figure as number
from orders.sales.models import Order

FIRST_DAY = date(1900, 1, 1)
"""The first day that has an address."""
AT_RISK = 10
"""Points under the target that are still called a risk."""

Cells = Mapping[str, list[Cell]]
Lines = Mapping[str, list[float | None]]
"""Per figure, the last fourteen days."""


def day_context(day: Day, found: Cells, lines: Lines, today: date) -> dict[str, Any]:
    """Return the context of the page: tiles, then one table per store and one per channel whose sums are the tiles."""
    tomorrow = day.on + timedelta(days=1)
    return {
        "day": day.on,
        "previous_url": reverse("day-of", args=[day.on - timedelta(days=1)]) if day.on > FIRST_DAY else "",
        "next_url": reverse("day-of", args=[tomorrow]) if tomorrow <= today else "",
        "here_url": reverse("day") if day.on != today else "",
        "day_url": reverse("day"),
        "scope_label": scope_label(day, None),
        "as_of": day.now,
        "figures": [
            _tile(figure, total(found[figure.code]), day, lines.get(figure.code, [])) for figure in FIGURES.values()
        ],
        "tables": [_stores(day, found), _channels(day, found)],
    }


def scope_label(day: Day, channel: str | None) -> str:
    """Return whose figures these are: a store or a number of stores, and the channel when it is one."""
    if len(day.stores) == 1:
        stores = day.stores[0].name
    else:
        stores = ngettext("%(number)s store", "%(number)s stores", len(day.stores)) % {
            "number": number(len(day.stores))
        }
    return f"{stores}, {Channel(channel).label}" if channel else stores


def _tile(figure: Figure, amount: Amount, day: Day, line: list[float | None]) -> dict[str, Any]:
    share = figure.unit == "share"
    return {
        "label": figure.label,
        "value": shown(figure, amount),
        "unit_note": _out_of(amount) if share and amount.out_of else "",
        "definition": figure.definition,
        "rows_url": rows_url(figure, day.on),
        "note": _note(amount) if share else "",
        "note_state": _verdict(amount) if share else "",
        "line": line,
        "line_label": _("%(label)s, the last fourteen days") % {"label": figure.label},
        "line_target": TARGET if share else None,
    }


def _out_of(amount: Amount) -> str:
    return _("%(kept)s of %(all)s") % {"kept": number(amount.value), "all": number(amount.out_of)}


def _note(amount: Amount) -> str:
    target = {"target": percent(TARGET)}
    if not amount.out_of:
        return _("Target %(target)s") % target
    return (_("Target %(target)s: met") if _verdict(amount) == "ready" else _("Target %(target)s: missed")) % target


def _whole_percent(amount: Amount) -> int:
    """Return a share in whole percent, rounded down: 100 % is said only when nothing is missing."""
    return 100 * amount.value // amount.out_of


def shown(figure: Figure, amount: Amount) -> str:
    """Return an amount as one reads it; a share of nothing is a dash."""
    if figure.unit == "cents":
        return format_cents(amount.value)
    if figure.unit == "share":
        return percent(_whole_percent(amount)) if amount.out_of else "—"
    return number(amount.value)


def _verdict(amount: Amount) -> str:
    """Return the state of a share beside its target; nothing where there is nothing to judge."""
    if not amount.out_of:
        return ""
    reached = 100 * amount.value / amount.out_of
    return "ready" if reached >= TARGET else "at_risk" if reached >= TARGET - AT_RISK else "late"


def rows_url(figure: Figure, day: date, *, store: str = "", channel: str = "") -> str:
    """Return the address of the rows behind a figure of a store, a channel, or all."""
    query = urlencode({name: value for name, value in (("store", store), ("channel", channel)) if value})
    url = reverse("day-rows", args=[day, figure.code])
    return f"{url}?{query}" if query else url


def _stores(day: Day, found: Cells) -> dict[str, Any]:
    active = {cell.location_id for cells in found.values() for cell in cells}
    stores = [store for store in day.stores if store.id in active]
    kept = {store.id: total(found[PROMISES.code], store_id=store.id) for store in stores}
    stores.sort(key=lambda store: (_share(kept[store.id]), store.name))
    rows = [
        {
            "name": store.name,
            "state": _verdict(kept[store.id]),
            "cells": [
                _cell(figure, total(found[figure.code], store_id=store.id), rows_url(figure, day.on, store=store.code))
                for figure in FIGURES.values()
            ],
        }
        for store in stores
    ]
    return _table(
        "stores", _("Stores, the most in trouble first"), _("The store that serves"), _("Store"), rows, day, found
    )


def _share(amount: Amount) -> float:
    return amount.value / amount.out_of if amount.out_of else 2.0


def _channels(day: Day, found: Cells) -> dict[str, Any]:
    active = {cell.channel for cells in found.values() for cell in cells}
    rows = [
        {
            "name": channel.label,
            "state": "",
            "cells": [
                _cell(figure, total(found[figure.code], channel=channel), rows_url(figure, day.on, channel=channel))
                for figure in FIGURES.values()
            ],
        }
        for channel in Channel
        if channel in active
    ]
    return _table("channels", _("Channels"), _("Where customers asked"), _("Channel"), rows, day, found)


def _cell(figure: Figure, amount: Amount, url: str) -> dict[str, Any]:
    share = _whole_percent(amount) if figure.unit == "share" and amount.out_of else None
    return {"text": shown(figure, amount), "url": url, "share": share}


def _table(
    name: str, title: str, note: str, first: str, rows: list[dict[str, Any]], day: Day, found: Cells
) -> dict[str, Any]:
    sums = [_cell(figure, total(found[figure.code]), rows_url(figure, day.on)) for figure in FIGURES.values()]
    return {
        "id": name,
        "title": title,
        "note": note,
        "first": first,
        "columns": [{"label": figure.label, "share": figure.unit == "share"} for figure in FIGURES.values()],
        "rows": rows,
        "total": {"name": _("Total"), "cells": sums},
    }


def rows_context(figure: Figure, day: Day, page: Page, amount: Amount, channel: str | None) -> dict[str, Any]:
    """Return the context of the rows behind a figure; says that they add up only when they do."""
    rows = ngettext("%(number)s row", "%(number)s rows", page.all_rows) % {"number": number(page.all_rows)}
    value = shown(figure, amount)
    if figure.unit == "share" and amount.out_of:
        value = f"{value} ({number(amount.value)} / {number(amount.out_of)})"
    return {
        "figure": {"label": figure.label, "value": value, "definition": figure.definition},
        "scope_label": scope_label(day, channel),
        "day": day.on,
        "back_url": reverse("day-of", args=[day.on]),
        "columns": [
            {"label": _("Order"), "number": False},
            {"label": _("Store"), "number": False},
            {"label": _("Channel"), "number": False},
            {"label": figure.at, "number": False},
            {"label": figure.detail, "number": False},
            {"label": figure.adds, "number": True},
        ],
        "rows": [_row(figure, row) for row in page.rows],
        "total": {"label": rows, "value": _sum(figure, page.total)},
        "adds_up": _("The rows add up to the figure.") if page.total == amount else "",
    }


def _row(figure: Figure, row: RowBehind) -> dict[str, Any]:
    store = place(row.location_id)
    added = format_cents(row.amount.value) if figure.unit == "cents" else number(row.amount.value)
    cells = [
        row.number,
        store.name,
        Channel(row.channel).label,
        clock(row.at, str(store.zone)),
        _detail(figure, row),
        added,
    ]
    return {"cells": cells, "url": reverse("order", args=[row.number])}


def _detail(figure: Figure, row: RowBehind) -> str:
    if figure is PROMISES:
        zone = str(place(row.location_id).zone)
        return clock(row.detail_at, zone) if row.detail_at else _("not ready")
    return str(Order.Status(row.detail).label) if row.detail in Order.Status.values else row.detail


def _sum(figure: Figure, amount: Amount) -> str:
    if figure.unit == "cents":
        return format_cents(amount.value)
    if figure.unit == "share":
        return f"{number(amount.value)} / {number(amount.out_of)}"
    return number(amount.value)
