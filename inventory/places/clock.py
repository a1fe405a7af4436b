"""The promise clock as a manager sees it: the figures on the screen, and what they make of today's queue."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places import workload
from inventory.places.queries import Place
from inventory.places.week_form import CODES

FIGURES = ("pickup_minutes", "minutes_per_order", "minutes_per_piece")


def proposed(store: Place, values: Any) -> Place:
    """Return the store as it would be with the figures that are written; one that is not understood stays as it is."""
    preparation, per_order, per_piece = (_number(values.get(name), getattr(store, name)) for name in FIGURES)
    people = [
        max(1, _number(values.get(f"people_{code}"), number))
        for code, number in zip(CODES, store.people_by_day, strict=True)
    ]
    return replace(
        store,
        pickup_minutes=preparation,
        minutes_per_order=per_order,
        minutes_per_piece=per_piece,
        people_by_day=tuple(people),
    )


def _number(written: Any, otherwise: int) -> int:
    text = str(written or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise


def reckoning(store: Place, now: datetime) -> list[str]:
    """Return in sentences how the promise of this instant comes about: the queue, the people, and which figure of the
    two decides."""
    queue = workload.of([store.id]).get(store.id, workload.NOTHING)
    orders = ngettext("%(number)s order", "%(number)s orders", queue.orders) % {"number": queue.orders}
    pieces = ngettext("%(number)s item", "%(number)s items", queue.pieces) % {"number": queue.pieces}
    people = workload.people_at(store, queue.people, now)
    work = workload.work_minutes(store, queue.orders + 1, queue.pieces + 1)
    shared = workload.shared(work, people)
    decides = (
        _("The queue decides: %(minutes)s minutes, more than the %(least)s of the preparation.")
        if shared > store.pickup_minutes
        else _("The preparation decides: %(least)s minutes, since the queue needs no more than %(minutes)s.")
    )
    by = ngettext(
        "%(number)s person shares them: %(minutes)s minutes.",
        "%(number)s people share them: %(minutes)s minutes.",
        people,
    )
    return [
        _("In the queue now: %(orders)s, %(pieces)s. With one order more of one piece, %(work)s minutes of work.")
        % {"orders": orders, "pieces": pieces, "work": work},
        by % {"number": people, "minutes": shared} + " " + _who(store, queue.people, people),
        decides % {"minutes": shared, "least": store.pickup_minutes},
    ]


def _who(store: Place, seen: int, people: int) -> str:
    if not seen:
        return _("That is your figure for the day; nobody was seen at work on the tablets in the last two hours.")
    if people == seen:
        return _("So many were seen at work on this store's tablets in the last two hours.")
    return _("That is your figure for the day; %(seen)s were seen at work on the tablets.") % {"seen": seen}
