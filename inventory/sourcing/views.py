"""Why this store: the same question that an order asks, tried by a person. Nothing is reserved."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.places.queries import all_places, place, place_by_code, places_of
from inventory.sourcing import screens
from inventory.sourcing.forms import QuestionForm
from inventory.sourcing.screens import Question
from omni.staff.access import requires
from omni.staff.stores import current_store_id


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


def _answered(asked: dict[str, Any], place_ids: list[int], at: datetime) -> dict[str, Any]:
    origin = place_by_code(asked["near"])
    if origin is None:  # closed for good since the page was drawn
        return {}
    emptied = place_by_code(asked["without"]) if asked["without"] else None
    question = Question(asked["code"], asked["units"], asked["way"], origin, emptied, place_ids, at)
    return screens.answered(question)
