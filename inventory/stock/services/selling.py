"""Reserved units that leave a place: at a hand-over, with its way back within ten minutes, or for another place."""

from collections.abc import Mapping

from inventory.stock.services.reserving import require
from omni.lib import sql

MOVE = """
WITH wanted AS (
    SELECT * FROM unnest(%(variants)s::bigint[], %(quantities)s::int[]) AS wanted(variant_id, quantity)
), locked AS MATERIALIZED (
    SELECT level.id, level.variant_id, wanted.quantity
    FROM stock_stocklevel level JOIN wanted USING (variant_id)
    WHERE level.location_id = %(location)s::bigint
    ORDER BY level.id
    FOR UPDATE OF level
), held AS (
    UPDATE stock_reservation held
    SET fulfilled = held.fulfilled + %(sign)s::int * locked.quantity
    FROM locked
    WHERE held.variant_id = locked.variant_id AND held.location_id = %(location)s::bigint
      AND held.reference = %(reservation)s::text AND held.expires_at IS NULL
      AND held.fulfilled + %(sign)s::int * locked.quantity BETWEEN 0 AND held.quantity - held.released
    RETURNING held.variant_id
), moved AS (
    UPDATE stock_stocklevel level
    SET on_hand = level.on_hand - %(sign)s::int * locked.quantity,
        reserved = level.reserved - %(sign)s::int * locked.quantity
    FROM locked JOIN held USING (variant_id) WHERE level.id = locked.id
    RETURNING level.variant_id, locked.quantity
), written AS (
    INSERT INTO stock_stockmovement (location_id, variant_id, kind, quantity, reference, actor_id)
    SELECT %(location)s::bigint, variant_id, %(kind)s::text, quantity, %(reference)s::text, %(actor)s::bigint FROM moved
    RETURNING id
)
SELECT count(*) AS done FROM written
"""


def sell_reserved(
    *, location_id: int, wanted: Mapping[int, int], reservation: str, reference: str, actor_id: int | None
) -> None:
    """Take reserved units out of the house: reserved and on hand fall together, with a `sold` movement each.

    `reference` is the cause (one hand-over); it never sells twice. Raises `ReservationMissing`.
    """
    _move(1, "sold", location_id, wanted, reservation, reference, actor_id)


def take_back(
    *, location_id: int, wanted: Mapping[int, int], reservation: str, reference: str, actor_id: int | None
) -> None:
    """Undo `sell_reserved`: the units are on hand and reserved again, with a `returned` movement each."""
    _move(-1, "returned", location_id, wanted, reservation, reference, actor_id)


def send_reserved(
    *, location_id: int, wanted: Mapping[int, int], reservation: str, reference: str, actor_id: int
) -> None:
    """Let reserved units leave for another place: reserved and on hand fall together, with a `transferred_out`
    movement each. Raises `ReservationMissing`."""
    _move(1, "transferred_out", location_id, wanted, reservation, reference, actor_id)


def _move(
    sign: int,
    kind: str,
    location_id: int,
    wanted: Mapping[int, int],
    reservation: str,
    reference: str,
    actor_id: int | None,
) -> None:
    if not wanted:
        return
    found = sql.row(
        MOVE,
        {
            "sign": sign,
            "kind": kind,
            "location": location_id,
            "variants": list(wanted),
            "quantities": list(wanted.values()),
            "reservation": reservation,
            "reference": reference,
            "actor": actor_id,
        },
    )
    require(found.done, wanted)
