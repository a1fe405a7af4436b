"""What waits in a store to be prepared, and how many people were lately seen at work there."""

import time
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from inventory.places.workload import NOTHING, Workload
from omni.lib import sql

LATELY = timedelta(hours=2)
"""A tablet asks for the PIN after two minutes, so whoever works is seen often; whoever went home is not for long."""

# A parcel goes before a new pickup only when it is promised for earlier than that could be. People count once in a
# store, however many tablets they use, and only if their role prepares orders.
WORKLOAD = """
SELECT asked.id, work.orders, work.pieces, shift.people
FROM unnest(%(stores)s::bigint[]) AS asked(id)
JOIN places_location store ON store.id = asked.id
CROSS JOIN LATERAL (
    SELECT count(*) AS orders, coalesce(sum(slice.pieces), 0) AS pieces
    FROM fulfilment_fulfilment one
    CROSS JOIN LATERAL (
        SELECT sum(line.quantity - line.picked - line.short) AS pieces
        FROM fulfilment_fulfilmentline line WHERE line.fulfilment_id = one.id
    ) slice
    WHERE one.location_id = asked.id AND one.status IN ('to_pick', 'picking')
      AND (one.kind IN ('pickup', 'reservation')
           OR one.promised_at <= %(now)s::timestamptz + make_interval(mins => store.pickup_minutes))
) work
CROSS JOIN LATERAL (
    SELECT count(*) AS people
    FROM staff_atwork seen
    JOIN staff_user person ON person.id = seen.person_id AND person.is_active
    JOIN staff_role role ON role.id = person.role_id AND 'pickups.prepare' = ANY(role.permissions)
    WHERE seen.location_id = asked.id AND seen.seen_at > %(lately)s::timestamptz
) shift
"""

_remembered: dict[int, tuple[float, Workload]] = {}


def now_in(location_ids: Collection[int]) -> dict[int, Workload]:
    """Return what waits in each store at this instant. One statement; it locks nothing."""
    now = timezone.now()
    values = {"stores": sql.numbers(location_ids), "now": now, "lately": now - LATELY}
    return {pk: Workload(orders, int(pieces), people) for pk, orders, pieces, people in sql.tuples(WORKLOAD, values)}


def lately_in(location_ids: Collection[int]) -> Mapping[int, Workload]:
    """Return what waits in each store, `WORKLOAD_SECONDS` old at most: one statement for those that are older, for all
    of them at once. For questions; an order that is placed counts anew."""
    clock, keep = time.monotonic(), settings.WORKLOAD_SECONDS
    known = {pk: _remembered[pk][1] for pk in location_ids if pk in _remembered and clock < _remembered[pk][0]}
    missing = [pk for pk in location_ids if pk not in known]
    if missing:
        fresh = now_in(missing)
        known |= fresh
        if keep:
            _remembered.update({pk: (clock + keep, one) for pk, one in fresh.items()})
    return known


def in_store(location_id: int) -> Workload:
    """Return what waits in one store at this instant. One statement."""
    return now_in([location_id]).get(location_id, NOTHING)
