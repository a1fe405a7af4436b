"""When an offer can be booked: slots one after the other inside rhythm and opening hours, on the store's own clock.

Nothing is kept of a slot but who is in it: hours, special days and rhythm count as they are when somebody asks.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from inventory.places.openings import Openings, Stretch
from inventory.places.queries import Place
from orders.appointments.models import Offer

MOST_RHYTHMS = 256


@dataclass(frozen=True)
class Slot:
    """From when to when, in UTC, and how many seats are free."""

    starts_at: datetime
    ends_at: datetime
    free: int = 0


def midnight(place: Place, day: date) -> datetime:
    """Return the first instant of a day of the store, in UTC."""
    return datetime.combine(day, time(), tzinfo=place.zone).astimezone(UTC)


def of_day(place: Place, offer: Offer, day: date) -> list[Slot]:
    """Return the slots that begin on a day of the store, whether taken or not.

    Each stretch of the day begins a row of slots of the offer's length, counted in minutes that pass: where the clock
    is put forward an hour has no slots, where it is put back one hour has them twice. A slot ends before the store
    closes; a stretch over midnight begins a new row there.
    """
    begins, ends = midnight(place, day), midnight(place, day + timedelta(days=1))
    length = timedelta(minutes=offer.minutes)
    found = []
    for first, last in stretches(place, offer, begins, ends + length):
        start = max(first, begins)
        while start < ends and start + length <= last:
            found.append(Slot(start, start + length))
            start += length
    return found


def stretches(place: Place, offer: Offer, begins: datetime, ends: datetime) -> list[Stretch]:
    """Return when the store is open and offers the service between two instants, in UTC."""
    opened = list(place.openings.between(begins, ends))
    if not offer.rhythm:
        return opened
    rhythm = list(_rhythm(offer.rhythm, place.zone).between(begins, ends))
    both = ((max(one[0], other[0]), min(one[1], other[1])) for one in opened for other in rhythm)
    return [(first, last) for first, last in both if first < last]


@lru_cache(MOST_RHYTHMS)
def _rhythm(text: str, zone: ZoneInfo) -> Openings:
    return Openings(OpeningHours(text, timezone=zone), zone)
