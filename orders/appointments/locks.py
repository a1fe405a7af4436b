"""The locks of appointments: the offer before the appointment; customers come before both."""

from django.db import connection

from orders.appointments.models import Appointment, Offer


def lock_offer(offer_id: int) -> Offer:
    """Lock an offer until the end of the transaction: who books or moves in it takes a seat one after the other."""
    _inside_a_transaction()
    return Offer.objects.select_for_update().get(pk=offer_id)


def lock_appointment(appointment_id: int) -> Appointment:
    """Lock an appointment until the end of the transaction."""
    _inside_a_transaction()
    found: Appointment = Appointment.objects.select_for_update().get(pk=appointment_id)
    return found


def _inside_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
