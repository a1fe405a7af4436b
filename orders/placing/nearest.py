"""Where else: the nearest store that has what one store lacks."""

from collections.abc import Collection
from dataclasses import dataclass

from inventory.places.queries import Place, places_of
from inventory.stock import queries
from inventory.stock.errors import Short


@dataclass(frozen=True)
class Nearest:
    """A store, its great-circle distance, and whether it has the whole basket or only the short lines."""

    place: Place
    distance_km: float
    has_all: bool


def nearest_store(
    *, origin: Place, units: dict[int, int], short: Collection[Short], location_ids: Collection[int]
) -> Nearest | None:
    """Return the nearest other store with pickup that has the whole basket, else the nearest that has the short
    lines, else None."""
    has = queries.locations_with(units)
    short_ids = {one.variant_id for one in short}
    others = [
        (not set(units) <= has[place.id], origin.distance_km(place.latitude, place.longitude), place)
        for place in places_of(location_ids)
        if place.id != origin.id and place.offers_pickup and short_ids <= has.get(place.id, set())
    ]
    if not others:
        return None
    lacks_some, distance, place = min(others, key=lambda one: one[:2])
    return Nearest(place, round(distance, 1), not lacks_some)
