"""Time counted in a store's opening hours, across closings and both changes of the clock."""

from datetime import UTC, date, datetime, timedelta

from opening_hours import State

from inventory.places.queries import Place

FARTHEST = timedelta(days=400)
LOOK_BACK = timedelta(hours=2)
"""In the hour that the clock shows twice, the library takes every beginning for the second pass: it is asked from
before that hour on, and what lies before the instant is left out here. An opening or closing that itself lies in that
hour, as of a bar that closes at 02:30, stands at its second pass."""


def after_open_minutes(place: Place, start: datetime, minutes: int) -> datetime:
    """Return the instant (UTC) at which `minutes` of opening time have passed since `start`.

    A store that is closed for months, for works or until the season, is promised for the days after it opens again. One
    that does not open within four hundred days is counted as if it never closed: a late promise is better than none.
    """
    left, start = timedelta(minutes=minutes), start.astimezone(UTC)
    for begin, end, state, _comment in place.hours.intervals(place.local(start - LOOK_BACK)):
        opens = max(begin.astimezone(UTC), start)
        if opens - start > FARTHEST:
            break
        if state != State.OPEN or (end is not None and end.astimezone(UTC) <= start):
            continue
        if end is None or opens + left <= end.astimezone(UTC):  # no end: the store never closes again
            return opens + left
        left -= end.astimezone(UTC) - opens
    return start + timedelta(minutes=minutes)


def open_minutes_between(place: Place, start: datetime, end: datetime) -> int:
    """Return how many whole minutes the store is open between two instants; 0 when `end` is not after `start`."""
    open_for = timedelta()
    start, end = start.astimezone(UTC), end.astimezone(UTC)  # in one zone alone, so that differences are real time
    if end > start:
        for begin, until, state, _comment in place.hours.intervals(place.local(start - LOOK_BACK), place.local(end)):
            if state == State.OPEN:
                closes = min(end, until.astimezone(UTC)) if until else end
                open_for += max(timedelta(), closes - max(start, begin.astimezone(UTC)))
    return open_for // timedelta(minutes=1)


def end_of_day(place: Place, start: datetime, days: int) -> datetime:
    """Return the last second (UTC) of the local day that is `days` after the local day of `start`."""
    day = place.local(start).date() + timedelta(days=days + 1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=place.zone)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def is_open(place: Place, at: datetime) -> bool:
    """Whether the store is open at an instant."""
    return bool(place.hours.is_open(place.local(at)))


def last_closing(place: Place, start: datetime, days: int) -> datetime:
    """Return when the store closes (UTC) on the first day it opens, counted from the local day that is `days` after the
    local day of `start`: never a moment at which nobody could come.

    A day that does not close counts to its last second. A store that does not open within four hundred days is counted
    as if that day were open.
    """
    first = place.local(start).date() + timedelta(days=days)
    for ahead in range(FARTHEST.days + 1):
        closing = _closing_on(place, first + timedelta(days=ahead))
        if closing:
            return closing
    return end_of_day(place, start, days)


def closing_of_opening(place: Place, start: datetime, openings: int) -> datetime:
    """Return when the store closes (UTC) on the n-th day it opens (`openings`, one at least) after the local day of
    `start`. A break at noon ends no day.

    A store that opens too rarely, or never again, is counted as if it opened every day.
    """
    day = place.local(start).date() + timedelta(days=1)
    for left in range(openings, 0, -1):
        opens = _opens_from(place, day)
        if opens is None:
            break
        day = place.local(opens).date()
        closing = _closing_on(place, day)
        if closing and left == 1:
            return closing
        day += timedelta(days=1)
    return end_of_day(place, start, openings)


def _opens_from(place: Place, day: date) -> datetime | None:
    """Return the first instant from a day's midnight on at which the store is open; None when that is far away."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=place.zone)
    for begin, _end, state, _comment in place.hours.intervals(midnight):
        opens = max(begin.astimezone(UTC), midnight.astimezone(UTC))
        if opens - midnight.astimezone(UTC) > FARTHEST:
            break
        if state == State.OPEN:
            return opens
    return None


def _closing_on(place: Place, day: date) -> datetime | None:
    """Return when the store closes last on a day of its own calendar (UTC); None when it does not open on it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=place.zone)
    after = day + timedelta(days=1)
    next_midnight = datetime(after.year, after.month, after.day, tzinfo=place.zone).astimezone(UTC)
    closing = None
    for begin, end, state, _comment in place.hours.intervals(midnight):
        if begin.astimezone(UTC) >= next_midnight:
            break
        if state == State.OPEN:
            closing = min(end.astimezone(UTC) if end else next_midnight, next_midnight)
    return closing - timedelta(seconds=1) if closing == next_midnight else closing


def next_opening(place: Place, start: datetime) -> datetime | None:
    """Return when the store opens next (UTC), or None when it is open or never opens."""
    if is_open(place, start):
        return None
    change = place.hours.next_change(place.local(start))
    return change.astimezone(UTC) if change else None
