"""An explanation in the words of a shop: one term a line, and all of them as one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.stock.explaining import Explanation, Kept, Moved
from inventory.stock.models import StockMovement
from omni.templatetags.omni import clock, day, figure

OF_AN_ORDER = frozenset({"sold", "returned"})
"""Kinds of movement whose reference begins with the order's number."""


@dataclass(frozen=True)
class Term:
    """One part of a figure: signed units, what they are, and where more is said of it (or nothing)."""

    units: int
    words: str
    url: str = ""


def terms(why: Explanation, zone: ZoneInfo, now: datetime) -> list[Term]:
    """Return the parts of what is available; their sum is the figure, unless it would be negative."""
    aside = ((why.damaged, _("damaged")), (why.safety_stock, _("safety stock")))
    return [
        Term(why.first, _first(why, zone, now)),
        *(_moved(one, zone, now) for one in why.moved),
        *(_kept(one, zone, now) for one in why.kept),
        *(Term(-units, words) for units, words in aside if units),
    ]


def sentence(why: Explanation, parts: list[Term]) -> str:
    """Return `7 = 9 counted Tue 8 Dec − 1 sold 10:42 − 1 held for a basket until 11:05`."""
    return f"{figure(why.available)} = {' '.join(_in_a_sentence(parts))}"


def _in_a_sentence(parts: list[Term]) -> Iterator[str]:
    for number, part in enumerate(parts):
        sign = "" if not number else ("− " if part.units < 0 else "+ ")
        yield f"{sign}{figure(abs(part.units) if number else part.units)} {part.words}"


def _first(why: Explanation, zone: ZoneInfo, now: datetime) -> str:
    if why.looked is None or why.looked_at is None:
        return _("on the premises")
    at = when(why.looked_at, zone, now)
    words = _("opening stock %(when)s") if why.looked == "opened" else _("counted %(when)s")
    return words % {"when": at}


def _moved(one: Moved, zone: ZoneInfo, now: datetime) -> Term:
    words, at = str(StockMovement.Kind(one.kind).label).lower(), when(one.at, zone, now)
    if one.times > 1:
        said = _("%(what)s, %(times)s times, last %(when)s")
        return Term(one.signed, said % {"what": words, "times": figure(one.times), "when": at})
    return Term(one.signed, f"{words} {at}", address_of(one.kind, one.reference))


def address_of(kind: str, reference: str) -> str:
    """Return the address of what moved units, when it has a page."""
    if reference.startswith("transfer:"):
        return _transfer(reference)
    return reverse("order", args=[reference.partition("/")[0]]) if kind in OF_AN_ORDER else ""


def _transfer(reference: str) -> str:
    return reverse("transfer", args=[reference.removeprefix("transfer:").partition("/")[0]])


def _kept(one: Kept, zone: ZoneInfo, now: datetime) -> Term:
    if one.reference.startswith("hold:"):
        if one.until is None:
            return Term(-one.units, _("kept for a basket"))
        return Term(-one.units, _("held for a basket until %(when)s") % {"when": when(one.until, zone, now)})
    if one.reference.startswith("transfer:"):
        return Term(-one.units, _("kept for a transfer"), _transfer(one.reference))
    return Term(-one.units, _("kept for %(order)s") % {"order": one.reference}, reverse("order", args=[one.reference]))


def when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the time of today, and the day of any other."""
    return clock(at, zone) if at.astimezone(zone).date() == now.astimezone(zone).date() else day(at, zone)
