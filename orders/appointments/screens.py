"""What the pages of appointments show, as plain values."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place
from omni.staff.access import Actor
from omni.staff.once import new_key
from omni.templatetags.omni import clock
from orders.appointments import queries, waiting
from orders.appointments.detail_screen import detail, step_url
from orders.appointments.models import Appointment
from orders.appointments.words import COUNTED_DOWN, first_name, minutes_of, span, state, state_words, what

Status = Appointment.Status
LONG = timedelta(minutes=8)
"""Whoever has waited so long is marked."""


def day_version(store: Place, on: date, now: datetime) -> str:
    """Return what a page of a day is compared by. One statement. The minutes count while somebody waits, is late, or
    comes within three hours."""
    word, is_moving = queries.version(store.id, on, now + COUNTED_DOWN)
    return f"{word}.{store.local(now):%H%M}" if is_moving else f"{word}.{store.local(now):%d}"


def day(
    store: Place, on: date, actor: Actor, now: datetime, *, version: str, selected: Appointment | None = None
) -> dict[str, Any]:
    """Return the context of a store's day: who is expected, one of them in full, who waits. Four statements beside the
    version's, six with somebody selected."""
    everybody = queries.of_day(store.id, on)
    booked = [one for one in everybody if one.kind == Appointment.Kind.BOOKED and one.status != Status.CANCELLED]
    queue = waiting.in_turn(everybody)
    today = store.local(now).date()
    chosen = selected or _next(booked, queue, now)
    address = chosen.get_absolute_url() if selected and chosen else f"{reverse('appointments')}?on={on.isoformat()}"
    return {
        "store": store,
        "on": on,
        "is_today": on == today,
        "is_one": selected is not None,
        "day_url": f"{reverse('appointments')}?on={on.isoformat()}",
        "before_url": f"{reverse('appointments')}?on={on - timedelta(days=1)}",
        "after_url": f"{reverse('appointments')}?on={on + timedelta(days=1)}",
        "today_url": reverse("appointments"),
        "live_url": address,
        "version": version,
        "booked": [_booked_row(one, store, now, chosen) for one in booked],
        "counts": {"booked": len(booked), "waiting": len(queue), "with_us": _count(everybody, Status.WITH_US)},
        "queue": [_queue_row(one, store, now) for one in queue],
        "being_served": [_served_row(one, now) for one in everybody if one.status == Status.WITH_US],
        "estimate": _estimate(everybody, now) if on == today else "",
        "one": detail(chosen, store, now) if chosen else None,
        "may_serve": actor.may("appointments.serve"),
    }


def _count(everybody: Sequence[Appointment], status: str) -> int:
    return sum(one.status == status for one in everybody)


def _next(booked: list[Appointment], queue: list[Appointment], now: datetime) -> Appointment | None:
    """Return whom the page opens with: who is being served is known; it is who comes next, else who waits, else the
    last."""
    coming = [
        one for one in booked if one.status in {Status.EXPECTED, Status.WAITING} and one.ends_at and one.ends_at > now
    ]
    return next(iter([*coming, *queue, *booked[::-1]]), None)


def _booked_row(one: Appointment, store: Place, now: datetime, chosen: Appointment | None) -> dict[str, Any]:
    return {
        "key": str(one.public_id),
        "url": one.get_absolute_url(),
        "time": clock(one.starts_at, store.zone),
        "name": one.who,
        "what": what(one),
        "who_serves": first_name(one.served_by.name) if one.served_by else "",
        "state": state(one, now),
        "state_words": state_words(one, now),
        "selected": chosen is not None and one.pk == chosen.pk,
    }


def _queue_row(one: Appointment, store: Place, now: datetime) -> dict[str, Any]:
    waited = now - one.arrived_at if one.arrived_at else timedelta()
    return {
        "key": str(one.public_id),
        "url": one.get_absolute_url(),
        "number": one.number or "",
        "time": clock(one.starts_at, store.zone) if one.starts_at else "",
        "name": one.who,
        "what": what(one),
        "since": _("for %(span)s") % {"span": span(waited)},
        "is_long": waited >= LONG,
        "call_url": step_url(one, "call"),
        "idempotency_key": new_key(),
    }


def _served_row(one: Appointment, now: datetime) -> dict[str, Any]:
    return {
        "url": one.get_absolute_url(),
        "name": one.who,
        "who_serves": first_name(one.served_by.name) if one.served_by else "",
        "state_words": state_words(one, now),
    }


def _estimate(everybody: Sequence[Appointment], now: datetime) -> str:
    minutes = minutes_of(waiting.estimate(everybody, now))
    if not minutes:
        return _("Who comes now does not wait.")
    return ngettext(
        "Who comes now waits about %(minutes)s minute.", "Who comes now waits about %(minutes)s minutes.", minutes
    ) % {"minutes": minutes}
