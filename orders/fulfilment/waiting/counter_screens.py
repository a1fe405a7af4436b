"""What the store sees of those who wait and of what goes back to the shelf, as plain values."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inventory.places.queries import Place, place
from omni.staff.once import new_key
from omni.templatetags.omni import clock, moment, percent
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting import queries
from orders.fulfilment.waiting.models import Arrival
from orders.fulfilment.waiting.queries import Arrived, Bag, NoShows

LONG = 5
"""Minutes after which somebody has waited too long."""


def arrivals(store: Place, now: datetime) -> list[dict[str, Any]]:
    """Return who is there, whoever waits longest first. One statement."""
    return [_arrived(one, store, now) for one in queries.arrived(store.id)]


def _arrived(one: Arrived, store: Place, now: datetime) -> dict[str, Any]:
    minutes = one.minutes(now)
    return {
        "short_id": one.short_id,
        "customer_name": one.customer,
        "spot": Arrival.Spot(one.spot).label,
        "outside": one.spot == Arrival.Spot.DOOR,
        "note": one.note,
        "places": [one.place] if one.place else [],
        "since": clock(one.arrived_at, store.zone),
        "waited": waited(minutes),
        "state": "late" if minutes >= LONG else "at_risk",
        "url": reverse("hand-over", args=[one.public_id]),
    }


def waited(minutes: int) -> str:
    """Return how long somebody has waited, in words."""
    if minutes < 1:
        return _("here since just now")
    return ngettext("here for %(number)s minute", "here for %(number)s minutes", minutes) % {"number": minutes}


def arrival_of(fulfilment: Fulfilment, now: datetime) -> dict[str, Any] | None:
    """Return where the customer of a pickup stands, when they said that they are there. One statement."""
    if fulfilment.status != Fulfilment.Status.READY:
        return None
    found = Arrival.objects.filter(fulfilment=fulfilment, ended_at=None).first()
    if found is None:
        return None
    minutes = max(0, int((now - found.arrived_at).total_seconds() // 60))
    return {
        "spot": found.get_spot_display(),
        "note": found.note,
        "since": clock(found.arrived_at, place(fulfilment.location_id).zone),
        "waited": waited(minutes),
        "state": "late" if minutes >= LONG else "at_risk",
    }


def put_back(store: Place) -> dict[str, Any]:
    """Return the context of the list of bags to empty. Two statements."""
    return {
        "store": store,
        "back_url": reverse("today"),
        "scan_url": reverse("put-back-scans"),
        "scan_hint": _("Scanner ready. Each scan puts one piece back."),
        "bags": [_bag(one, store) for one in queries.bags(store.id)],
        "done": [
            {"short_id": one.short_id, "text": f"{one.done_by}, {moment(one.done_at, store.zone)}"}
            for one in queries.put_back_lately(store.id)
        ],
    }


def _bag(bag: Bag, store: Place) -> dict[str, Any]:
    return {
        "id": bag.id,
        "short_id": bag.short_id,
        "place": bag.place,
        "why": _why(bag),
        "since": moment(bag.since, store.zone),
        "left": sum(one.left for one in bag.pieces),
        "pieces": bag.pieces,
        "url": reverse("put-back-bag", args=[bag.id]),
        "idempotency_key": new_key(),
    }


def _why(bag: Bag) -> str:
    if bag.reserved:
        return pgettext("reservation", "Ended unused") if bag.expired else pgettext("reservation", "Released")
    return pgettext("pickup", "Not collected") if bag.expired else pgettext("pickup", "Cancelled")


def no_show_line(found: NoShows) -> dict[str, str] | None:
    """Return the rate of pickups that nobody collected, with the figures it is made of; None where there were none."""
    if not found.ended:
        return None
    return {
        "rate": percent(100 * found.expired // found.ended),
        "counts": ngettext(
            "%(expired)s of %(ended)s pickup not collected",
            "%(expired)s of %(ended)s pickups not collected",
            found.ended,
        )
        % {"expired": found.expired, "ended": found.ended},
        "definition": _(
            "Pickups that were ready and not collected in time, out of all that were collected or not within the last"
            " 365 days. What was cancelled before does not count."
        ),
    }
