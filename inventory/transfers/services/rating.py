"""What each place sells of each article, learnt anew from time to time: what suggestions are reckoned with."""

import json
from collections.abc import Mapping

from django.db import transaction

from omni.lib import sql

LEARN = """
WITH sold AS (
    SELECT key::bigint AS variant_id, value::int AS units FROM json_each_text(%(sold)s::json)
), forgotten AS (
    DELETE FROM transfers_salesrate rate
    WHERE rate.location_id = %(location)s::bigint AND NOT EXISTS (SELECT FROM sold WHERE variant_id = rate.variant_id)
    RETURNING rate.variant_id
), kept AS (
    INSERT INTO transfers_salesrate AS rate (location_id, variant_id, units)
    SELECT %(location)s::bigint, variant_id, units FROM sold
    ON CONFLICT (location_id, variant_id) DO UPDATE SET units = excluded.units WHERE rate.units <> excluded.units
    RETURNING rate.variant_id
)
SELECT (SELECT count(*) FROM forgotten) + (SELECT count(*) FROM kept) AS changed
"""


@transaction.atomic
def learn(*, location_id: int, sold: Mapping[int, int]) -> int:
    """Replace a place's rates by `sold`, variant id → units > 0 of the last days; return how many changed. Two that
    learn the same place at once wait for each other."""
    sql.run("SELECT pg_advisory_xact_lock(hashtextextended('sales rates', %s))", [location_id])
    return int(sql.row(LEARN, {"location": location_id, "sold": json.dumps(sold)}).changed)
