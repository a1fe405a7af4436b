"""Learning how fast pieces get lost unseen: what each closed count found, family by family, then a rate for each."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from inventory.confidence.formula import COUNTED, FAMILY, MISSED, USUAL, days
from inventory.stock.explaining import SIGNED
from omni.lib import sql

COUNTS_AT_ONCE = 20
HOUSE_WORTH, WORTH = 2, 10
"""How many losses the belief before weighs: the usual rate for the house, the house's rate for a family. Who lost as
many is believed half."""
REMEMBERED = 365
"""Days that a finding counts."""

TAKE_IN = f"""
WITH due AS (
    SELECT id, location_id, ended_at FROM stock_stockcount count
    WHERE status = 'closed'
      AND NOT EXISTS (SELECT FROM confidence_countfinding finding WHERE finding.count_id = count.id)
      AND EXISTS (SELECT FROM stock_countline line WHERE line.count_id = count.id)
    ORDER BY ended_at LIMIT %(most)s::int
), asked AS (
    SELECT line.id AS number, due.id AS count_id, due.location_id, line.variant_id, due.ended_at AS at,
           line.expected AS units, line.counted
    FROM due JOIN stock_countline line ON line.count_id = due.id
), {COUNTED}, checked AS (
    SELECT asked.*, {FAMILY} AS family, NOT began.derived AND variant.measure = 'piece' AS teaches,
           greatest(0, asked.units - asked.counted) - coalesce(counted.spared, 0) + since.missed AS lost,
           greatest(0, asked.units * {days("asked.at - began.at")} - since.shift) AS unit_days,
           {days("asked.at - began.at")} AS days
    FROM asked
    JOIN catalog_variant variant ON variant.id = asked.variant_id
    JOIN catalog_product product ON product.id = variant.product_id
    LEFT JOIN counted USING (number)
    CROSS JOIN LATERAL (
        SELECT coalesce(counted.ended_at, min(created_at), asked.at) AS at,
               counted.ended_at IS NULL AND coalesce(bool_or(derived), false) AS derived
        FROM stock_stockmovement moved
        WHERE moved.variant_id = asked.variant_id AND moved.location_id = asked.location_id
          AND moved.created_at < asked.at
    ) began
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(quantity) FILTER (WHERE {MISSED}), 0) AS missed,
               coalesce(sum(({SIGNED} END) * quantity * {days("created_at - began.at")}), 0) AS shift
        FROM stock_stockmovement moved
        WHERE moved.variant_id = asked.variant_id AND moved.location_id = asked.location_id
          AND moved.created_at > began.at AND moved.created_at < asked.at
    ) since
)
INSERT INTO confidence_countfinding (count_id, family, ended_at, checks, wrong, lost, unit_days, days)
SELECT count_id, family, at, count(*) FILTER (WHERE teaches), count(*) FILTER (WHERE teaches AND lost > 0),
       coalesce(sum(greatest(0, lost)) FILTER (WHERE teaches), 0),
       coalesce(sum(unit_days) FILTER (WHERE teaches), 0)::bigint, coalesce(sum(days) FILTER (WHERE teaches), 0)::bigint
FROM checked GROUP BY count_id, family, at
ON CONFLICT (count_id, family) DO NOTHING
"""  # noqa: S608  (constants of ours)

LEARN = """
WITH found AS (
    SELECT coalesce(family, '') AS family, sum(checks) AS checks, sum(wrong) AS wrong, sum(lost) AS lost,
           sum(unit_days) AS unit_days, sum(days) AS days
    FROM confidence_countfinding
    WHERE ended_at > %(at)s::timestamptz - %(remembered)s::int * interval '1 day'
    GROUP BY GROUPING SETS ((), (family)) HAVING GROUPING(family) = 1 OR family <> ''
), house AS (
    SELECT (%(house)s::float8 + lost) / (%(house)s::float8 * 1000000 / %(usual)s::int + unit_days) AS rate
    FROM found WHERE family = ''
), learnt AS (
    INSERT INTO confidence_lossrate AS known (family, per_million, checks, wrong, lost, unit_days, days, learnt_at)
    SELECT family, greatest(1, round(1000000 * CASE WHEN family = '' THEN house.rate
               ELSE (%(worth)s::float8 + lost) / (%(worth)s::float8 / house.rate + unit_days) END))::int,
           checks, wrong, lost, unit_days, days, %(at)s::timestamptz
    FROM found CROSS JOIN house WHERE found.checks > 0
    ON CONFLICT (family) DO UPDATE
    SET per_million = excluded.per_million, checks = excluded.checks, wrong = excluded.wrong, lost = excluded.lost,
        unit_days = excluded.unit_days, days = excluded.days, learnt_at = excluded.learnt_at
    RETURNING family
), forgotten AS (
    DELETE FROM confidence_lossrate WHERE family NOT IN (SELECT family FROM found WHERE checks > 0) RETURNING family
)
SELECT (SELECT count(*) FROM learnt) AS learnt, (SELECT count(*) FROM forgotten) AS forgotten
"""


@transaction.atomic
def take_in(*, most: int = COUNTS_AT_ONCE) -> int:
    """Take in what the next closed counts found, the oldest first; return how many rows that made, 0 when all are
    known. A count is taken in once, whoever asks how often."""
    return sql.run(TAKE_IN, {"most": most})


@transaction.atomic
def learn(*, at: datetime | None = None) -> int:
    """Work the rates out anew from the findings of the last year; return how many there are.

    The house's rate begins with the usual one, each family's with the house's: rate = (losses + w) / (piece-days +
    w / belief before), the mean of a Gamma distribution after Poisson losses; w is what the belief is worth in losses.
    """
    weights = {"house": HOUSE_WORTH, "worth": WORTH, "usual": USUAL}
    return int(sql.row(LEARN, weights | {"remembered": REMEMBERED, "at": at or timezone.now()}).learnt)
