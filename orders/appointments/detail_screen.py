"""What the page of one appointment shows: who, what for, what happened, what can be done now."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inventory.places.queries import Place
from omni.staff.once import new_key
from omni.templatetags.omni import clock, figure, moment
from orders.appointments import events, queries
from orders.appointments.forms import CancelReason
from orders.appointments.models import Appointment, AppointmentEvent
from orders.appointments.services.serving import undoable
from orders.appointments.words import span, state, state_words, what

Status = Appointment.Status


def detail(one: Appointment, store: Place, now: datetime) -> dict[str, Any]:
    """Return one appointment in full: who, what for, what to lay ready, what happened, what can be done now."""
    told = queries.story(one)
    is_expected = one.status == Status.EXPECTED
    has_begun = bool(one.starts_at and one.starts_at <= now)
    return {
        "title": _title(one, store),
        "length": _length(one),
        "name": one.who,
        "customer_url": reverse("customer", args=[one.customer.code]) if one.customer else "",
        "what": what(one),
        "note": one.note if one.offer else "",
        "state": state(one, now),
        "state_words": state_words(one, now),
        "articles": [_article(row.variant, free) for row, free in queries.brought(one)],
        "story": [_told(event, store) for event in told],
        "primary": _primary(one, store, now),
        "absence_url": step_url(one, "absence")
        if one.status in {Status.WAITING, Status.WITH_US} or (is_expected and has_begun)
        else "",
        "undo": _undo(one, told, store, now),
        "move_url": reverse("appointment-time", args=[one.public_id]) if is_expected else "",
        "cancel_url": reverse("appointment-cancellation", args=[one.public_id]) if is_expected else "",
        "idempotency_key": new_key(),
    }


def _title(one: Appointment, store: Place) -> str:
    if one.starts_at is None:
        return _("Number %(number)s") % {"number": one.number}
    if one.of_seats == 1:
        return str(clock(one.starts_at, store.zone))
    return _("%(time)s, place %(seat)s") % {"time": clock(one.starts_at, store.zone), "seat": one.seat}


def _length(one: Appointment) -> str:
    if one.starts_at is None or one.ends_at is None:
        return ""
    return span(one.ends_at - one.starts_at)


def _article(variant: Any, free: int) -> dict[str, Any]:
    here = ngettext("%(number)s here", "%(number)s here", free) % {"number": figure(free)}
    return {
        "name": variant.product.name,
        "detail": variant.label,
        "picture": variant.product.picture,
        "shelf": variant.shelf,
        "here": here if free else _("None here"),
        "is_here": free > 0,
        "url": f"{reverse('stock')}?q={variant.sku}",
    }


def _primary(one: Appointment, store: Place, now: datetime) -> dict[str, str] | None:
    """Return the one step that comes next."""
    if one.status == Status.EXPECTED and one.on == store.local(now).date():
        return {"url": step_url(one, "arrival"), "label": _("Is here"), "icon": "sign-in"}
    if one.status == Status.WAITING:
        return {"url": step_url(one, "call"), "label": _("Receive %(name)s") % {"name": one.who}, "icon": "person"}
    if one.status == Status.WITH_US:
        return {"url": step_url(one, "end"), "label": _("Served, the customer leaves"), "icon": "check"}
    return None


def _undo(one: Appointment, told: list[AppointmentEvent], store: Place, now: datetime) -> dict[str, str] | None:
    if not told or not undoable(told[-1], now):
        return None
    words = _("%(what)s at %(time)s by %(who)s.")
    said = {"what": told_words(told[-1]), "time": clock(told[-1].created_at, store.zone), "who": told[-1].actor.name}
    return {"url": step_url(one, "undo"), "text": words % said}


def _told(event: AppointmentEvent, store: Place) -> dict[str, Any]:
    return {
        "what": told_words(event),
        "more": _why(event, store),
        "at": event.created_at,
        "who": event.actor.name,
        "device": event.device,
    }


def _why(event: AppointmentEvent, store: Place) -> str:
    if event.kind == events.MOVED:
        return _("instead of %(when)s") % {"when": moment(datetime.fromisoformat(event.data["was"]), store.zone)}
    if event.kind == events.UNDONE:
        return told_words(AppointmentEvent(kind=event.data["step"]))
    why = event.data.get("why", "")
    return str(CancelReason(why).label) if why in CancelReason.values else ""


def told_words(event: AppointmentEvent) -> str:
    """Return what happened, in words."""
    return {
        events.BOOKED: _("Booked"),
        events.MOVED: _("Moved"),
        events.CANCELLED: _("Cancelled"),
        events.CAME_WITHOUT: _("Took a number"),
        events.ARRIVED: _("Came"),
        events.CALLED: _("Received"),
        events.SERVED: pgettext("appointment", "Served"),
        events.DID_NOT_COME: _("Did not come"),
        events.UNDONE: _("Taken back"),
    }[event.kind]


def step_url(one: Appointment, step: str) -> str:
    """Return where a step of the day is posted."""
    return reverse("appointment-step", args=[one.public_id, step])
