"""The promise: when goods will be ready, counted in the store's opening hours."""

from datetime import datetime, timedelta

from inventory.places import hours
from inventory.places.queries import Place

SHIPS_WITHIN = timedelta(hours=24)
AT_RISK = timedelta(minutes=20)


def promise(*, place: Place, kind: str, now: datetime) -> datetime:
    """Return when a fulfilment that begins now will be ready: preparation minutes of opening time after now.

    What is carried out is ready at once; a parcel leaves within twenty-four hours.
    """
    if kind == "pickup":
        return hours.after_open_minutes(place, now, place.pickup_minutes)
    return now + SHIPS_WITHIN if kind == "ship" else now


def state(*, promised_at: datetime, picking: bool, now: datetime) -> str:
    """Return the mark of a promise in a queue: `late`, `at_risk`, `in_progress` or `new`. Late is a clock, not a
    state."""
    if now >= promised_at:
        return "late"
    if picking:
        return "in_progress"
    return "at_risk" if promised_at - now <= AT_RISK else "new"
