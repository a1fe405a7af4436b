"""The stock page with how sure its figures are, and what the store should count."""

from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.confidence import screens, words
from inventory.confidence.queries import chances
from inventory.places.queries import Place, place
from inventory.stock import views as below
from inventory.stock.lookup import Answer
from inventory.stock.services import counting
from omni.staff.access import requires
from omni.staff.once import number_of, once
from omni.staff.stores import current_store_id


@requires("stock.view")
@require_http_methods(["GET", "POST"])
def stock(request: Any) -> HttpResponseBase:
    """One page for a question and its answer: how many, why, where else, and how sure that is."""
    return below.page(request, _with_sureness)


def _with_sureness(answer: Answer, store: Place, now: datetime) -> dict[str, Any]:
    """Return what the page says; one statement more for all the places that it shows."""
    shown = below.in_words(answer, store, now)
    there = [one.place.id for one in answer.nearest]
    sure = chances({answer.variant.pk: 1}, [store.id, *there], at=now)
    said = {place_id: words.shown(found[answer.variant.pk], now) for place_id, found in sure.items()}
    rows = [{**row, "sure": said.get(place_id)} for row, place_id in zip(shown["nearest"], there, strict=True)]
    return {**shown, "nearest": rows, "sure": said.get(store.id) if answer.available else None}


@requires("stock.count")
@require_http_methods(["GET", "POST"])
def suggested(request: Any) -> HttpResponseBase:
    """What one's store should count, most worth first; POST begins a count of it."""
    store = place(current_store_id(request))
    if request.method == "GET":
        return render(request, "stock/counts_suggested.html", screens.suggested(store, timezone.now()))
    who, public_id = request.actor.user_id, number_of(request)
    name = _("Count these")
    once(request, lambda: counting.open_count(location_id=store.id, actor_id=who, name=name, public_id=public_id))
    return redirect("count", public_id)
