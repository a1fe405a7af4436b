"""Time counted in a store's opening hours, across closings and both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

from inventory.places.openings import FARTHEST, NEVER
from inventory.places.queries import Place

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def after_open_minutes(place: Place, start: datetime, minutes: int) -> datetime:
    """Return the instant (UTC) at which `minutes` of opening time have passed since `start`.

    A store that is closed for months, for works or until the season, is promised for the days after it opens again. One
    that does not open within four hundred days is counted as if it never closed: a late promise is better than none.
    """
    left, start = timedelta(minutes=minutes), start.astimezone(UTC)
    for opens, closes in place.openings.since(start):
        if opens - start > FARTHEST:
            break
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    return start + timedelta(minutes=minutes)


def open_minutes_between(place: Place, start: datetime, end: datetime) -> int:
    """Return how many whole minutes the store is open between two instants; 0 when `end` is not after `start`."""
    stretches = place.openings.between(start, end)
    return sum((closes - opens for opens, closes in stretches), timedelta()) // timedelta(minutes=1)


def end_of_day(place: Place, start: datetime, days: int) -> datetime:
    """Return the last second (UTC) of the local day that is `days` after the local day of `start`."""
    return _midnight(place, place.local(start).date() + timedelta(days=days + 1)) - SECOND


def is_open(place: Place, at: datetime) -> bool:
    """Whether the store is open at an instant."""
    first = next(place.openings.since(at), None)
    return first is not None and first[0] <= at


def opens_today(place: Place, at: datetime) -> bool:
    """Whether the store is open, or opens later on the same day of its own calendar."""
    first = next(place.openings.since(at), None)
    return first is not None and (first[0] <= at or place.local(first[0]).date() == place.local(at).date())


def next_opening(place: Place, start: datetime) -> datetime | None:
    """Return when the store opens next (UTC), or None when it is open, or does not open within four hundred days."""
    first = next(place.openings.since(start), None)
    return first[0] if first and first[0] > start else None


def next_closing(place: Place, start: datetime) -> datetime | None:
    """Return when a store that is open closes (UTC), or None when it is closed, or does not close within four hundred
    days."""
    first = next(place.openings.since(start), None)
    return first[1] if first and first[0] <= start and first[1] != NEVER else None


def last_closing(place: Place, start: datetime, days: int) -> datetime:
    """Return when the store closes (UTC) on the first day it opens, counted from the local day that is `days` after the
    local day of `start`: never a moment at which nobody could come.

    A day that does not close counts to its last second. A store that does not open within four hundred days is counted
    as if that day were open.
    """
    return _closing_from(place, place.local(start).date() + timedelta(days=days)) or end_of_day(place, start, days)


def closing_of_opening(place: Place, start: datetime, openings: int) -> datetime:
    """Return when the store closes (UTC) on the n-th day it opens (`openings`, one at least) after the local day of
    `start`. A break at noon ends no day.

    A store that opens too rarely, or never again, is counted as if it opened every day.
    """
    day, closing = place.local(start).date() + DAY, None
    for _opening in range(openings):
        closing = _closing_from(place, day)
        if closing is None:
            return end_of_day(place, start, openings)
        day = place.local(closing - SECOND).date() + DAY
    return closing or end_of_day(place, start, openings)


def _closing_from(place: Place, day: date) -> datetime | None:
    """Return when the store closes last (UTC) on the first day from `day` on of its own calendar on which it is open;
    None when that is farther than four hundred days."""
    begins = _midnight(place, day)
    first = next(place.openings.since(begins), None)
    if first is None or first[0] - begins > FARTHEST:
        return None
    midnight = _midnight(place, place.local(first[0]).date() + DAY)
    *_earlier, (_opens, closing) = place.openings.between(first[0], midnight)
    return closing - SECOND if closing == midnight else closing


def _midnight(place: Place, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=place.zone).astimezone(UTC)
