"""Reading what a carrier tells: every problem of an event, and one bad event keeps no other from being written."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from omni.lib.reading import Reader
from orders.parcels.models import LONGEST_NUMBER, LONGEST_TEXT, TrackingEvent
from orders.parcels.services.tracking import ToldEvent

FIELDS = {"event_id", "tracking_number", "kind", "text", "happened_at"}
AHEAD = timedelta(hours=1)
"""How far a carrier's clock may be before ours."""


def read_events(reader: Reader, sent: list[Any]) -> list[ToldEvent | None]:
    """Return each event, or None for one with problems, which are noted under `events.<index>.`."""
    return [_event(reader, one, f"events.{index}.") for index, one in enumerate(sent)]


def _event(reader: Reader, part: Any, prefix: str) -> ToldEvent | None:
    before = len(reader.problems)
    if not isinstance(part, dict):
        reader.problem(prefix.rstrip("."), "not_object", _("This must be an object."))
        return None
    reader.known_fields(part, FIELDS, prefix)
    number = reader.text(part, "tracking_number", prefix, most=LONGEST_NUMBER, required=True)
    event_id = reader.text(part, "event_id", prefix, most=80, required=True)
    kind = reader.text(part, "kind", prefix, most=20, required=True)
    text = reader.text(part, "text", prefix, most=LONGEST_TEXT)
    if kind and kind not in TrackingEvent.Kind.values:
        kinds = ", ".join(TrackingEvent.Kind.values)
        reader.problem(f"{prefix}kind", "unknown", _("This must be one of: %(kinds)s.") % {"kinds": kinds})
    happened_at = _instant(reader, part, prefix)
    if happened_at is None or len(reader.problems) > before:
        return None
    return ToldEvent(number, event_id, kind, happened_at, text)


def _instant(reader: Reader, part: dict[str, Any], prefix: str) -> datetime | None:
    found = reader.instant(part, "happened_at", prefix)
    if found and found > timezone.now() + AHEAD:
        reader.problem(f"{prefix}happened_at", "in_the_future", _("This has not happened yet."))
        return None
    return found
