"""The promise: when goods will be ready, counted in the store's opening hours."""

from datetime import datetime, timedelta

from inventory.places import workload
from inventory.places.queries import Place
from inventory.places.workload import Workload
from orders.fulfilment.workload import in_store

COUNTED = frozenset({"pickup", "reservation"})
"""What is prepared for the counter: promised in opening minutes."""
SHIPS_WITHIN = timedelta(hours=24)
AT_RISK = timedelta(minutes=20)


def promise(*, place: Place, kind: str, now: datetime, pieces: int = 1, waiting: Workload | None = None) -> datetime:
    """Return when a fulfilment that begins now will be ready: for a pickup and a reservation the minutes of
    `inventory.places.workload`, counted in opening time.

    What is carried out is ready at once; a parcel leaves within twenty-four hours. One statement, for these two only,
    unless the caller knows what is waiting.
    """
    if kind in COUNTED:
        queue = in_store(place.id) if waiting is None else waiting
        return workload.ready_at(place, now, pieces=pieces, waiting=queue)
    return now + SHIPS_WITHIN if kind in {"ship", "relay"} else now


def state(*, promised_at: datetime, picking: bool, now: datetime) -> str:
    """Return the mark of a promise in a queue: `late`, `at_risk`, `in_progress` or `new`. Late is a clock, not a
    state."""
    if now >= promised_at:
        return "late"
    if picking:
        return "in_progress"
    return "at_risk" if promised_at - now <= AT_RISK else "new"
