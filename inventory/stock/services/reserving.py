"""Reserving and releasing. N units are sold exactly N times: rows are locked in the order of their id, then counted.

One statement each: the lock, the check of every row, the counters and the reservations. A row whose lock had to be
waited for is re-read by PostgreSQL (READ COMMITTED), so the check sees the units that the other buyer took.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from inventory.stock import locks
from inventory.stock.errors import ReferenceTaken, ReservationMissing, Short, ShortStock
from inventory.stock.services import expiring
from omni.lib import sql

RESERVE = """
WITH wanted AS (
    SELECT * FROM json_to_recordset(%(wanted)s::json) AS wanted(variant_id bigint, quantity int, given int)
), locked AS MATERIALIZED (
    SELECT level.id, level.variant_id, wanted.quantity,
           greatest(level.on_hand - level.reserved - level.damaged - level.safety_stock + level.backorder_limit,
                    wanted.given) AS free
    FROM stock_stocklevel level JOIN wanted USING (variant_id)
    WHERE level.location_id = %(location)s::bigint
    ORDER BY level.id
    FOR UPDATE OF level
), verdict AS (
    SELECT count(*) = %(count)s::int AND bool_and(free >= quantity) AS enough FROM locked
), taken AS (
    UPDATE stock_stocklevel level
    SET reserved = level.reserved + locked.quantity
    FROM locked, verdict WHERE level.id = locked.id AND verdict.enough
    RETURNING level.variant_id, locked.quantity
), kept AS (
    INSERT INTO stock_reservation AS held (location_id, variant_id, reference, quantity, expires_at)
    SELECT %(location)s::bigint, variant_id, %(reference)s::text, quantity,
           coalesce(%(until)s::timestamptz, statement_timestamp() + %(seconds)s::int * interval '1 second')
    FROM taken
    ON CONFLICT (reference, location_id, variant_id) DO UPDATE
    SET quantity = held.quantity + excluded.quantity, expires_at = excluded.expires_at
    WHERE held.quantity = held.fulfilled + held.released OR (%(adds)s::bool AND held.expires_at IS NULL)
    RETURNING held.id
)
SELECT locked.variant_id, locked.free, verdict.enough, (SELECT count(*) FROM kept) AS kept FROM locked, verdict
"""

RELEASE = """
WITH wanted AS (
    SELECT * FROM json_to_recordset(%(wanted)s::json) AS wanted(variant_id bigint, quantity int)
), locked AS MATERIALIZED (
    SELECT level.id, level.variant_id, wanted.quantity
    FROM stock_stocklevel level JOIN wanted USING (variant_id)
    WHERE level.location_id = %(location)s::bigint
    ORDER BY level.id
    FOR UPDATE OF level
), freed AS (
    UPDATE stock_reservation held
    SET released = held.released + locked.quantity,
        expires_at = CASE
            WHEN held.quantity > held.fulfilled + held.released + locked.quantity THEN held.expires_at END
    FROM locked
    WHERE held.variant_id = locked.variant_id AND held.location_id = %(location)s::bigint
      AND held.reference = %(reference)s::text
      AND held.quantity - held.fulfilled - held.released >= locked.quantity
    RETURNING held.variant_id
), given_back AS (
    UPDATE stock_stocklevel level
    SET reserved = level.reserved - locked.quantity
    FROM locked JOIN freed USING (variant_id) WHERE level.id = locked.id
    RETURNING level.id
)
SELECT count(*) AS done FROM given_back
"""


def lock(pairs: Collection[tuple[int, int]]) -> None:
    """Lock the levels of some (variant id, location id), for whoever moves units between places in this
    transaction."""
    locks.lock_levels(pairs)


def reserve(
    *,
    location_id: int,
    wanted: Mapping[int, int],
    reference: str,
    seconds: int | None = None,
    until: datetime | None = None,
    adds: bool = False,
    given: Mapping[int, int] | None = None,
) -> None:
    """Reserve `wanted` units (variant id → units, each variant once) at one location for `reference`, all or nothing.

    They are kept until they are released, or only held: for `seconds` from now on the database's clock, or `until`.
    Holds that have run out are given back first when there is not enough without them. `given` are units that a hold of
    the caller's kept until now and let go in this transaction: they are there even where the shelf, counted meanwhile,
    has no more than its safety stock. Raises `ShortStock` with every
    variant that is short, `ReferenceTaken` when the reference keeps units of them already, unless the caller `adds` to
    what it keeps; the caller's transaction must then be rolled back or go on without.
    """
    values = _values(location_id, wanted, reference, given) | {"seconds": seconds, "until": until, "adds": adds}
    short = _try_to_reserve(values, wanted)
    if short and expiring.expire_due(location_id=location_id, variant_ids=[one.variant_id for one in short]):
        short = _try_to_reserve(values, wanted)
    if short:
        raise ShortStock(short, location_id)


def _try_to_reserve(values: dict[str, object], wanted: Mapping[int, int]) -> list[Short]:
    """Return what was short; nothing was reserved then. Raises `ReferenceTaken`."""
    locked = {row.variant_id: row for row in sql.rows(RESERVE, values)}
    if any(row.enough and row.kept != len(wanted) for row in locked.values()):
        raise ReferenceTaken(_("This reference keeps units of these articles already."))
    return [
        Short(variant_id, quantity, max(0, locked[variant_id].free) if variant_id in locked else 0)
        for variant_id, quantity in wanted.items()
        if variant_id not in locked or locked[variant_id].free < quantity
    ]


def release(*, location_id: int, wanted: Mapping[int, int], reference: str) -> None:
    """Give `wanted` reserved units back. Raises `ReservationMissing` when the reservation holds fewer than that."""
    if wanted:
        require(sql.row(RELEASE, _values(location_id, wanted, reference)).done, wanted)


def require(done: int, wanted: Mapping[int, int]) -> None:
    """Refuse when a conditional statement touched fewer rows than it was asked to."""
    if done != len(wanted):
        raise ReservationMissing(_("The reservation no longer holds these units."))


def _values(
    location_id: int, wanted: Mapping[int, int], reference: str, given: Mapping[int, int] | None = None
) -> dict[str, object]:
    return {
        "location": location_id,
        "wanted": sql.records(
            {"variant_id": pk, "quantity": quantity, "given": (given or {}).get(pk, 0)}
            for pk, quantity in wanted.items()
        ),
        "count": len(wanted),
        "reference": reference,
    }
