"""`GET /api/v1/relay-points/`: where a parcel can wait for its owner, near a place or in a postal code."""

import math
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from omni.lib.answers import as_json
from omni.lib.errors import BadRequest, Problem
from orders.parcels.relays.directory import directory
from orders.parcels.relays.port import RelayPoint

MOST_POINTS = 20
PARAMETERS = {"near", "postal_code"}


class RelayPoints(APIView):
    """Look relay points up."""

    scopes = {"GET": "orders.place"}

    def get(self, request: Request) -> HttpResponse:
        """Answer `?near=48.886,2.319` (WGS 84) with the nearest twenty and how far they are, the nearest first, or
        `?postal_code=75017` with those of a postal code, by name."""
        near, postal_code = _read(request.query_params)
        points = directory()
        if near:
            items = [_point(one, round(distance, 1)) for one, distance in points.near(*near, MOST_POINTS)]
        else:
            items = [_point(one, None) for one in points.in_postal_code(postal_code, MOST_POINTS)]
        return as_json({"items": items})


def _point(one: RelayPoint, distance_km: float | None) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "line": one.line,
        "postal_code": one.postal_code,
        "town": one.town,
        "country": one.country,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "hours": one.hours,
        "distance_km": distance_km,
    }


def _read(query: QueryDict) -> tuple[tuple[float, float] | None, str]:
    """Return the coordinates, or the postal code. Raises `BadRequest` with every problem."""
    problems = [Problem(name[:60], "unknown_field", _("There is no such field.")) for name in set(query) - PARAMETERS]
    near, postal_code = str(query.get("near", "")), str(query.get("postal_code", "")).strip()
    here = _coordinates(near)
    if bool(near) == bool(postal_code):
        problems.append(Problem("near", "required", _("Ask near a place, or for a postal code: one of the two.")))
    elif near and here is None:
        message = _("Send latitude and longitude in degrees, such as 48.886,2.319.")
        problems.append(Problem("near", "not_a_place", message))
    elif len(postal_code) > 12 or "\x00" in postal_code:
        problems.append(Problem("postal_code", "too_long", _("This is no postal code.")))
    if problems:
        raise BadRequest(_("The question cannot be read."), problems=problems)
    return here, postal_code


def _coordinates(text: str) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = math.isfinite(latitude) and abs(latitude) <= 90 and math.isfinite(longitude) and abs(longitude) <= 180
    return (latitude, longitude) if inside else None
