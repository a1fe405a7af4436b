"""Relay points out of a file of the house: CSV with the columns of `COLUMNS`, UTF-8, read again when it changes."""

import csv
import logging
from functools import lru_cache
from pathlib import Path

from inventory.places.distance import distance_km
from orders.parcels.relays.port import RelayPoint

logger = logging.getLogger(__name__)

COLUMNS = ("code", "name", "line", "postal_code", "town", "country", "latitude", "longitude", "hours")
NEEDED = ("code", "name", "line", "postal_code", "town", "country")


class FileDirectory:
    """The points of one file; none while there is no such file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, code: str) -> RelayPoint | None:
        return self._points().get(code)

    def near(self, latitude: float, longitude: float, most: int) -> list[tuple[RelayPoint, float]]:
        here = (latitude, longitude)
        known = [(one, distance_km(here, (one.latitude, one.longitude))) for one in self._points().values()]
        return sorted(known, key=lambda found: (found[1], found[0].code))[:most]

    def in_postal_code(self, postal_code: str, most: int) -> list[RelayPoint]:
        found = [one for one in self._points().values() if one.postal_code == postal_code]
        return sorted(found, key=lambda one: (one.name, one.code))[:most]

    def _points(self) -> dict[str, RelayPoint]:
        try:
            changed = self.path.stat().st_mtime_ns
        except OSError:
            return {}
        return _read(self.path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> dict[str, RelayPoint]:
    """Return the points by code; a row that is no point is left out and said in the log by its number."""
    points: dict[str, RelayPoint] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            point = _point(row)
            if point is None or point.code in points:
                logger.warning("line %s of the relay points is no point, or one that stands above", number)
            else:
                points[point.code] = point
    return points


def _point(row: dict[str, str]) -> RelayPoint | None:
    words = {name: (row.get(name) or "").strip() for name in COLUMNS}
    try:
        latitude, longitude = float(words["latitude"]), float(words["longitude"])
    except ValueError:
        return None
    if not all(words[name] for name in NEEDED) or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return RelayPoint(
        code=words["code"],
        name=words["name"],
        line=words["line"],
        postal_code=words["postal_code"],
        town=words["town"],
        country=words["country"],
        latitude=latitude,
        longitude=longitude,
        hours=words["hours"],
    )
