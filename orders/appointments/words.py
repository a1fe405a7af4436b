"""How somebody's appointment is told in a word or two."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from orders.appointments.models import Appointment

Status = Appointment.Status
STATES = {
    Status.EXPECTED: "new",
    Status.WAITING: "at_risk",
    Status.WITH_US: "in_progress",
    Status.SERVED: "done",
    Status.NO_SHOW: "late",
    Status.CANCELLED: "neutral",
}
COUNTED_DOWN = timedelta(hours=3)
"""From so long before their time on it is said of who is expected in how many minutes they come."""


def minutes_of(length: timedelta) -> int:
    """Return whole minutes, rounded up."""
    return max(0, -(-int(length.total_seconds()) // 60))


def span(length: timedelta) -> str:
    """Return `33 min` or `1 h 18`."""
    hours, minutes = divmod(minutes_of(length), 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{minutes:02d}"}


def what(one: Appointment) -> str:
    """Return what somebody comes for, and in which seat: `Fitting, place 2`."""
    if one.offer is None:
        return one.note
    name = one.offer.service.name
    if one.kind == Appointment.Kind.WALK_IN:
        return f"{name} · {one.note}" if one.note else name
    if one.of_seats == 1:
        return name
    return _("%(service)s, place %(seat)s") % {"service": name, "seat": one.seat}


def first_name(name: str) -> str:
    """Return how colleagues call each other."""
    return name.split(" ")[0]


def state(one: Appointment, now: datetime) -> str:
    """Return the state's shape: who is expected and late is at risk, and late when their time is over."""
    if one.status == Status.EXPECTED and one.starts_at and one.ends_at:
        return "late" if one.ends_at <= now else "at_risk" if one.starts_at <= now else "new"
    return STATES[Status(one.status)]


def state_words(one: Appointment, now: datetime) -> str:
    """Return how somebody stands, in a word or two and a time."""
    if one.status == Status.WITH_US and one.called_at:
        return _("In progress, %(span)s") % {"span": span(now - one.called_at)}
    if one.status == Status.WAITING and one.arrived_at:
        return _("Waiting, %(span)s") % {"span": span(now - one.arrived_at)}
    if one.status == Status.EXPECTED and one.starts_at:
        if one.starts_at <= now:
            return _("Late, %(span)s") % {"span": span(now - one.starts_at)}
        if one.starts_at - now < COUNTED_DOWN:
            return _("In %(span)s") % {"span": span(one.starts_at - now)}
    return str(one.get_status_display())
