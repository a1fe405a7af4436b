"""When somebody is reminded of an appointment."""

from datetime import UTC, datetime, timedelta

from inventory.places.queries import Place

SAME_DAY = timedelta(hours=2)


def remind_at(place: Place, starts_at: datetime, now: datetime) -> datetime | None:
    """Return when to remind (UTC): the day before at the same hour of the store's clock; two hours before what is
    booked on its own day, or less than a day ahead. None when even that has passed: the confirmation has just been
    read."""
    local = place.local(starts_at)
    eve = (local.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=place.zone).astimezone(UTC)
    due = eve if eve > now else starts_at - SAME_DAY
    return due if due > now else None
