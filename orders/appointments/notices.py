"""What a customer is told of an appointment, and when. Followers take an event's id and may run twice: one message for
each cause."""

import logging
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.queries import Place, place
from omni.lib.answers import instant
from orders.appointments import queries
from orders.appointments.locks import lock_appointment
from orders.appointments.models import Appointment, AppointmentEvent

logger = logging.getLogger(__name__)

BOOKED, MOVED, CANCELLED = "appointment_booked", "appointment_moved", "appointment_cancelled"
REMINDER = "appointment_reminder"
TEMPLATES = {BOOKED, MOVED, CANCELLED, REMINDER}
IS_OFF, IS_MOVED, HAS_COME = "appointment_off", "appointment_moved", "appointment_came"
"""Why a message about an appointment is no longer true."""


def tell_booked(event_id: int) -> None:
    """Confirm an appointment."""
    _tell(event_id, BOOKED)


def tell_moved(event_id: int) -> None:
    """Tell the customer the new time."""
    _tell(event_id, MOVED)


def tell_cancelled(event_id: int) -> None:
    """Tell the customer that nobody expects them any more."""
    _tell(event_id, CANCELLED)


def _tell(event_id: int, template: str) -> None:
    event = AppointmentEvent.objects.get(pk=event_id)
    found = queries.whole().get(pk=event.appointment_id)
    at = parse_datetime(event.data["starts_at"])
    if at is not None:
        _queue(found, template, at, f"appointment-event/{event.pk}")


def remind_due(*, limit: int = 200) -> int:
    """Queue the reminder of every appointment whose time to be reminded of has come; return how many were due. One that
    somebody has in hand, or that cannot be written, waits for the next turn."""
    due = Appointment.objects.filter(remind_at__lte=Now()).order_by("remind_at", "pk")
    reminded = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        try:
            reminded += _remind(pk)
        except DatabaseError:
            logger.exception("the reminder of appointment %s could not be written", pk)
    return reminded


@transaction.atomic
def _remind(pk: int) -> bool:
    locked = lock_appointment(pk)
    is_due = Appointment.objects.filter(pk=pk, remind_at__lte=Now()).update(remind_at=None)
    if not is_due or locked.status != Appointment.Status.EXPECTED or locked.starts_at is None:
        return False
    found = queries.whole().get(pk=pk)
    _queue(found, REMINDER, locked.starts_at, f"appointment/{pk}/reminder/{instant(locked.starts_at)}")
    return True


def _queue(found: Appointment, template: str, at: datetime, reference: str) -> None:
    if found.customer is None:
        return
    store = place(found.location_id)
    with translation.override(found.customer.language):
        queue_message(
            customer=found.customer,
            template=template,
            subject=_subject(template) % {"store": store.name, "when": _when(store, at)},
            reference=reference,
            facts={"appointment": found.pk, "starts_at": instant(at)},
            location_id=found.location_id,
        )


def _subject(template: str) -> str:
    return {
        BOOKED: _("Your appointment at %(store)s, %(when)s"),
        MOVED: _("Your appointment at %(store)s is now %(when)s"),
        CANCELLED: _("Your appointment at %(store)s is cancelled"),
        REMINDER: _("We expect you at %(store)s, %(when)s"),
    }[template]


def outdated(message: Message) -> str:
    """Return why a message is no longer true: nobody is reminded of what was cancelled, moved, or has begun."""
    if message.template == CANCELLED:
        return ""
    found = Appointment.objects.get(pk=message.facts["appointment"])
    if found.status == Appointment.Status.CANCELLED:
        return IS_OFF
    if instant(found.starts_at) != message.facts["starts_at"]:
        return IS_MOVED
    return "" if found.status == Appointment.Status.EXPECTED else HAS_COME


def compose(message: Message) -> dict[str, Any]:
    """Return what a message's template shows."""
    found = queries.whole().get(pk=message.facts["appointment"])
    store = place(found.location_id)
    at = parse_datetime(message.facts["starts_at"])
    return {
        "first_name": message.customer.given_name or message.customer.name,
        "house": settings.HOUSE_NAME,
        "store": store.name,
        "address": store.address_line,
        "service": found.offer.service.name if found.offer else "",
        "when": _when(store, at) if at else "",
        "minutes": found.offer.minutes if found.offer else 0,
        "articles": [
            f"{row.variant.product.name} {row.variant.label}".strip() for row, _free in queries.brought(found)
        ],
        "code": "",
    }


def _when(store: Place, at: datetime) -> str:
    """Return day and time of the store as a sentence names them: `dimanche 29 novembre, 12:00`."""
    local = store.local(at)
    day = format_date(local.date(), "EEEE d MMMM", locale=translation.get_language() or "en")
    return f"{day}, {local:%H:%M}"
