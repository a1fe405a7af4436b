"""The made-up house around the published panel: VAT rates, loyalty programme, stores with their hold places."""

from datetime import date

from inventory.places.models import HoldPlace, Location
from loyalty.models import Account, Programme
from loyalty.services.earning import found_programme
from omni.demo.departments import RATES
from omni.demo.places import HOLD_PLACES, TERRITORY, TIME_ZONE, Place, places
from orders.pricing.models import VatRate

PROGRAMME = "points"
RATES_START_ON = date(2014, 1, 1)
"""The day from which the French rates of departments.RATES hold."""


def ensure_rates() -> None:
    for vat_class, rate in RATES.items():
        VatRate.objects.get_or_create(
            territory=TERRITORY, vat_class=vat_class, starts_on=RATES_START_ON, defaults={"rate": rate}
        )


def ensure_programme() -> tuple[Programme, Account]:
    """The programme and the account that it issues points from."""
    programme = found_programme(code=PROGRAMME, name="Points Vernet")
    return programme, Account.objects.get(programme=programme, kind=Account.Kind.ISSUE)


def ensure_stores(store_ids: list[int]) -> dict[int, Location]:
    """Every store of the panel with its hold places, found by its code; returns them by their published number."""
    sites = places(store_ids)
    wanted = {place.code for place in sites.values()}
    known = set(Location.objects.filter(code__in=wanted).values_list("code", flat=True))
    new = Location.objects.bulk_create(_location(place) for place in sites.values() if place.code not in known)
    HoldPlace.objects.bulk_create(
        HoldPlace(location=location, name=name, kind=kind, directions=directions, position=position)
        for location in new
        for position, (name, kind, directions) in enumerate(HOLD_PLACES)
    )
    stores = {location.code: location for location in Location.objects.filter(code__in=wanted)}
    return {store: stores[place.code] for store, place in sites.items()}


def _location(place: Place) -> Location:
    return Location(
        code=place.code,
        short_code=place.short_code,
        name=place.name,
        address=place.street,
        postal_code=place.postal_code,
        town=place.town,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=TIME_ZONE,
        opening_hours=place.hours,
        territory=TERRITORY,
        invented=True,
    )
