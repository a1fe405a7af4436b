"""What is still to be prepared in a store, in which order, and when each of it will be ready as things stand now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from inventory.places import hours, workload
from inventory.places.queries import Place, place
from omni.lib import sql
from orders.fulfilment.workload import now_in

# What somebody has in hand goes on; the rest is taken in the order of its promises, as Today shows it.
STILL_OPEN = """
SELECT one.id, one.location_id, one.kind, one.promised_at, slice.pieces, lowered.times, lowered.last_at,
       coalesce(told.points, '{}') AS points
FROM fulfilment_fulfilment one
CROSS JOIN LATERAL (
    SELECT coalesce(sum(line.quantity - line.picked - line.short), 0) AS pieces
    FROM fulfilment_fulfilmentline line WHERE line.fulfilment_id = one.id
) slice
CROSS JOIN LATERAL (
    SELECT count(*) AS times, max(created_at) AS last_at
    FROM fulfilment_loweredpromise change WHERE change.fulfilment_id = one.id
) lowered
CROSS JOIN LATERAL (
    SELECT array_agg(point::text ORDER BY id) AS points
    FROM fulfilment_escalation told WHERE told.fulfilment_id = one.id
) told
WHERE one.location_id = ANY(%s::bigint[]) AND one.status IN ('to_pick', 'picking')
ORDER BY one.location_id, one.status = 'picking' DESC, one.promised_at, one.id
"""


@dataclass(frozen=True)
class StillOpen:
    """One order of a store's queue. `pieces` are not yet picked; `points` those of which the manager was told."""

    id: int
    location_id: int
    kind: str
    promised_at: datetime
    pieces: int
    times_lowered: int
    last_lowered_at: datetime | None
    points: frozenset[str]


@dataclass(frozen=True)
class Outlook:
    """When an order will be ready, and the figures that say so: orders and pieces up to it, people at work."""

    open: StillOpen
    ready_at: datetime
    orders: int
    pieces: int
    people: int

    @property
    def late_by(self) -> timedelta:
        """How much later than promised; negative when there is time left."""
        return self.ready_at - self.open.promised_at


def still_open(location_ids: Collection[int]) -> list[StillOpen]:
    """Return what some stores have to prepare, each store's in the order in which it is done. One statement."""
    return [
        StillOpen(pk, location_id, kind, promised_at, int(pieces), times, last_at, frozenset(points))
        for pk, location_id, kind, promised_at, pieces, times, last_at, points in sql.tuples(
            STILL_OPEN, [sql.numbers(location_ids)]
        )
    ]


def of(location_ids: Collection[int], now: datetime) -> list[Outlook]:
    """Return the outlook of everything that some stores have to prepare. Two statements, whatever their number."""
    queues: dict[int, list[StillOpen]] = {}
    for one in still_open(location_ids):
        queues.setdefault(one.location_id, []).append(one)
    shifts = now_in(queues) if queues else {}
    return [
        found
        for pk, queue in queues.items()
        for found in in_turn(place(pk), queue, workload.people_at(place(pk), shifts[pk].people, now), now)
    ]


def in_turn(store: Place, queue: Iterable[StillOpen], people: int, now: datetime) -> Iterable[Outlook]:
    """Say of each order of a queue when it will be ready: the work up to it shared by the people, but never less than
    what one person needs for it alone, counted in opening hours from now on."""
    orders = pieces = 0
    for one in queue:
        orders, pieces = orders + 1, pieces + one.pieces
        together = workload.shared(workload.work_minutes(store, orders, pieces), people)
        needed = max(together, workload.work_minutes(store, 1, one.pieces))
        yield Outlook(one, hours.after_open_minutes(store, now, needed), orders, pieces, people)
