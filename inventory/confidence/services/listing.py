"""What each store should count next: made once a day, store by store."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from inventory.confidence.formula import CHANCES
from inventory.confidence.models import CountAdvice
from omni.lib import sql

MOST = 40
"""Articles of one list: what two people count in an hour."""
LEAST_WRONG = 0.01
"""A figure that is more surely right than this is not worth the way to the shelf."""

LIST = f"""
WITH asked AS (
    SELECT level.id AS number, level.location_id, level.variant_id, %(at)s::timestamptz AS at, level.on_hand AS units,
           1 AS need
    FROM stock_stocklevel level
    JOIN catalog_variant variant ON variant.id = level.variant_id AND variant.withdrawn_at IS NULL
    WHERE level.location_id = %(place)s::bigint AND level.on_hand > 0
), {CHANCES}
INSERT INTO confidence_countadvice (count_list_id, variant_id, position, value, missing)
SELECT %(list)s::bigint, variant_id, row_number() OVER (ORDER BY value DESC, variant_id), value, pieces
FROM (
    SELECT judged.variant_id, (judged.missing * price.amount)::bigint AS value,
           round((judged.missing * 100)::numeric)::int AS pieces
    FROM judged CROSS JOIN LATERAL (
        SELECT amount FROM catalog_price
        WHERE variant_id = judged.variant_id AND currency = %(currency)s::text AND channel IN ('', 'store')
          AND starts_at <= %(at)s::timestamptz AND (ends_at IS NULL OR ends_at > %(at)s::timestamptz)
        ORDER BY channel = 'store' DESC, starts_at DESC LIMIT 1
    ) price
    WHERE judged.exact < 1 - %(least)s::float8
) priced
WHERE value > 0 AND pieces > 0
ORDER BY value DESC, variant_id LIMIT %(most)s::int
"""  # noqa: S608  (constants of ours)

DUE = """
SELECT place.id FROM places_location place
LEFT JOIN confidence_countlist list ON list.location_id = place.id
WHERE list.listed_on IS DISTINCT FROM %s::date ORDER BY place.id
"""

BEGIN = """
INSERT INTO confidence_countlist AS list (location_id, listed_on) VALUES (%(place)s::bigint, %(on)s::date)
ON CONFLICT (location_id) DO UPDATE SET listed_on = excluded.listed_on
WHERE list.listed_on IS DISTINCT FROM excluded.listed_on
RETURNING id
"""
"""The store's list of that day, if nobody has made it yet: a second worker waits here and then finds it made."""


def due(*, on: date) -> list[int]:
    """Return the places whose list is not of that day."""
    return [row.id for row in sql.rows(DUE, [on])]


@transaction.atomic
def make_list(*, location_id: int, on: date, at: datetime | None = None, most: int = MOST) -> int:
    """List what one store should count, instead of what was listed before; return how many articles. Made once a day:
    asked again it does nothing and returns 0.

    Worth is what a count repairs: cents of what will be asked for in the next thirty days, would be promised, and is
    expected not to be there. So a cheap article that sells fast may come before a dear one that nobody asks for, and
    a figure that was never looked at before one of yesterday.
    """
    begun = sql.row(BEGIN, {"place": location_id, "on": on})
    if begun is None:
        return 0
    CountAdvice.objects.filter(count_list=begun.id).delete()
    values = {"place": location_id, "list": begun.id, "at": at or timezone.now(), "currency": settings.CURRENCY}
    return sql.run(LIST, values | {"least": LEAST_WRONG, "most": most})
