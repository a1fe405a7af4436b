"""The manager's pages: a day in figures, and the rows behind each of them."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights import queries, screens, trend, visits
from insights.figures import FIGURES
from insights.queries import Day
from inventory.places.queries import place_by_code, places_of
from omni.staff.access import requires
from omni.staff.models import Channel

PAGE = 200
MOST_PAGES = 10_000


def today() -> date:
    """Return the day it is in the house."""
    return timezone.localdate(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE))


@requires("insights.view")
@require_GET
def day(request: Any) -> HttpResponseBase:
    """Today; `?day=` is the answer of the page's calendar and goes to that day's own address."""
    asked = request.GET.get("day")
    if asked:
        try:
            return redirect("day-of", date.fromisoformat(asked[:10]))
        except (ValueError, NoReverseMatch):
            raise Http404 from None
    return _page(request, today())


@requires("insights.view")
@require_GET
def day_of(request: Any, on: date) -> HttpResponse:
    """Any day until today."""
    return _page(request, on)


def _day(request: Any, on: date, store_code: str = "") -> Day:
    """The day of the actor's stores, or of one of them. 404 for a day to come, and for a store that is not theirs."""
    stores = places_of(request.actor.store_ids)
    if store_code:
        store = place_by_code(store_code)
        stores = [one for one in stores if store and one.id == store.id]
        if not stores:
            raise Http404
    if on > today():
        raise Http404
    return Day(on, stores, timezone.now())


def _page(request: Any, on: date) -> HttpResponse:
    asked = _day(request, on)
    found = {code: queries.cells(figure, asked) for code, figure in FIGURES.items()}
    lines = {code: trend.points(figure, trend.trend(figure, asked)) for code, figure in FIGURES.items()}
    context = screens.day_context(asked, found, lines, today()) | {"visits": visits.of_day(asked)}
    return render(request, "insights/day.html", context)


@requires("insights.view")
@require_GET
def rows(request: Any, on: date, figure: str) -> HttpResponse:
    """The rows behind one figure of a day, of a store, of a channel; page by page, the total is that of all."""
    asked = FIGURES.get(figure)
    channel = request.GET.get("channel") or None
    if asked is None or (channel and channel not in Channel.values):
        raise Http404
    scope = _day(request, on, request.GET.get("store", ""))
    page = _page_number(request)
    found = queries.rows_behind(asked, scope, channel=channel, limit=PAGE, offset=page * PAGE)
    amount = queries.total(queries.cells(asked, scope), channel=channel)
    context = screens.rows_context(asked, scope, found, amount, channel)
    more = found.all_rows > (page + 1) * PAGE
    return render(
        request,
        "insights/rows.html",
        {
            **context,
            "next_url": _address(request, page + 2) if more else "",
            "first_url": _address(request, 1) if page else "",
        },
    )


def _page_number(request: Any) -> int:
    asked = request.GET.get("page", "1")
    return min(max(int(asked[:9]), 1), MOST_PAGES) - 1 if asked.isascii() and asked.isdigit() else 0


def _address(request: Any, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"{request.path}?{query.urlencode()}"
