"""Counting what lies in a store: begin, count by scan or by hand, park what nobody knows, end without effect.

What a count does to the figures is `closing`'s alone.
"""

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock import locks
from inventory.stock.errors import CountEnded, NotCounted
from inventory.stock.models import StockCount
from omni.lib import sql

MOST = 99_999
"""Units that one line may say: more is a mistake of typing."""

SEEN_NOW = """
    SELECT count.id AS count_id, article.id AS variant_id, coalesce(level.on_hand, 0) AS on_hand,
           coalesce((SELECT max(id) FROM stock_stockmovement moved
                     WHERE moved.variant_id = article.id AND moved.location_id = count.location_id), 0) AS movement
    FROM stock_stockcount count
    CROSS JOIN (SELECT %(variant)s::bigint AS id) article
    LEFT JOIN stock_stocklevel level ON level.location_id = count.location_id AND level.variant_id = article.id
    WHERE count.id = %(count)s::bigint AND count.status = 'open'
    FOR SHARE OF count
"""
"""The count, if it is still open: it cannot be closed before this transaction ends. And what the figures say now."""

COUNT = f"""
WITH seen AS MATERIALIZED ({SEEN_NOW}), written AS (
    INSERT INTO stock_countline AS line (count_id, variant_id, counted, least, most, last_movement)
    SELECT count_id, variant_id, %(pieces)s::int, on_hand, on_hand, movement FROM seen WHERE %(pieces)s::int > 0
    ON CONFLICT (count_id, variant_id) DO UPDATE
    SET counted = line.counted + excluded.counted, least = least(line.least, excluded.least),
        most = greatest(line.most, excluded.most), last_movement = excluded.last_movement
    WHERE line.counted + excluded.counted <= %(limit)s::int
    RETURNING counted
), fewer AS (
    UPDATE stock_countline line
    SET counted = line.counted + %(pieces)s::int, least = least(line.least, seen.on_hand),
        most = greatest(line.most, seen.on_hand), last_movement = seen.movement
    FROM seen
    WHERE %(pieces)s::int < 0 AND line.count_id = seen.count_id AND line.variant_id = seen.variant_id
      AND line.counted + %(pieces)s::int >= 0
    RETURNING line.counted
)
SELECT (SELECT count(*) FROM seen) AS open, (SELECT counted FROM (TABLE written UNION ALL TABLE fewer) done) AS counted
"""  # noqa: S608  (a constant of ours)

SET = f"""
WITH seen AS MATERIALIZED ({SEEN_NOW}), written AS (
    INSERT INTO stock_countline AS line (count_id, variant_id, counted, least, most, last_movement)
    SELECT count_id, variant_id, %(pieces)s::int, on_hand, on_hand, movement FROM seen
    ON CONFLICT (count_id, variant_id) DO UPDATE
    SET counted = excluded.counted, least = excluded.least, most = excluded.most,
        last_movement = excluded.last_movement
    RETURNING counted
)
SELECT (SELECT count(*) FROM seen) AS open, (SELECT counted FROM written) AS counted
"""  # noqa: S608  (a constant of ours)

LEAVE_OUT = f"""
WITH seen AS MATERIALIZED ({SEEN_NOW}), gone AS (
    DELETE FROM stock_countline line USING seen
    WHERE line.count_id = seen.count_id AND line.variant_id = seen.variant_id RETURNING line.counted
)
SELECT (SELECT count(*) FROM seen) AS open, (SELECT counted FROM gone) AS counted
"""  # noqa: S608  (a constant of ours)

PARK = """
WITH still_open AS MATERIALIZED (
    SELECT id FROM stock_stockcount WHERE id = %(count)s::bigint AND status = 'open' FOR SHARE
), written AS (
    INSERT INTO stock_parkedcode AS parked (count_id, code, times) SELECT id, %(code)s::text, 1 FROM still_open
    ON CONFLICT (count_id, code) DO UPDATE SET times = parked.times + 1 RETURNING times
)
SELECT (SELECT count(*) FROM still_open) AS open, (SELECT times FROM written) AS counted
"""


@transaction.atomic
def open_count(*, location_id: int, actor_id: int, name: str = "", public_id: UUID | None = None) -> StockCount:
    """Begin a count in a store, under a number of one's own or a new one; `name` may say where, such as a shelf."""
    return StockCount.objects.create(
        location_id=location_id, opened_by_id=actor_id, name=name.strip(), public_id=public_id or uuid4()
    )


@transaction.atomic
def count(*, count_id: int, variant_id: int, pieces: int = 1) -> int:
    """Count `pieces` more (negative: fewer) of an article, in one statement; return how many its line has now.

    A scan's own number makes it count once (`omni.staff.once`). Raises `CountEnded`; `NotCounted` below none or where
    nothing was counted yet.
    """
    return _done(sql.row(COUNT, {"count": count_id, "variant": variant_id, "pieces": pieces, "limit": MOST}))


@transaction.atomic
def set_counted(*, count_id: int, variant_id: int, counted: int) -> int:
    """Say how many of an article there are, whatever was counted before. Raises `CountEnded`, `NotCounted` for a
    figure that cannot be."""
    if not 0 <= counted <= MOST:
        raise NotCounted(_("This must be from %(least)s to %(most)s.") % {"least": 0, "most": MOST})
    return _done(sql.row(SET, {"count": count_id, "variant": variant_id, "pieces": counted}))


@transaction.atomic
def leave_out(*, count_id: int, variant_id: int) -> None:
    """Take an article off the count: none counted is a figure too, not counted is none. Raises `CountEnded` and
    `NotCounted`."""
    _done(sql.row(LEAVE_OUT, {"count": count_id, "variant": variant_id}))


@transaction.atomic
def park(*, count_id: int, code: str) -> int:
    """Keep a code that nobody knows; return how often it was scanned. Raises `CountEnded`."""
    return _done(sql.row(PARK, {"count": count_id, "code": code}))


@transaction.atomic
def abandon(*, count_id: int, actor_id: int) -> None:
    """End a count without effect; what was counted stays readable. Raises `TransitionRefused`."""
    found = locks.lock_count(count_id)
    found.move_to(StockCount.Status.ABANDONED, ended_by_id=actor_id, ended_at=Now())


def _done(answer: Any) -> int:
    """Return the line's figure, or refuse when the conditional statement wrote nothing."""
    if not answer.open:
        raise CountEnded(_("This count has ended. Begin another one."))
    if answer.counted is None:
        raise NotCounted(_("None of this article is counted, or more than one count can hold."))
    return int(answer.counted)
