"""Units on their way to a place: announced, then taken in, or no longer expected."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from inventory.stock.services.opening import open_levels
from omni.lib import sql

EXPECT = """
WITH coming AS (
    SELECT * FROM json_to_recordset(%(coming)s::json) AS coming(variant_id bigint, units int)
), locked AS MATERIALIZED (
    SELECT level.id, coming.units FROM stock_stocklevel level JOIN coming USING (variant_id)
    WHERE level.location_id = %(location)s::bigint ORDER BY level.id FOR UPDATE OF level
)
UPDATE stock_stocklevel level SET incoming = level.incoming + locked.units FROM locked WHERE level.id = locked.id
"""

TAKE_IN = """
WITH arrived AS (
    SELECT * FROM json_to_recordset(%(arrived)s::json)
        AS arrived(variant_id bigint, units int, damaged int, expected int, reason text)
), locked AS MATERIALIZED (
    SELECT level.id, arrived.* FROM stock_stocklevel level JOIN arrived USING (variant_id)
    WHERE level.location_id = %(location)s::bigint ORDER BY level.id FOR UPDATE OF level
), moved AS (
    UPDATE stock_stocklevel level
    SET on_hand = level.on_hand + locked.units, damaged = level.damaged + locked.damaged,
        incoming = level.incoming - locked.expected
    FROM locked WHERE level.id = locked.id
), came AS (
    INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, actor_id)
    SELECT %(location)s::bigint, variant_id, %(kind)s::text, units, %(reference)s::text, %(actor)s::bigint
    FROM locked WHERE units > 0
)
INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, reason, actor_id)
SELECT %(location)s::bigint, variant_id, 'damaged', damaged, %(reference)s::text, reason, %(actor)s::bigint
FROM locked WHERE damaged > 0
"""


@dataclass(frozen=True)
class Arrival:
    """One article at the door: `units` came, of which `damaged` are not for sale for a `reason`; `expected` of those
    that were announced are no longer on their way."""

    variant_id: int
    units: int
    damaged: int
    expected: int
    reason: str = ""


def expect(*, location_id: int, coming: Mapping[int, int]) -> None:
    """Announce units (variant id → units) that are on their way to a place."""
    open_levels(location_id=location_id, variant_ids=list(coming))
    rows = ({"variant_id": pk, "units": units} for pk, units in coming.items())
    sql.run(EXPECT, {"location": location_id, "coming": sql.records(rows)})


def take_in(*, location_id: int, arrived: Sequence[Arrival], kind: str, reference: str, actor_id: int) -> None:
    """Book what came: on hand rises with a movement of `kind` (`transferred_in`, `received`), `reference` is its cause
    and arrives once; damaged units are on hand and set aside."""
    open_levels(location_id=location_id, variant_ids=[one.variant_id for one in arrived])
    values = {"location": location_id, "kind": kind, "reference": reference, "actor": actor_id}
    sql.run(TAKE_IN, values | {"arrived": sql.records(asdict(one) for one in arrived)})
