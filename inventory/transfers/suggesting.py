"""What a store will soon lack, who could give some of it, and what has to be ordered.

An article's need is what the store sells in `COVER` days at the rate of the last `DAYS`, less what it has to promise
and what is on its way. Another place can spare what it has to promise beyond what it sells itself in `KEEP` days. The
nearest place that covers the whole need gives it; where none does, the one that can spare most. What then still lacks
is to be ordered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from inventory.catalog.queries import PICTURE
from inventory.places.queries import Place, all_places
from omni.lib import sql

DAYS = 28
"""Days that a rate looks back: whole weeks, so that each weekday counts alike."""
COVER = 14
"""Days that a store should be able to sell without anything coming."""
KEEP = 28
"""Days that a place keeps for itself before it gives."""
MOST = 100
"""Articles that one list names: those that run out first."""

NEEDED = f"""
SELECT rate.variant_id, rate.units AS sold, variant.sku, variant.gtin, variant.label, product.name,
       {PICTURE} AS picture,
       greatest(0, level.on_hand - level.reserved - level.damaged - level.safety_stock) AS available, level.incoming
FROM transfers_salesrate rate
JOIN stock_stocklevel level ON level.variant_id = rate.variant_id AND level.location_id = rate.location_id
JOIN catalog_variant variant ON variant.id = rate.variant_id AND variant.withdrawn_at IS NULL
JOIN catalog_product product ON product.id = variant.product_id
WHERE rate.location_id = %(store)s::bigint
  AND ceil(rate.units * %(cover)s::numeric / %(days)s::int)
      > greatest(0, level.on_hand - level.reserved - level.damaged - level.safety_stock) + level.incoming
ORDER BY (greatest(0, level.on_hand - level.reserved - level.damaged - level.safety_stock) + level.incoming)::numeric
         / rate.units, rate.units DESC, variant.sku
LIMIT %(most)s::int
"""  # noqa: S608  (a constant of ours)

SPARE = """
SELECT level.variant_id, level.location_id, coalesce(rate.units, 0) AS sold,
       level.on_hand - level.reserved - level.damaged - level.safety_stock AS available
FROM stock_stocklevel level
LEFT JOIN transfers_salesrate rate ON rate.variant_id = level.variant_id AND rate.location_id = level.location_id
WHERE level.variant_id = ANY(ARRAY(SELECT unnest(%(variants)s::bigint[]))) AND level.location_id <> %(store)s::bigint
  AND level.on_hand - level.reserved - level.damaged - level.safety_stock > 0
"""


@dataclass(frozen=True)
class Giver:
    """Another place that could give `units`: what it has to promise, what it sold in `DAYS` days, how far it is."""

    place: Place
    units: int
    available: int
    sold: int
    distance_km: float


@dataclass(frozen=True)
class Suggestion:
    """One article that a store will lack: `need` units, of which `giver` gives some and `order` are to be ordered."""

    row: Any
    need: int
    giver: Giver | None

    @property
    def order(self) -> int:
        """Units that nobody can give."""
        return self.need - (self.giver.units if self.giver else 0)

    @property
    def days_left(self) -> int:
        """Whole days that what is there, and on its way, still lasts."""
        return int((self.row.available + self.row.incoming) * DAYS / self.row.sold)


def of_store(store: Place) -> list[Suggestion]:
    """Return what the store will lack within `COVER` days, what runs out first on top. Two statements."""
    needed = sql.rows(NEEDED, {"store": store.id, "cover": COVER, "days": DAYS, "most": MOST})
    if not needed:
        return []
    spare: dict[int, list[Any]] = {}
    for row in sql.rows(SPARE, {"variants": sql.numbers(one.variant_id for one in needed), "store": store.id}):
        spare.setdefault(row.variant_id, []).append(row)
    known = all_places()
    return [_suggestion(row, store, spare.get(row.variant_id, []), known) for row in needed]


def _suggestion(row: Any, store: Place, others: list[Any], known: Mapping[int, Place]) -> Suggestion:
    need = ceil(row.sold * COVER / DAYS) - row.available - row.incoming
    givers = [
        Giver(there, min(need, units), other.available, other.sold,
              store.distance_km(there.latitude, there.longitude))
        for other in others
        if (there := known.get(other.location_id))
        and (units := other.available - ceil(other.sold * KEEP / DAYS)) > 0
    ]  # fmt: skip
    return Suggestion(row, need, min(givers, key=lambda one: (-one.units, one.distance_km), default=None))
