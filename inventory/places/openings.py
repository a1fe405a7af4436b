"""When a store is open, in stretches of real time (UTC): the one place that counts with the library of hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

Stretch = tuple[datetime, datetime]
"""From when until when, in UTC."""

FARTHEST = timedelta(days=400)
NEVER = datetime.max.replace(tzinfo=UTC)
"""When a store closes that does not close within `FARTHEST`."""
WEEK = timedelta(days=7)
MOST_WEEKS = 16
LOOK_BACK = timedelta(hours=2)
"""In the hour that the clock shows twice, the library takes every beginning for the second pass: it is asked from
before that hour on, and what lies before the instant is left out here. An opening or closing that itself lies in that
hour, as of a bar that closes at 02:30, stands at its second pass."""


class Openings:
    """The opening hours of one store. The week from each day that is asked for is remembered: a promise, a slot or a
    place that may serve is asked for a thousand times a minute, and to read hours anew takes ten times as long."""

    def __init__(self, hours: OpeningHours, zone: ZoneInfo) -> None:
        self._hours, self._zone = hours, zone
        self._weeks: dict[date, tuple[list[Stretch], datetime]] = {}

    def since(self, start: datetime) -> Iterator[Stretch]:
        """Yield when the store is open from `start` on, in order, for `FARTHEST` at least. Neighbours are one stretch:
        a rule that begins where another ends does not close the door."""
        start = start.astimezone(UTC)
        week, until = self._week(start.date())
        for opens, closes in week:
            if closes > start:
                yield (opens if opens > start else start), closes
        if until != NEVER:
            yield from self._read(until)

    def between(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield when the store is open between two instants."""
        end = end.astimezone(UTC)
        for opens, closes in self.since(start):
            if opens >= end:
                return
            yield opens, min(closes, end)

    def _week(self, day: date) -> tuple[list[Stretch], datetime]:
        """Return what begins within a week of a UTC day's midnight, and from when on more is to be read."""
        known = self._weeks.get(day)
        if known is None:
            if len(self._weeks) >= MOST_WEEKS:
                self._weeks.clear()
            midnight = datetime.combine(day, time(), tzinfo=UTC)
            until, found = midnight + WEEK, []
            for opens, closes in self._read(midnight):
                if opens >= until:
                    break
                found.append((opens, closes))
            known = self._weeks[day] = found, max(until, found[-1][1]) if found else until
        return known

    def _read(self, start: datetime) -> Iterator[Stretch]:
        far = start + FARTHEST
        held: Stretch | None = None
        for begin, end, state, _comment in self._hours.intervals(self._local(start - LOOK_BACK), self._local(far)):
            closes = end.astimezone(UTC) if end else NEVER
            if state != State.OPEN or closes <= start:
                continue
            stretch = max(begin.astimezone(UTC), start), NEVER if closes >= far - LOOK_BACK else closes
            if held and stretch[0] <= held[1]:
                held = held[0], max(held[1], stretch[1])
                continue
            if held:
                yield held
            held = stretch
        if held:
            yield held

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)
