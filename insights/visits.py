"""Beside a day's figures: who did not come for what they had ordered, and what those who came said of it."""

from datetime import datetime, timedelta
from typing import Any

from insights.queries import Day, midnight
from omni.templatetags.omni import figure
from orders.fulfilment.waiting import queries
from orders.fulfilment.waiting.counter_screens import no_show_line
from orders.fulfilment.waiting.queries import NoShows


def of_day(day: Day) -> list[dict[str, Any]]:
    """Return, per store where there is something to tell, the pickups that nobody collected in the year that ended
    with this day, and the visits rated on it. Two statements."""
    stores = [store.id for store in day.stores]
    values = day.values()
    missed = queries.no_shows_of_stores(stores, _end(day))
    rated = queries.ratings_of_stores(stores, values["begins"], values["ends"])
    return [
        {
            "name": store.name,
            "no_shows": no_show_line(missed.get(store.id, NoShows())),
            "visits": rated.get(store.id, (0, 0))[0],
            "stars": _average(*rated.get(store.id, (0, 0))),
        }
        for store in day.stores
        if store.id in missed or store.id in rated
    ]


def _end(day: Day) -> datetime:
    """Return the end of the day where it ends last, or now."""
    return min([day.now, max((midnight(day.on + timedelta(days=1), one) for one in day.stores), default=day.now)])


def _average(visits: int, stars: int) -> str:
    return figure(round(stars / visits, 1)) if visits else ""
