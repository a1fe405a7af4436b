"""Telling the manager of a promise in danger: at set points, each once."""

from collections.abc import Iterable
from datetime import datetime

from inventory.places import hours
from inventory.places.queries import Place, place
from omni.lib import sql
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.outlook import StillOpen
from orders.fulfilment.promise_models import Escalation

Point = Escalation.Point

# Whoever became ready meanwhile needs nobody; whoever was told of already is not told of again, be it by two workers.
TELL = """
INSERT INTO fulfilment_escalation (fulfilment_id, point, promised_at)
SELECT one.id, due.point, due.promised_at
FROM json_to_recordset(%s::json) AS due(id bigint, point text, promised_at timestamptz)
JOIN fulfilment_fulfilment one ON one.id = due.id AND one.status IN ('to_pick', 'picking')
ON CONFLICT (fulfilment_id, point) DO NOTHING
"""


def tell_due(queue: Iterable[StillOpen], now: datetime) -> int:
    """Tell the managers of every pickup that reached a point; return how many points. One statement, none when there is
    nothing to tell. May run twice."""
    due = [
        {"id": one.id, "point": point, "promised_at": one.promised_at.isoformat()}
        for one in queue
        if one.kind in Fulfilment.AT_THE_COUNTER
        for point in points_reached(place(one.location_id), one.promised_at, now)
        if point not in one.points
    ]
    return sql.run(TELL, [sql.records(due)]) if due else 0


def points_reached(store: Place, promised_at: datetime, now: datetime) -> list[str]:
    """Return the points that a promise has passed, in minutes of the store's opening time; none while it is closed:
    there is nobody who could do anything about it."""
    if not hours.is_open(store, now):
        return []
    if now < promised_at:
        left = hours.open_minutes_between(store, now, promised_at)
        return [Point.BEFORE.value] if store.warn_minutes and left <= store.warn_minutes else []
    over = hours.open_minutes_between(store, promised_at, now)
    overdue = store.overdue_minutes and over >= store.overdue_minutes
    return [Point.DUE.value, *([Point.OVERDUE.value] if overdue else [])]
