"""`/api/v1/availability/`: how many of which sku, in which store, how far, how old the figure is."""

import json
from math import isfinite

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.catalog import queries as catalog
from inventory.places.queries import Place, all_places, places_of
from inventory.stock.queries import Available, availability
from omni.lib import reference
from omni.lib.errors import BadRequest, Problem
from omni.staff.access import Actor, acting

MOST_SKUS = 100
FARTHEST_KM = 20_000.0
PARAMETERS = {"sku", "near", "radius_km"}
NO_FIGURES = '"available":0,"version":0,"changed_at":null'


class Availability(APIView):
    """Availability of some skus in the key's stores, in one statement whatever their number."""

    scopes = {"GET": "availability.view"}

    def get(self, request: Request) -> HttpResponse:
        """Answer `?sku=A&sku=B[&near=lat,lon][&radius_km=]`: per sku its stores, nearest first when `near` is given."""
        skus, near, radius = read_question(request.query_params)
        offers = catalog.offers(("sku", sku) for sku in skus)
        unknown = [sku for sku in skus if ("sku", sku) not in offers]
        if unknown:
            problems = [
                Problem("sku", "unknown", _("There is no article “%(code)s”.") % {"code": sku}) for sku in unknown
            ]
            raise BadRequest(_("Some articles are unknown."), problems=problems)
        stores = stores_near(acting(request), near, radius)
        variants = {offers["sku", sku].variant_id: sku for sku in skus}
        everywhere = len(stores) == len(all_places())
        found = availability(variants, None if everywhere else [place.id for place, _ in stores])
        return HttpResponse(_in_json(variants, stores, found), content_type="application/json")


def read_question(query: QueryDict) -> tuple[list[str], tuple[float, float] | None, float | None]:
    """Return skus, point and radius in km. Raises `BadRequest` with every problem."""
    problems = [Problem(name[:60], "unknown_field", _("There is no such field.")) for name in set(query) - PARAMETERS]
    skus = list(dict.fromkeys(query.getlist("sku")))
    if not 1 <= len(skus) <= MOST_SKUS or any("\x00" in sku for sku in skus):
        problems.append(Problem("sku", "required", _("Ask for 1 to %(most)s skus.") % {"most": MOST_SKUS}))
    near, radius = None, None
    if "near" in query:
        near = _point(str(query["near"]))
        if near is None:
            problems.append(Problem("near", "malformed", _("Send a latitude and a longitude, as in 50.63,3.06.")))
    if "radius_km" in query:
        radius = _number(str(query["radius_km"]))
        if radius is None or not 0 < radius <= FARTHEST_KM or "near" not in query:
            problems.append(Problem("radius_km", "malformed", _("Send a positive distance, together with near.")))
    if problems:
        raise BadRequest(_("The question cannot be read."), problems=problems)
    return skus, near, radius


def stores_near(
    actor: Actor, near: tuple[float, float] | None, radius: float | None
) -> list[tuple[Place, float | None]]:
    """Return the actor's stores with their distance in km, nearest first, within the radius; by name without a
    point."""
    places = places_of(actor.store_ids)
    if near is None:
        return [(place, None) for place in places]
    far = sorted(((place, place.distance_km(*near)) for place in places), key=lambda one: one[1])
    return [(place, distance) for place, distance in far if radius is None or distance <= radius]


def _in_json(variants: dict[int, str], stores: list[tuple[Place, float | None]], found: list[Available]) -> str:
    """Return the answer, put together by hand: it may hold thousands of stores, whose texts are all the same as a
    moment ago. What stands in it unquoted is a number of ours."""
    known = reference.remember("stores_in_json", [0], lambda _: {0: _stores_in_json()})[0]
    heads = [
        (place.id, f'{known[place.id]},"distance_km":{"null" if far is None else round(far, 1)}')
        for place, far in stores
    ]
    figures = {
        (variant_id, location_id): f'"available":{available},"version":{version},"changed_at":"{changed_at}"'
        for variant_id, location_id, available, version, changed_at in found
    }
    items = []
    for pk, sku in variants.items():
        entries = ",".join([f"{{{head},{figures.get((pk, place_id), NO_FIGURES)}}}" for place_id, head in heads])
        items.append(f'{{"sku":{json.dumps(sku)},"stores":[{entries}]}}')
    return f'{{"items":[{",".join(items)}]}}'


def _stores_in_json() -> dict[int, str]:
    named = {
        place.id: {"store": place.code, "name": place.name, "pickup": place.offers_pickup}
        for place in all_places().values()
    }
    return {pk: json.dumps(store, ensure_ascii=False)[1:-1] for pk, store in named.items()}


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _point(text: str) -> tuple[float, float] | None:
    latitude, _comma, longitude = text.partition(",")
    north, east = _number(latitude), _number(longitude)
    if north is None or east is None or not (-90 <= north <= 90 and -180 <= east <= 180):
        return None
    return north, east
