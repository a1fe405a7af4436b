"""The queue of the day, and how long one waits in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from orders.appointments.models import Appointment

Status = Appointment.Status
UNKNOWN_MINUTES = 15
"""How long somebody takes who did not say what they come for."""
STILL_SERVING = timedelta(hours=1)


def in_turn(day: Iterable[Appointment]) -> list[Appointment]:
    """Return who waits, in the order in which they are received: an appointment counts from its own time, a number
    from when it was taken."""
    waiting = [one for one in day if one.status == Status.WAITING]
    return sorted(waiting, key=lambda one: (one.starts_at or one.arrived_at, one.pk))


def estimate(day: Sequence[Appointment], now: datetime) -> timedelta:
    """Return how long somebody waits who comes now.

    Whoever is serving is free when the duration of what their customer came for is over (now, when it is over already).
    Whoever served within the last hour and serves nobody is free now; when that is nobody at all, one person counts as
    free now. Those who wait are given, in turn, to whoever is free first, each for the duration of what they came for
    (`UNKNOWN_MINUTES` when nobody knows). The answer is when the next one would be received. It looks at nobody's
    breaks, and at no appointment whose customer is not there yet.
    """
    free = _free_at(day, now)
    for one in in_turn(day):
        first = min(range(len(free)), key=free.__getitem__)
        free[first] += _length(one)
    return min(free) - now


def _free_at(day: Sequence[Appointment], now: datetime) -> list[datetime]:
    people: dict[int, datetime] = {}
    for one in day:
        if one.served_by_id is None:
            continue
        if one.status == Status.WITH_US and one.called_at:
            people[one.served_by_id] = max(people.get(one.served_by_id, now), now, one.called_at + _length(one))
        elif one.status == Status.SERVED and one.ended_at and now - one.ended_at < STILL_SERVING:
            people.setdefault(one.served_by_id, now)
    return list(people.values()) or [now]


def _length(one: Appointment) -> timedelta:
    return timedelta(minutes=one.offer.minutes if one.offer else UNKNOWN_MINUTES)
