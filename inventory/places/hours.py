"""Time counted in a store's opening hours, across closings and both changes of the clock."""

from datetime import UTC, datetime, timedelta

from opening_hours import State

from inventory.places.queries import Place

FARTHEST = timedelta(days=60)


def after_open_minutes(place: Place, start: datetime, minutes: int) -> datetime:
    """Return the instant (UTC) at which `minutes` of opening time have passed since `start`.

    A store that does not open within sixty days is counted as if it never closed: a late promise is better than none.
    """
    left = timedelta(minutes=minutes)
    for begin, end, state, _comment in place.hours.intervals(place.local(start)):
        opens = max(begin.astimezone(UTC), start.astimezone(UTC))
        if opens - start > FARTHEST:
            break
        if state != State.OPEN:
            continue
        if end is None or opens + left <= end.astimezone(UTC):  # no end: the store never closes again
            return opens + left
        left -= end.astimezone(UTC) - opens
    return start.astimezone(UTC) + timedelta(minutes=minutes)


def end_of_day(place: Place, start: datetime, days: int) -> datetime:
    """Return the last second (UTC) of the local day that is `days` after the local day of `start`."""
    day = place.local(start).date() + timedelta(days=days + 1)
    midnight = datetime(day.year, day.month, day.day, tzinfo=place.zone)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def next_opening(place: Place, start: datetime) -> datetime | None:
    """Return when the store opens next (UTC), or None when it is open or never opens."""
    if place.hours.is_open(place.local(start)):
        return None
    change = place.hours.next_change(place.local(start))
    return change.astimezone(UTC) if change else None
