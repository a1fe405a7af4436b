"""`/api/v1/sourcing/`: who would serve this, and why. A dry run: nothing is reserved."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from inventory.catalog import queries as catalog
from inventory.places.queries import place
from inventory.sourcing import words
from inventory.sourcing.api.reading import read_question
from inventory.sourcing.facts import POINT, Explanation, Plan
from inventory.sourcing.services.asking import ask
from omni.lib.answers import as_json, instant
from omni.lib.reading import body_of
from omni.staff.access import acting


class Sourcing(APIView):
    """Which of the key's stores would serve which line."""

    scopes = {"POST": "availability.view"}

    def post(self, request: Request) -> HttpResponse:
        """Answer `{"lines": [{"sku": "…", "quantity": 2}], "kind": "ship", "near": {"latitude": …, "longitude": …}}`
        (or `"store": "lille"` instead of `near`) with the plan and how each store was judged."""
        actor = acting(request)
        question = read_question(body_of(request), actor)
        plan, _rules = ask(
            wanted=question.wanted,
            way=question.way,
            near=question.near,
            channel=question.channel,
            location_ids=actor.store_ids,
        )
        return as_json(in_json(plan, question.way))


def in_json(plan: Plan, way: str) -> dict[str, Any]:
    """Return the plan as the API says it; a store that passed has points, one that did not has its rule."""
    skus = catalog.skus({pk for parcel in plan.parcels for pk in parcel.lines} | set(plan.unserved))
    ready = {why.candidate.place_id: why.candidate.ready_at for why in plan.explanations}
    return {
        "kind": way,
        "sentence": words.of_plan(plan),
        "proven": plan.proven,
        "parcels": [
            {
                "store": place(parcel.place_id).code,
                "distance_km": round(parcel.metres / 1000, 1),
                "ready_at": instant(ready[parcel.place_id]),
                "lines": [{"sku": skus[pk], "quantity": units} for pk, units in parcel.lines.items()],
            }
            for parcel in plan.parcels
        ],
        "unserved": [{"sku": skus[pk], "quantity": units} for pk, units in plan.unserved.items()],
        "candidates": [_candidate(why, way) for why in plan.explanations],
    }


def _candidate(why: Explanation, way: str) -> dict[str, Any]:
    out = why.ruled_out
    return {
        "store": place(why.candidate.place_id).code,
        "chosen": why.chosen,
        "serves": why.serves,
        "wanted": why.wanted,
        "distance_km": round(why.candidate.metres / 1000, 1),
        "ready_at": instant(why.candidate.ready_at),
        "ruled_out": {"rule": out.rule.kind, "figure": out.rule.figure, "found": out.found} if out else None,
        "points": {name: round(units / POINT, 1) for name, units in why.points.items()},
        "total": round(why.total / POINT, 1),
        "sentence": words.of_candidate(why, way),
    }
