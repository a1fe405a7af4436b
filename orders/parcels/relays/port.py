"""What the house asks of whoever knows the relay points: third parties' counters where a parcel waits for its owner."""

from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class RelayPoint:
    """One point. Coordinates are WGS 84 degrees, hours in OpenStreetMap's syntax."""

    code: str
    name: str
    line: str
    postal_code: str
    town: str
    country: str
    latitude: float
    longitude: float
    hours: str

    def frozen(self) -> dict[str, Any]:
        """Return what an order keeps of it: the point may move or close, what was promised does not."""
        kept = asdict(self)
        return {"relay_point": kept.pop("code"), **kept}


class RelayDirectory(Protocol):
    """Where relay points are looked up. An adapter of a real network is one module that answers these."""

    def find(self, code: str) -> RelayPoint | None:
        """Return the point of this code, or None."""

    def near(self, latitude: float, longitude: float, most: int) -> list[tuple[RelayPoint, float]]:
        """Return the nearest points with their distance in kilometres as the crow flies, the nearest first."""

    def in_postal_code(self, postal_code: str, most: int) -> list[RelayPoint]:
        """Return the points of a postal code, by name."""
