"""`/api/v1/availability/`: how many of which sku, in which store, how far, how old the figure is."""

import json
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from math import isfinite
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.catalog import queries as catalog
from inventory.places import hours, workload
from inventory.places.queries import Place, all_places, places_of
from inventory.places.workload import NOTHING
from inventory.stock.queries import availability
from omni.lib import reference
from omni.lib.answers import instant
from omni.lib.errors import BadRequest, Problem
from omni.staff.access import Actor, acting

MOST_SKUS = 100
FARTHEST_KM = 20_000.0
PARAMETERS = {"sku", "near", "radius_km"}
Figures = dict[int, dict[str, str]]
"""Variant id → location id as text → members of a JSON object."""
NO_FIGURES = '"available":0,"version":0,"changed_at":null'


class Availability(APIView):
    """Availability of some skus in the key's stores, in one statement whatever their number."""

    scopes = {"GET": "availability.view"}
    flags: frozenset[str] = frozenset({"pickup"})
    """Parameters that are 1 or left out."""

    def get(self, request: Request) -> HttpResponse:
        """Answer `?sku=A&sku=B[&near=lat,lon][&radius_km=][&pickup=1]`: per sku its stores.

        Nearest first when `near` is given; with `pickup` those that are open today and offer it, and when an order of
        this instant would be ready there.
        """
        skus, near, radius = read_question(request.query_params, self.flags)
        offers = catalog.offers(("sku", sku) for sku in skus)
        unknown = [sku for sku in skus if ("sku", sku) not in offers]
        if unknown:
            problems = [
                Problem("sku", "unknown", _("There is no article “%(code)s”.") % {"code": sku}) for sku in unknown
            ]
            raise BadRequest(_("Some articles are unknown."), problems=problems)
        if "pickup" in request.query_params:
            stores = heads_for_pickup(acting(request), near, radius, timezone.now())
        else:
            stores = heads(acting(request), near, radius)
        variants = {offers["sku", sku].variant_id: sku for sku in skus}
        everywhere = len(stores) == len(all_places())
        found = self.figures(request, variants, None if everywhere else [int(pk) for pk, _head in stores])
        return _unless_known(request, _in_json(variants, stores, found).encode())

    def figures(self, _request: Request, variant_ids: Collection[int], places: Collection[int] | None) -> Figures:
        """Return what is said of each variant in these places (None: all there are)."""
        return availability(variant_ids, places)


def read_question(
    query: QueryDict, flags: frozenset[str]
) -> tuple[list[str], tuple[float, float] | None, float | None]:
    """Return skus, point and radius in km. Raises `BadRequest` with every problem."""
    problems = [
        Problem(name[:60], "unknown_field", _("There is no such field.")) for name in set(query) - PARAMETERS - flags
    ]
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
    for flag in sorted(flags.intersection(query)):
        if query[flag] != "1":
            problems.append(Problem(flag, "malformed", _("Send %(flag)s=1, or leave it out.") % {"flag": flag}))
    if problems:
        raise BadRequest(_("The question cannot be read."), problems=problems)
    return skus, near, radius


def _unless_known(request: Request, body: bytes) -> HttpResponse:
    """Answer with the figures, or 304 when the caller has exactly these."""
    mark = f'"{sha256(body).hexdigest()[:24]}"'
    known = request.META.get("HTTP_IF_NONE_MATCH")  # request.headers would read every header for this one
    same = known is not None and mark in {one.strip().removeprefix("W/") for one in known.split(",")}
    answer = HttpResponse(status=304) if same else HttpResponse(body, content_type="application/json")
    answer["ETag"] = mark
    return answer


Head = tuple[str, str]
"""A store's id as text and what is said of it in every item, as members of a JSON object."""


def heads(actor: Actor, near: tuple[float, float] | None, radius: float | None) -> list[Head]:
    """Return the actor's stores: by name, or nearest first within the radius in km when there is a point."""
    if near is not None:
        return [_head(place, distance) for place, distance in stores_near(actor, near, radius)]
    return reference.remember("heads", [actor.store_ids], _load_heads)[actor.store_ids]


def heads_for_pickup(actor: Actor, near: tuple[float, float] | None, radius: float | None, now: datetime) -> list[Head]:
    """Return the actor's stores that offer pickup and open today, with the instant at which an order of now would be
    ready, as `inventory.places.workload` counts it for one piece."""
    far = stores_near(actor, near, radius) if near else [(one, None) for one in places_of(actor.store_ids)]
    open_today = [pair for pair in far if pair[0].offers_pickup and hours.opens_today(pair[0], now)]
    queues = workload.of([there.id for there, _distance in open_today])
    return [
        _head(there, distance, workload.ready_at(there, now, waiting=queues.get(there.id, NOTHING)))
        for there, distance in open_today
    ]


def stores_near(actor: Actor, near: tuple[float, float], radius: float | None) -> list[tuple[Place, float]]:
    """Return the actor's stores within the radius, nearest first, with their distance in km."""
    far = sorted(((one, one.distance_km(*near)) for one in places_of(actor.store_ids)), key=lambda pair: pair[1])
    return [(place, distance) for place, distance in far if radius is None or distance <= radius]


def _load_heads(wanted: list[frozenset[int]]) -> dict[frozenset[int], list[Head]]:
    return {stores: [_head(place, None) for place in places_of(stores)] for stores in wanted}


def _head(place: Place, distance: float | None, ready_at: datetime | None = None) -> Head:
    known: dict[str, Any] = {
        "store": place.code,
        "name": place.name,
        "pickup": place.offers_pickup,
        "distance_km": None if distance is None else round(distance, 1),
    }
    if ready_at:
        known["ready_at"] = instant(ready_at)
    return str(place.id), json.dumps(known, ensure_ascii=False, separators=(",", ":"))[1:-1]


def _in_json(variants: dict[int, str], stores: list[Head], found: dict[int, dict[str, str]]) -> str:
    """Return the answer, put together by hand out of finished members: it may hold thousands of stores."""
    items = []
    for pk, sku in variants.items():
        figures = found.get(pk, {})
        entries = "},{".join([f"{head},{figures.get(place_id, NO_FIGURES)}" for place_id, head in stores])
        items.append(f'{{"sku":{json.dumps(sku)},"stores":[{f"{{{entries}}}" if stores else ""}]}}')
    return f'{{"items":[{",".join(items)}]}}'


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
