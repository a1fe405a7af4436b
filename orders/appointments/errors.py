"""Refusals of appointments."""

from omni.lib.errors import BadRequest, Refusal


class SlotRefused(Refusal):
    """The slot cannot be booked; `extra["nearest"]` names the nearest ones that can, as instants."""

    code = "slot_refused"
    status = 409


class StoreClosed(SlotRefused):
    """The store is closed then, or does not offer the service at that hour."""

    code = "store_closed"


class NoSuchSlot(SlotRefused):
    """The store is open, but no slot begins at that instant."""

    code = "no_such_slot"


class SlotPast(SlotRefused):
    """The slot has begun."""

    code = "slot_past"


class SlotTooSoon(SlotRefused):
    """The slot begins sooner than the store wants to know."""

    code = "slot_too_soon"


class SlotTooFar(SlotRefused):
    """The slot is farther ahead than the store plans."""

    code = "slot_too_far"


class SlotFull(SlotRefused):
    """Every seat of the slot is taken."""

    code = "slot_full"


class NotOffered(Refusal):
    """The store does not offer the service, or not any more."""

    code = "not_offered"
    status = 409


class AppointmentRefused(BadRequest):
    """The request for an appointment is wrong; `problems` names each field."""

    code = "appointment_refused"


class NotToday(Refusal):
    """Arrivals and absences are said on the day itself, absences once the time has come."""

    code = "not_today"
    status = 409


class NothingToUndo(Refusal):
    """The last step was taken more than ten minutes ago, or is none that can be taken back."""

    code = "nothing_to_undo"
    status = 409
