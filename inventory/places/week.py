"""A store's week as bars and figures, and what a customer would read with the settings on the screen."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from babel.dates import format_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from opening_hours import OpeningHours, State

from inventory.places import workload
from inventory.places.hour_rows import clock
from inventory.places.models import SpecialDay
from inventory.places.queries import Place
from inventory.places.special_days import with_days
from inventory.places.week_form import CODES, day_names

DAY = 24 * 60


@dataclass(frozen=True)
class Bar:
    """A stretch of opening time within a day, in per cent of the scale, as SVG writes numbers."""

    left: str
    width: str


def week(place: Place, opening: OpeningHours, now: datetime) -> dict[str, Any]:
    """Return the seven days from Monday on, each with its times as words and bars, and the hours under the bars."""
    local = place.local(now)
    monday = local.date() - timedelta(days=local.weekday())
    days = [_stretches(place, opening, datetime.combine(monday + timedelta(days=n), time())) for n in range(7)]
    ends = [minute for day in days for stretch in day for minute in stretch] or [8 * 60, 20 * 60]
    first, last = min(ends) // 60 * 60, max(-(-max(ends) // 60) * 60, min(ends) // 60 * 60 + 60)
    names = day_names()
    return {
        "days": [
            {
                "code": CODES[number],
                "name": names[number],
                "today": number == local.weekday(),
                "now": _now(local, first, last) if number == local.weekday() else "",
                "words": ", ".join(f"{clock(begin)}–{clock(end)}" for begin, end in day) or pgettext("store", "Closed"),
                "bars": [_bar(begin, end, first, last) for begin, end in day],
            }
            for number, day in enumerate(days)
        ],
        "first": clock(first),
        "middle": clock((first + last) // 2),
        "last": clock(last),
    }


def _stretches(place: Place, opening: OpeningHours, midnight: datetime) -> list[tuple[int, int]]:
    begins, ends = midnight.replace(tzinfo=place.zone), (midnight + timedelta(days=1)).replace(tzinfo=place.zone)
    found = []
    for begin, end, state, _comment in opening.intervals(begins, ends):
        if state == State.OPEN:
            last = DAY if end is None or end >= ends else end.hour * 60 + end.minute
            found.append((0 if begin <= begins else begin.hour * 60 + begin.minute, last))
    return found


def _now(local: datetime, first: int, last: int) -> str:
    """Return where the present minute stands on the scale, in per cent; "" outside it."""
    minute = local.hour * 60 + local.minute
    return f"{100 * (minute - first) / (last - first):.2f}" if first <= minute <= last else ""


def _bar(begin: int, end: int, first: int, last: int) -> Bar:
    whole = last - first
    return Bar(f"{100 * (begin - first) / whole:.2f}", f"{100 * (end - begin) / whole:.2f}")


def proposed(place: Place, *, text: str, days: list[SpecialDay]) -> Place:
    """Return the store as it would be with other hours."""
    return replace(place, hours=OpeningHours(with_days(text, days), timezone=place.zone), hours_text=text)


def promises(place: Place, days: list[SpecialDay], now: datetime) -> list[dict[str, str]]:
    """Return what a customer would be told: who orders one piece now, behind the queue there is; late today, and late
    on the day before a special one, when that queue is done."""
    local, queue = place.local(now), workload.of([place.id]).get(place.id, workload.NOTHING)
    asked = [(_("Ordered now"), now)]
    late = _late_on(place, local.replace(hour=0, minute=0, second=0, microsecond=0))
    if late and late > now:
        asked.append((_("Today at %(time)s") % {"time": f"{place.local(late):%H:%M}"}, late))
    for day in days[:1]:
        eve = datetime.combine(day.on - timedelta(days=1), time(), tzinfo=place.zone)
        late = _late_on(place, eve)
        if late and late > now and eve.date() != local.date():
            asked.append((_at(place, late), late))
    return [
        {
            "asked": words,
            "told": _at(place, workload.ready_at(place, at, waiting=queue if at == now else workload.NOTHING)),
        }
        for words, at in asked
    ]


def _late_on(place: Place, midnight: datetime) -> datetime | None:
    """Return twenty minutes before the last closing of a day; None when the store is closed on it."""
    found = _stretches(place, place.hours, midnight.replace(tzinfo=None))
    return midnight + timedelta(minutes=max(end for _begin, end in found) - 20) if found else None


def _at(place: Place, instant: datetime) -> str:
    local = place.local(instant)
    return f"{format_date(local.date(), 'EEE d MMM', locale=get_language() or 'en')} {local:%H:%M}"
