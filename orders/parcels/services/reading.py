"""Tracking that comes as files: read in a periodic task, each file whole, then moved away.

    tracking/*.json          to be read; whoever writes one writes it beside first and moves it here
    tracking/read/           what was read
    tracking/refused/        what could not be read, or tells of parcels that nobody knows

Killed after the events were written and before the file was moved, it is read again: the events are known by their ids.
"""

import json
import logging
from pathlib import Path
from typing import Any

from django.conf import settings

from omni.lib.reading import Reader
from orders.parcels.services import tracking
from orders.parcels.telling import read_events

logger = logging.getLogger(__name__)

LARGEST = 2 * 1024 * 1024
CARRIER = "file"


def read_due() -> int:
    """Read every file that waits, by name; return how many were read. A bad one keeps no other waiting."""
    folder = Path(settings.CARRIER_FOLDER) / "tracking"
    if CARRIER not in settings.CARRIERS or not folder.is_dir():
        return 0
    waiting = sorted(one for one in folder.glob("*.json") if one.is_file() and not one.name.startswith("."))
    return sum(_read(one) for one in waiting)


def _read(path: Path) -> bool:
    try:
        outcomes = _recorded(path)
    except (OSError, ValueError) as error:
        logger.warning("tracking file %s cannot be read: %s", path.name, type(error).__name__)
        return _move(path, "refused")
    unknown = outcomes.count(tracking.UNKNOWN)
    if unknown:
        logger.warning("tracking file %s tells of %s parcels that nobody knows", path.name, unknown)
    return _move(path, "refused" if unknown else "read")


def _recorded(path: Path) -> list[str]:
    """Write the events of a file, a hundred at a time. Raises ValueError for a file that is not as it should be."""
    if path.stat().st_size > LARGEST:
        raise ValueError("too large")
    content: Any = json.loads(path.read_bytes())
    sent = content.get("events") if isinstance(content, dict) else None
    if not isinstance(sent, list):
        raise ValueError("no events")
    reader = Reader()
    events = [one for one in read_events(reader, sent) if one]
    if reader.problems:
        raise ValueError("events with problems")
    parts = [events[at : at + tracking.MOST_EVENTS] for at in range(0, len(events), tracking.MOST_EVENTS)]
    return [outcome for part in parts for outcome in tracking.record(carrier=CARRIER, events=part, store_ids=None)]


def _move(path: Path, where: str) -> bool:
    """Move a file away; False when somebody else read it meanwhile."""
    there = path.parent / where
    there.mkdir(exist_ok=True)
    try:
        path.replace(there / path.name)
    except FileNotFoundError:
        return False
    return where == "read"
