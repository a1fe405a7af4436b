"""Why this store: the same question that an order asks, tried by a person. Nothing is reserved."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from inventory.places.queries import all_places, place, place_by_code, places_of
from inventory.sourcing import words
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.facts import Explanation
from inventory.sourcing.forms import QuestionForm
from inventory.sourcing.services.asking import ask
from omni.staff.access import requires
from omni.staff.stores import current_store_id

CRITERIA = {"distance": _("Distance"), "delay": _("Delay"), "load": _("Load"), "priority": _("Priority")}


@requires("stock.view")
@require_http_methods(["GET"])
def why(request: Any) -> HttpResponseBase:
    """Ask in the address, answer below: who serves it, who was scored, which rule ruled the others out.

    Every place of the house is asked, as the stock page shows every place: one store alone explains nothing.
    """
    here, stores = place(current_store_id(request)), places_of(all_places())
    form = QuestionForm(request.GET, stores=stores, here=here)
    context = {"store": here, "form": form}
    if form.is_valid():
        context |= _answered(form.cleaned_data, [one.id for one in stores], timezone.now())
    return render(request, "sourcing/why.html", context, status=422 if form.errors else 200)


def _answered(asked: dict[str, Any], location_ids: list[int], at: datetime) -> dict[str, Any]:
    origin, offer = place_by_code(asked["near"]), asked["code"]
    if origin is None:  # closed for good since the page was drawn
        return {}
    try:
        plan, rules = ask(
            wanted={offer.variant_id: asked["units"]},
            way=asked["way"],
            near=(origin.latitude, origin.longitude),
            location_ids=location_ids,
            at=at,
        )
    except RulesMissing as missing:
        return {"refused": missing.message}
    return {
        "article": offer.name,
        "sentence": words.of_plan(plan),
        "criteria": [{"name": CRITERIA[name], "weight": weight} for name, weight in rules.weights.items()],
        "rows": [_row(one, offer.variant_id, asked["way"]) for one in plan.explanations],
    }


def _row(one: Explanation, variant_id: int, way: str) -> dict[str, Any]:
    there = place(one.candidate.place_id)
    return {
        "name": there.name,
        "zone": there.zone,
        "chosen": one.chosen,
        "available": one.candidate.has.get(variant_id, 0),
        "ready_at": one.candidate.ready_at,
        "kilometres": words.kilometres(one.candidate.metres),
        "points": [words.points(units) for units in one.points.values()],
        "total": words.points(one.total),
        "out": words.of_candidate(one, way) if one.ruled_out else "",
    }
