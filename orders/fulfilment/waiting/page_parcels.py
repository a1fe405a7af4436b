"""The parcels of a fulfilment as its customer reads them: how far they are, where to follow them, where they wait."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from inventory.places.queries import Place
from orders.fulfilment import parcel_notices
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting import page_words
from orders.parcels.queries import Standing, stage

STAGES = {"sent": 2, "at_relay": 3, "with_you": 3}


def rows(tracked: Collection[Standing], store: Place) -> list[dict[str, Any]]:
    """Return the parcels that a carrier tells of, each with what it told last."""
    known = [one for one in tracked if one.tracking_number]
    return [
        {
            "title": _("Parcel %(number)s") % {"number": number} if len(known) > 1 else _("Your parcel"),
            "status": one.kind_label,
            "when": page_words.long_moment(store, one.happened_at) if one.happened_at else "",
            "state": one.mark,
            "carrier": one.carrier_name,
            "tracking_number": one.tracking_number,
            "url": one.url,
        }
        for number, one in enumerate(known, 1)
    ]


def state(tracked: Collection[Standing]) -> str:
    """Return the word of the whole once its carrier brought it; an empty text until then."""
    match stage(tracked):
        case "with_you":
            return _("Delivered")
        case "at_relay":
            return _("At the relay point")
    return ""


def greeting(tracked: Collection[Standing], first_name: str) -> str:
    """Return the title of a page whose parcels all arrived, or wait at their point; an empty text until then."""
    match stage(tracked):
        case "with_you":
            words = _("%(name)s, it is with you.") if first_name else _("It is with you.")
        case "at_relay":
            words = _("%(name)s, it waits for you.") if first_name else _("It waits for you.")
        case _else:
            return ""
    return words % {"name": first_name}


def step(fulfilment: Fulfilment, tracked: Collection[Standing]) -> int | None:
    """Return which of the four steps it is at once it was sent; None where no carrier tells of it."""
    known = stage(tracked)
    return STAGES.get(known) if fulfilment.status == Fulfilment.Status.DISPATCHED else None


def relay(fulfilment: Fulfilment, directions: str) -> dict[str, Any] | None:
    """Return the relay point with the way to it, or None."""
    point = parcel_notices.relay_of(fulfilment)
    return {**point, "directions": directions.format(**point)} if point else None
