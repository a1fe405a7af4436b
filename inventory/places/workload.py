"""How long the work of a store takes: the queue before an order, the people who prepare, the clock on the wall.

    minutes of preparation = the later of  pickup_minutes
                                      and  (orders x minutes_per_order + pieces x minutes_per_piece) / people

`orders` and `pieces` are what still has to be prepared, the asking order included. `people` is who was lately at work
on the store's tablets, and never fewer than the manager says for that weekday. The minutes are counted in opening hours
(`hours.after_open_minutes`).

Source: the queue-length estimate of a wait, (n + 1) / (s x mu) for n who wait, s who serve and mu the rate of one of
them: W. Whitt, "Predicting Queueing Delays", Management Science 45 (1999). Its terms are the store's own figures. It is
simple on purpose: it supposes that people share the work evenly and stay as many as they are now.

The queue belongs to the orders, above this room; they tell of it through `told_by`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.places import hours
from inventory.places.queries import Place


@dataclass(frozen=True)
class Workload:
    """What waits in a store: orders and pieces still to prepare, and people seen at work there lately."""

    orders: int = 0
    pieces: int = 0
    people: int = 0


NOTHING = Workload()
Source = Callable[[Collection[int]], Mapping[int, Workload]]
_sources: list[Source] = []


def told_by(source: Source) -> None:
    """Let `source` tell of the queues: location ids to what waits there. Called once, when the process begins."""
    _sources[:] = [source]


def of(location_ids: Collection[int]) -> Mapping[int, Workload]:
    """Return what waits in each store, a few seconds old at most (`WORKLOAD_SECONDS`)."""
    return _sources[0](location_ids) if _sources else {}


def people_at(place: Place, signed_in: int, now: datetime) -> int:
    """Return how many people prepare when the store works next; at least one.

    While it is open those at work count, where they are more than the manager says; while it is closed only the
    manager's figure of the weekday on which it opens.
    """
    opens = hours.next_opening(place, now)
    floor = place.people_by_day[place.local(opens or now).weekday()]
    return max(1, floor, 0 if opens else signed_in)


def work_minutes(place: Place, orders: int, pieces: int) -> int:
    """Return the minutes that one person needs for so many orders with so many pieces."""
    return orders * place.minutes_per_order + pieces * place.minutes_per_piece


def shared(work: int, people: int) -> int:
    """Return the minutes that work takes when so many share it, begun minutes as whole ones."""
    return -(-work // people)


def minutes(place: Place, waiting: Workload, pieces: int, now: datetime) -> int:
    """Return the minutes of opening time until an order of `pieces` that is placed now will be ready."""
    work = work_minutes(place, waiting.orders + 1, waiting.pieces + pieces)
    if work <= place.pickup_minutes:  # one person alone is fast enough: nobody has to be counted
        return place.pickup_minutes
    return max(place.pickup_minutes, shared(work, people_at(place, waiting.people, now)))


def ready_at(place: Place, now: datetime, *, pieces: int = 1, waiting: Workload = NOTHING) -> datetime:
    """Return when an order of `pieces` that is placed now will be ready to collect (UTC)."""
    return hours.after_open_minutes(place, now, minutes(place, waiting, pieces, now))
