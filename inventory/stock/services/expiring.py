"""Holds that ran out. Whether one has is decided by the database's clock, in the statement that gives its units back:
a hold is confirmed or expires, never both, and its units come back once, however often the sweep runs."""

from collections.abc import Sequence

from django.db import transaction

from omni.lib import sql

AT_ONCE = 500
"""Holds that one transaction gives back; the sweep goes on until none is due."""

EXPIRE = """
WITH due AS (
    SELECT id, variant_id, location_id FROM stock_reservation
    WHERE expires_at <= statement_timestamp()
      AND (%(location)s::bigint IS NULL OR location_id = %(location)s::bigint)
      AND (%(variants)s::bigint[] IS NULL OR variant_id = ANY(%(variants)s::bigint[]))
    ORDER BY expires_at LIMIT %(most)s::int
), locked AS MATERIALIZED (
    SELECT level.id, level.variant_id, level.location_id
    FROM stock_stocklevel level
    WHERE (level.variant_id, level.location_id) IN (SELECT variant_id, location_id FROM due)
    ORDER BY level.id
    FOR UPDATE OF level
), ended AS (
    UPDATE stock_reservation held
    SET expired = held.quantity - held.fulfilled - held.released, released = held.quantity - held.fulfilled,
        expires_at = NULL
    FROM due JOIN locked USING (variant_id, location_id)
    WHERE held.id = due.id AND held.expires_at <= statement_timestamp()
    RETURNING locked.id AS level_id, held.expired AS units
), given_back AS (
    UPDATE stock_stocklevel level SET reserved = level.reserved - freed.units
    FROM (SELECT level_id, sum(units)::int AS units FROM ended GROUP BY level_id) freed
    WHERE level.id = freed.level_id
)
SELECT count(*) AS done FROM ended
"""


def expire_due(*, location_id: int | None = None, variant_ids: Sequence[int] | None = None, most: int = AT_ONCE) -> int:
    """Give back the units of holds whose time is over, at most `most` holds, oldest first; return how many ended."""
    variants = None if variant_ids is None else list(variant_ids)
    return int(sql.row(EXPIRE, {"location": location_id, "variants": variants, "most": most}).done)


def sweep() -> int:
    """Give back everything that is due, in short transactions, and return how many holds ended."""
    ended = total = _expire_some()
    while ended == AT_ONCE:
        ended = _expire_some()
        total += ended
    return total


@transaction.atomic
def _expire_some() -> int:
    return expire_due()
