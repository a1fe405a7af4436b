"""The rules that a house begins with."""

from datetime import UTC, datetime
from typing import Any

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any order: they hold from the start."""

PICKUP: dict[str, Any] = {
    "way": "pickup",
    "most_parcels": 1,
    "for_distance": 30,
    "for_delay": 40,
    "for_load": 20,
    "for_priority": 10,
    "rules": [("stock", 1), ("offers", None), ("open", None), ("distance", 100)],
}
"""One store, near and soon: a customer does not collect one order in two places."""

SHIP: dict[str, Any] = {
    "way": "ship",
    "most_parcels": 3,
    "for_distance": 40,
    "for_delay": 20,
    "for_load": 20,
    "for_priority": 20,
    "rules": [("stock", 1), ("offers", None), ("keep_last", 1), ("load", 40), ("confidence", 85)],
}
"""At most three parcels; a store keeps its last piece for who stands in it, and sends what is surely there."""

SETS = (PICKUP, SHIP)
