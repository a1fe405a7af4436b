"""Booking, moving, cancelling: a seat is taken under the offer's lock, and the database holds it against everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places.queries import Place, place
from omni.lib.answers import instant
from omni.templatetags.omni import moment
from orders.appointments import events, queries, slots
from orders.appointments.errors import (
    NoSuchSlot,
    NotOffered,
    SlotFull,
    SlotPast,
    SlotRefused,
    SlotTooFar,
    SlotTooSoon,
    StoreClosed,
)
from orders.appointments.locks import lock_appointment, lock_offer
from orders.appointments.models import Appointment, BroughtArticle, Offer
from orders.appointments.reminding import remind_at
from orders.appointments.slots import Slot

SEAT_RACE = "appointment_seat_holds_one_at_a_time"
"""What refuses when somebody takes a seat beside the offer's lock."""


@dataclass(frozen=True)
class Wish:
    """Who wants to come, and what for. A customer of the house, or a name; variants to be brought along."""

    customer_id: int | None = None
    name: str = ""
    note: str = ""
    variant_ids: Sequence[int] = ()
    channel: str = "store"


@transaction.atomic
def book(
    *, offer_id: int, starts_at: datetime, wish: Wish, actor_id: int, by_house: bool, now: datetime | None = None
) -> Appointment:
    """Take a seat of the slot that begins at `starts_at`.

    Raises `NotOffered`, and of `SlotRefused`: `StoreClosed`, `NoSuchSlot`, `SlotPast`, `SlotFull`; and for who is not
    of the house (`by_house`) `SlotTooSoon`, `SlotTooFar`. Each names the nearest slots that can be booked.
    """
    now = now or timezone.now()
    offer = lock_offer(offer_id)
    store = place(offer.location_id)
    slot, seat = _seat(store, offer, starts_at, now, by_house=by_house)
    made: Appointment = Appointment.objects.create(
        location_id=offer.location_id, kind=Appointment.Kind.BOOKED, status=Appointment.Status.EXPECTED, offer=offer,
        channel=wish.channel, customer_id=wish.customer_id, name=wish.name, note=wish.note,
        **_time(store, offer, slot, seat, now),
    )  # fmt: skip
    BroughtArticle.objects.bulk_create(
        BroughtArticle(appointment=made, variant_id=pk) for pk in dict.fromkeys(wish.variant_ids)
    )
    events.booked(appointment=made, actor_id=actor_id)
    return made


@transaction.atomic
def move(
    *,
    appointment_id: int,
    starts_at: datetime,
    actor_id: int,
    by_house: bool,
    why: str = "",
    now: datetime | None = None,
) -> Appointment:
    """Let an expected customer come at another time, in the same store for the same service. The same time again does
    nothing. Raises what `book` raises, and `TransitionRefused` for who is not expected any more."""
    now = now or timezone.now()
    offer = lock_offer(_offer_of(appointment_id))
    found = lock_appointment(appointment_id)
    if found.status != Appointment.Status.EXPECTED:
        raise found.refused(Appointment.Status.EXPECTED)
    was = found.starts_at
    if was is None or was == starts_at:
        return found
    store = place(offer.location_id)
    slot, seat = _seat(store, offer, starts_at, now, by_house=by_house, but=found.pk)
    for name, value in _time(store, offer, slot, seat, now).items():
        setattr(found, name, value)
    found.save(update_fields=["on", "starts_at", "ends_at", "seat", "of_seats", "remind_at"])
    events.moved(appointment=found, actor_id=actor_id, was=was, why=why)
    return found


@transaction.atomic
def cancel(*, appointment_id: int, actor_id: int, why: str = "", now: datetime | None = None) -> Appointment:
    """Expect the customer no more; the seat is free. Cancelled twice is cancelled once. Raises `TransitionRefused` for
    who came or did not."""
    found = lock_appointment(appointment_id)
    if found.status == Appointment.Status.CANCELLED:
        return found
    found.move_to(Appointment.Status.CANCELLED, ended_at=now or timezone.now(), remind_at=None)
    events.cancelled(appointment=found, actor_id=actor_id, why=why)
    return found


def not_offered() -> NotOffered:
    """Return the refusal of a service that the store does not offer, or not any more."""
    return NotOffered(_("This is not offered here any more."))


def _offer_of(appointment_id: int) -> int:
    found = Appointment.objects.get(pk=appointment_id)
    if found.offer_id is None or found.kind != Appointment.Kind.BOOKED:
        raise found.refused(Appointment.Status.EXPECTED)
    return int(found.offer_id)


def _time(store: Place, offer: Offer, slot: Slot, seat: int, now: datetime) -> dict[str, object]:
    return {
        "on": store.local(slot.starts_at).date(),
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "seat": seat,
        "of_seats": offer.seats,
        "remind_at": remind_at(store, slot.starts_at, now),
    }


def _seat(
    store: Place, offer: Offer, starts_at: datetime, now: datetime, *, by_house: bool, but: int | None = None
) -> tuple[Slot, int]:
    """Return the slot and its lowest free seat. The offer is locked by whoever asks."""
    if not offer.is_open:
        raise not_offered()
    refused = _why_not(store, offer, starts_at, now, by_house=by_house)
    if refused is None:
        slot = Slot(starts_at, starts_at + timedelta(minutes=offer.minutes))
        free = queries.free_seats(slot, offer.seats, queries.taken(offer, slot.starts_at, slot.ends_at, but=but))
        if free:
            return slot, free[0]
        refused = SlotFull(_("%(when)s is fully booked.") % {"when": moment(starts_at, store.zone)})
    raise _with_nearest(refused, store, offer, starts_at, now, by_house=by_house)


def _why_not(store: Place, offer: Offer, starts_at: datetime, now: datetime, *, by_house: bool) -> SlotRefused | None:
    when = {"when": moment(starts_at, store.zone), "store": store.name}
    if starts_at < now:
        return SlotPast(_("%(when)s has begun already.") % when)
    day = store.local(starts_at).date()
    if all(slot.starts_at != starts_at for slot in slots.of_day(store, offer, day)):
        if slots.stretches(store, offer, starts_at, starts_at + timedelta(minutes=offer.minutes)):
            return NoSuchSlot(_("No appointment begins %(when)s at %(store)s.") % when)
        return StoreClosed(_("%(store)s does not offer this %(when)s.") % when)
    if not by_house and starts_at < now + timedelta(minutes=offer.notice_minutes):
        return SlotTooSoon(_("%(when)s is too soon to be booked.") % when)
    if not by_house and day > store.local(now).date() + timedelta(days=offer.days_ahead):
        return SlotTooFar(_("%(when)s is too far ahead to be booked.") % when)
    return None


def _with_nearest(
    refused: SlotRefused, store: Place, offer: Offer, starts_at: datetime, now: datetime, *, by_house: bool
) -> SlotRefused:
    free = queries.nearest(store, offer, starts_at, now, by_house=by_house)
    words = refused.message
    if free:
        times = ", ".join(moment(slot.starts_at, store.zone) for slot in free)
        words = f"{words} " + _("Free: %(times)s.") % {"times": times}
    return type(refused)(words, extra={"nearest": [instant(slot.starts_at) for slot in free]})
