"""Stores as every request needs them, remembered in the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from opening_hours import OpeningHours

from inventory.places.distance import distance_km
from inventory.places.models import HoldPlace, Location, SpecialDay
from inventory.places.openings import Openings
from inventory.places.special_days import with_days
from omni.lib import reference


@dataclass(frozen=True)
class Place:
    """What a process remembers of a location."""

    id: int
    code: str
    short_code: str
    name: str
    kind: str
    address: str
    postal_code: str
    town: str
    latitude: float
    longitude: float
    zone: ZoneInfo
    hours: OpeningHours
    hours_text: str
    territory: str
    offers_pickup: bool
    offers_shipping: bool
    pickup_minutes: int
    keep_days: int
    reservation_openings: int = 1
    extensions: int = 1
    extension_days: int = 7
    reminder_days: tuple[int, ...] = (2, 5)
    special_days: tuple[SpecialDay, ...] = ()
    minutes_per_order: int = 4
    minutes_per_piece: int = 1
    people_by_day: tuple[int, ...] = (1,) * 7
    warn_minutes: int = 20
    overdue_minutes: int = 30

    @cached_property
    def openings(self) -> Openings:
        """When it is open, in real time."""
        return Openings(self.hours, self.zone)

    @property
    def address_line(self) -> str:
        """Street, postal code and town in one line, as much of it as is known."""
        return ", ".join(part for part in (self.address, f"{self.postal_code} {self.town}".strip()) if part)

    def distance_km(self, latitude: float, longitude: float) -> float:
        """Return the great-circle distance in kilometres."""
        return distance_km((self.latitude, self.longitude), (latitude, longitude))

    def local(self, instant: datetime) -> datetime:
        """Return the instant on the clock that hangs in the store."""
        return instant.astimezone(self.zone)


def all_places() -> dict[int, Place]:
    """Return every location by id."""
    return reference.remember("places", [0], lambda _: {0: _load_places()})[0]


def place(location_id: int) -> Place:
    """Return one location. Raises KeyError for an id that does not exist."""
    return all_places()[location_id]


def place_by_code(code: str) -> Place | None:
    """Return the location with this code, or None."""
    return reference.remember("places_by_code", [0], lambda _: {0: {one.code: one for one in all_places().values()}})[
        0
    ].get(code)


def places_of(location_ids: Iterable[int]) -> list[Place]:
    """Return the locations by name."""
    known = all_places()
    return sorted((known[pk] for pk in location_ids if pk in known), key=lambda one: one.name)


def hold_places(location_id: int) -> list[HoldPlace]:
    """Return where prepared orders may wait in a store, in the order of its map; not what is retired."""
    return reference.remember(
        "hold_places",
        [location_id],
        lambda keys: {key: list(HoldPlace.objects.filter(location=key, retired_at=None)) for key in keys},
    )[location_id]


def _load_places() -> dict[int, Place]:
    special: dict[int, list[SpecialDay]] = {}
    for day in SpecialDay.objects.filter(on__gte=timezone.now().date() - timedelta(days=1)):
        special.setdefault(day.location_id, []).append(day)
    return {found.pk: _place(found, tuple(special.get(found.pk, ()))) for found in Location.objects.all()}


def _place(found: Location, days: tuple[SpecialDay, ...]) -> Place:
    zone = ZoneInfo(found.time_zone)
    return Place(
        id=found.pk,
        code=found.code,
        short_code=found.short_code,
        name=found.name,
        kind=found.kind,
        address=found.address,
        postal_code=found.postal_code,
        town=found.town,
        latitude=found.latitude,
        longitude=found.longitude,
        zone=zone,
        hours=OpeningHours(with_days(found.opening_hours, days), timezone=zone),
        hours_text=found.opening_hours,
        territory=found.territory,
        offers_pickup=found.offers_pickup,
        offers_shipping=found.offers_shipping,
        pickup_minutes=found.pickup_minutes,
        keep_days=found.keep_days,
        reservation_openings=found.reservation_openings,
        extensions=found.extensions,
        extension_days=found.extension_days,
        reminder_days=tuple(sorted({found.first_reminder_days, found.second_reminder_days} - {0})),
        special_days=days,
        minutes_per_order=found.minutes_per_order,
        minutes_per_piece=found.minutes_per_piece,
        people_by_day=tuple(found.people_by_day),
        warn_minutes=found.warn_minutes,
        overdue_minutes=found.overdue_minutes,
    )
