"""Days that are not like every week, written behind the hours in their own syntax: what counts time reads one text."""

from collections.abc import Iterable

from inventory.places.models import SpecialDay

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def with_days(hours: str, days: Iterable[SpecialDay]) -> str:
    """Return `Mo-Sa 09:00-19:00; 2026 Dec 25 off`: a later rule stands before an earlier one, so the day wins."""
    return "; ".join([hours.strip(" ;"), *(_rule(day) for day in days)])


def _rule(day: SpecialDay) -> str:
    date = f"{day.on.year} {MONTHS[day.on.month - 1]} {day.on.day:02d}"
    if day.opens_at is None or day.closes_at is None:
        return f"{date} off"
    return f"{date} {day.opens_at:%H:%M}-{day.closes_at:%H:%M}"
