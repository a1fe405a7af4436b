"""Appointments in one call per step, by the services that the screens and the API call."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inventory.places.models import Location
from inventory.places.queries import place
from omni.staff.models import User
from orders.appointments import slots
from orders.appointments.models import Appointment, Offer, Service
from orders.appointments.services import booking, serving
from orders.appointments.services.booking import Wish


def offered(store: Location, *, code: str = "fitting", **settings: Any) -> Offer:
    """Return what a store offers: a fitting of half an hour, two at once, unless `settings` say otherwise."""
    names = {"name_fr": "Essayage", "name_en": "Fitting"}
    service = Service.objects.get_or_create(code=code, defaults=names)[0]
    kept: dict[str, Any] = {"minutes": 30, "seats": 2, "notice_minutes": 0} | settings
    return Offer.objects.get_or_create(location=store, service=service, defaults=kept)[0]


def coming(offer: Offer, *, after: timedelta = timedelta(), now: datetime | None = None) -> datetime:
    """Return when the next slot of an offer begins, or the next after some time."""
    store, wanted = place(offer.location_id), (now or timezone.now()) + after
    today = store.local(wanted).date()
    days = (slots.of_day(store, offer, today + timedelta(days=ahead)) for ahead in range(8))
    return next(slot.starts_at for day in days for slot in day if slot.starts_at > wanted)


def booked(offer: Offer, *, by: User, at: datetime | None = None, wish: Wish | None = None, **more: Any) -> Appointment:
    """Book the next slot, or the one that begins at `at`."""
    kept: dict[str, Any] = {"wish": wish or Wish(name="Nicole Aubert"), "by_house": True} | more
    return booking.book(offer_id=offer.pk, starts_at=at or coming(offer), actor_id=by.pk, **kept)


def every_way(store: Location, clerk: User, variant_id: int) -> dict[str, Appointment]:
    """Walk an appointment of a store in each way that one can go."""
    offer = offered(store, seats=9)
    ways = {way: booked(offer, by=clerk, wish=Wish(name=way, variant_ids=[variant_id])) for way in BOOKED}
    for way in QUEUED:
        ways[way] = serving.take_number(location_id=store.pk, wish=Wish(name=way), actor_id=clerk.pk)
    later = coming(offer, after=timedelta(hours=3))
    booking.move(appointment_id=ways["moved"].pk, starts_at=later, actor_id=clerk.pk, by_house=True)
    booking.cancel(appointment_id=ways["cancelled"].pk, actor_id=clerk.pk, why="mistake")
    at = ways["expected"].starts_at
    for way in ("arrived", "served", "left", "undone"):
        serving.arrive(appointment_id=ways[way].pk, actor_id=clerk.pk, now=at)
    for way in ("served", "served number"):
        serving.call(appointment_id=ways[way].pk, actor_id=clerk.pk)
        serving.serve(appointment_id=ways[way].pk, actor_id=clerk.pk)
    serving.call(appointment_id=ways["called number"].pk, actor_id=clerk.pk)
    serving.miss(appointment_id=ways["left"].pk, actor_id=clerk.pk)
    serving.undo(appointment_id=ways["undone"].pk, actor_id=clerk.pk)
    return {way: Appointment.objects.get(pk=one.pk) for way, one in ways.items()}


BOOKED = ("expected", "moved", "cancelled", "arrived", "served", "left", "undone")
QUEUED = ("number", "called number", "served number")
