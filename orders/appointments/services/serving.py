"""The day at the counter: who is there, who took a number, who is being served, who did not come; and the way back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places.queries import place
from omni.lib import sql
from orders.appointments import events
from orders.appointments.errors import NothingToUndo, NotToday
from orders.appointments.locks import lock_appointment
from orders.appointments.models import Appointment, AppointmentEvent
from orders.appointments.reminding import remind_at
from orders.appointments.services.booking import Wish

Status = Appointment.Status
UNDO_WITHIN = timedelta(minutes=10)
TAPPED_FROM = {
    events.ARRIVED: {Status.EXPECTED},
    events.CALLED: {Status.WAITING},
    events.SERVED: {Status.WITH_US},
    events.DID_NOT_COME: {Status.EXPECTED, Status.WAITING, Status.WITH_US},
}
"""Where each step goes on from. The other legal moves are ways back, and belong to `undo`, which clears what they
leave: a tablet that shows an older state taps none of them."""

NEXT_NUMBER = """
INSERT INTO appointments_numbercounter (location_id, "on", last) VALUES (%s::bigint, %s::date, 1)
ON CONFLICT (location_id, "on") DO UPDATE SET last = appointments_numbercounter.last + 1
RETURNING last
"""


@transaction.atomic
def take_number(
    *, location_id: int, wish: Wish, actor_id: int, offer_id: int | None = None, now: datetime | None = None
) -> Appointment:
    """Let somebody who came without an appointment wait under the next number of the store's day, from 1 on."""
    now = now or timezone.now()
    today = place(location_id).local(now).date()
    made: Appointment = Appointment.objects.create(
        location_id=location_id, kind=Appointment.Kind.WALK_IN, status=Status.WAITING, offer_id=offer_id,
        channel=wish.channel, customer_id=wish.customer_id, name=wish.name, note=wish.note, on=today, arrived_at=now,
        number=sql.row(NEXT_NUMBER, [location_id, today]).last,
    )  # fmt: skip
    events.came_without(appointment=made, actor_id=actor_id)
    return made


@transaction.atomic
def arrive(*, appointment_id: int, actor_id: int, now: datetime | None = None) -> Appointment:
    """The expected customer is there. Raises `NotToday` on another day, `TransitionRefused`."""
    now = now or timezone.now()
    found = lock_appointment(appointment_id)
    if found.on != place(found.location_id).local(now).date():
        raise NotToday(_("This appointment is on another day: move it first."))
    return _step(found, Status.WAITING, events.ARRIVED, actor_id, arrived_at=now, remind_at=None)


@transaction.atomic
def call(*, appointment_id: int, actor_id: int, now: datetime | None = None) -> Appointment:
    """The actor receives who waits. Raises `TransitionRefused` when somebody else did."""
    found = lock_appointment(appointment_id)
    return _step(found, Status.WITH_US, events.CALLED, actor_id, called_at=now or timezone.now(), served_by_id=actor_id)


@transaction.atomic
def serve(*, appointment_id: int, actor_id: int, now: datetime | None = None) -> Appointment:
    """The customer leaves, served. Raises `TransitionRefused`."""
    return _step(
        lock_appointment(appointment_id), Status.SERVED, events.SERVED, actor_id, ended_at=now or timezone.now()
    )


@transaction.atomic
def miss(*, appointment_id: int, actor_id: int, now: datetime | None = None) -> Appointment:
    """The customer did not come, or left before anybody had time. Raises `NotToday` before the time has come."""
    now = now or timezone.now()
    found = lock_appointment(appointment_id)
    if found.status == Status.EXPECTED and found.starts_at and found.starts_at > now:
        raise NotToday(_("The time of this appointment has not come yet."))
    return _step(found, Status.NO_SHOW, events.DID_NOT_COME, actor_id, ended_at=now, remind_at=None)


@transaction.atomic
def undo(*, appointment_id: int, actor_id: int, now: datetime | None = None) -> Appointment:
    """Take back the last step, a mistaken tap: all is as before it, a reminder that has not left yet included. Raises
    `NothingToUndo` ten minutes after it, and for what is no tap (bookings are moved or cancelled)."""
    now = now or timezone.now()
    found = lock_appointment(appointment_id)
    last = found.events.order_by("-pk").first()
    if last is None or not undoable(last, now):
        raise NothingToUndo(_("Only the last step can be undone, for ten minutes."))
    before = last.data["before"]
    cleared: dict[str, object] = {"ended_at": None} if found.status in Appointment.OVER else {}
    if before in {Status.EXPECTED, Status.WAITING}:
        cleared |= {"called_at": None, "served_by_id": None}
    if before == Status.EXPECTED:
        cleared |= {"arrived_at": None, "remind_at": _remind_at(found, now)}
    found.move_to(before, **cleared)
    events.undone(appointment=found, actor_id=actor_id, step=last)
    return found


def _remind_at(found: Appointment, now: datetime) -> datetime | None:
    return remind_at(place(found.location_id), found.starts_at, now) if found.starts_at else None


def undoable(last: AppointmentEvent, now: datetime) -> bool:
    """Whether an appointment's last event is a step that can still be taken back."""
    return last.kind in events.STEPS and now - last.created_at < UNDO_WITHIN


def _step(found: Appointment, status: str, kind: str, actor_id: int, **changes: object) -> Appointment:
    before = found.status
    if before not in TAPPED_FROM[kind]:
        raise found.refused(status)
    found.move_to(status, **changes)
    events.step(kind=kind, appointment=found, actor_id=actor_id, before=before)
    return found
