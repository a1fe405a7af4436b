"""One function per kind of event. An event is an appointment's story and the outbox at once; it says who, where, on
which tablet, and why."""

from datetime import datetime
from typing import Any

from omni.lib.answers import instant
from omni.staff import history
from orders.appointments.models import Appointment, AppointmentEvent

BOOKED = "appointment_booked"
MOVED = "appointment_moved"
CANCELLED = "appointment_cancelled"
CAME_WITHOUT = "came_without_appointment"
ARRIVED = "customer_arrived"
CALLED = "customer_called"
SERVED = "customer_served"
DID_NOT_COME = "customer_did_not_come"
UNDONE = "step_undone"
STEPS = {ARRIVED, CALLED, SERVED, DID_NOT_COME}
"""What a tap does, and another can take back."""


def _write(kind: str, appointment: Appointment, actor_id: int, **data: Any) -> AppointmentEvent:
    return AppointmentEvent.objects.create(
        appointment=appointment, kind=kind, location_id=appointment.location_id, actor_id=actor_id,
        device=history.device(), data=data,
    )  # fmt: skip


def booked(*, appointment: Appointment, actor_id: int) -> AppointmentEvent:
    """Somebody is expected; the follower confirms it to them."""
    return _write(BOOKED, appointment, actor_id, starts_at=instant(appointment.starts_at), seat=appointment.seat,
                  channel=appointment.channel)  # fmt: skip


def moved(*, appointment: Appointment, actor_id: int, was: datetime, why: str) -> AppointmentEvent:
    """The appointment is at another time; the follower tells them."""
    return _write(MOVED, appointment, actor_id, starts_at=instant(appointment.starts_at), seat=appointment.seat,
                  was=instant(was), why=why)  # fmt: skip


def cancelled(*, appointment: Appointment, actor_id: int, why: str) -> AppointmentEvent:
    """Nobody is expected any more; the follower tells them."""
    return _write(CANCELLED, appointment, actor_id, starts_at=instant(appointment.starts_at), why=why)


def came_without(*, appointment: Appointment, actor_id: int) -> AppointmentEvent:
    """Somebody came without an appointment and took a number."""
    return _write(CAME_WITHOUT, appointment, actor_id, number=appointment.number)


def step(*, kind: str, appointment: Appointment, actor_id: int, before: str) -> AppointmentEvent:
    """One of `STEPS` was taken, from the state `before`."""
    return _write(kind, appointment, actor_id, before=before)


def undone(*, appointment: Appointment, actor_id: int, step: AppointmentEvent) -> AppointmentEvent:
    """A step was a mistake."""
    return _write(UNDONE, appointment, actor_id, step=step.kind, event=step.pk)
