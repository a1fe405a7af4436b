"""Reading appointments: what is free, who is expected on a day, what changes a page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from inventory.places.queries import Place
from inventory.stock.lookup import promised
from inventory.stock.models import StockLevel
from omni.lib import sql
from orders.appointments import slots
from orders.appointments.models import Appointment, AppointmentEvent, BroughtArticle, Offer
from orders.appointments.slots import Slot

MOST_DAYS = 31
NEAREST = 3

VERSION = """
SELECT bit_xor(hashtextextended(id || ':' || xmin::text, 0)) AS word,
       count(*) FILTER (WHERE status IN ('waiting', 'with_us')
                           OR status = 'expected' AND starts_at < %(soon)s::timestamptz) AS moving
FROM appointments_appointment
WHERE location_id = %(store)s::bigint AND "on" = %(on)s::date
"""

SOON = """
SELECT count(*) FILTER (WHERE status = 'waiting') AS waiting,
       count(*) FILTER (WHERE status = 'expected' AND starts_at <= %(now)s::timestamptz + interval '1 hour'
                        AND ends_at > %(now)s::timestamptz) AS coming
FROM appointments_appointment
WHERE location_id = %(store)s::bigint AND "on" = %(today)s::date AND status IN ('waiting', 'expected')
"""
"""Who waits, and who comes within the hour: one row, to be joined to a statement that runs anyway."""


def offers(location_id: int, *, also_closed: bool = False) -> list[Offer]:
    """Return what a store offers, in the order of its settings."""
    found = Offer.objects.filter(location=location_id).select_related("service").order_by("pk")
    return list(found if also_closed else found.filter(is_open=True))


Held = tuple[datetime, datetime, int]
"""From when to when somebody has a seat, and which."""


def taken(offer: Offer, begins: datetime, ends: datetime, *, but: int | None = None) -> list[Held]:
    """Return who has which seat of an offer between two instants; `but` names an appointment that does not count."""
    found = Appointment.objects.filter(offer=offer, kind=Appointment.Kind.BOOKED)
    found = found.filter(starts_at__lt=ends, ends_at__gt=begins).exclude(status=Appointment.Status.CANCELLED)
    held: list[Any] = list(found.exclude(pk=but or 0).values_list("starts_at", "ends_at", "seat"))
    return held


def free_seats(slot: Slot, seats: int, taken: Iterable[Held]) -> list[int]:
    """Return the seats that nobody has during a slot."""
    held = {seat for first, last, seat in taken if first < slot.ends_at and last > slot.starts_at}
    return [seat for seat in range(1, seats + 1) if seat not in held]


def with_seats(place: Place, offer: Offer, first: date, last: date, *, but: int | None = None) -> list[Slot]:
    """Return the slots from one day of the store to another, each with its free seats. One statement."""
    days = min(MOST_DAYS, (last - first).days + 1)
    every = [slot for ahead in range(days) for slot in slots.of_day(place, offer, first + timedelta(days=ahead))]
    if not every:
        return []
    known = taken(offer, every[0].starts_at, max(slot.ends_at for slot in every), but=but)
    return [Slot(one.starts_at, one.ends_at, len(free_seats(one, offer.seats, known))) for one in every]


def bookable(place: Place, offer: Offer, found: Sequence[Slot], now: datetime, *, by_house: bool) -> list[Slot]:
    """Return the slots that somebody can book now: not begun, with a free seat, and for who is not of the house neither
    too soon nor too far ahead."""
    earliest = now if by_house else now + timedelta(minutes=offer.notice_minutes)
    last_day = place.local(now).date() + timedelta(days=offer.days_ahead)
    return [
        one
        for one in found
        if one.free and one.starts_at >= earliest and (by_house or place.local(one.starts_at).date() <= last_day)
    ]


def nearest(place: Place, offer: Offer, to: datetime, now: datetime, *, by_house: bool) -> list[Slot]:
    """Return the few bookable slots nearest to an instant, in the order of time; within a week of it."""
    wanted = max(to, now)
    day = place.local(wanted).date()
    found = with_seats(place, offer, day - timedelta(days=1), day + timedelta(days=7))
    free = bookable(place, offer, found, now, by_house=by_house)
    return sorted(sorted(free, key=lambda one: abs(one.starts_at - wanted))[:NEAREST], key=lambda one: one.starts_at)


def of_day(location_id: int, on: date) -> list[Appointment]:
    """Return everybody of a store's day, cancelled ones too, with customer, offer and who serves. One statement."""
    return list(whole().filter(location=location_id, on=on).order_by("starts_at", "arrived_at", "pk"))


def whole() -> QuerySet[Appointment]:
    """Return appointments with what their pages show of them."""
    found: QuerySet[Appointment] = Appointment.objects.select_related("customer", "offer__service", "served_by")
    return found


def version(location_id: int, on: date, soon: datetime) -> tuple[str, bool]:
    """Return a word that changes whenever something of a store's day does, and whether minutes are counted on it: for
    somebody who waits, is being served, or is expected before `soon`, which who is late is too. One statement."""
    found = sql.row(VERSION, {"store": location_id, "on": on, "soon": soon})
    return f"{found.word or 0:x}", bool(found.moving)


def story(appointment: Appointment) -> list[AppointmentEvent]:
    """Return what happened to an appointment, in order."""
    return list(appointment.events.select_related("actor").order_by("pk"))


def brought(appointment: Appointment) -> list[tuple[BroughtArticle, int]]:
    """Return the articles to be brought, each with how many the store could give. Two statements."""
    rows = list(appointment.brought.select_related("variant__product").order_by("pk"))
    levels = StockLevel.objects.filter(location=appointment.location_id, variant__in=[row.variant_id for row in rows])
    free = {level.variant_id: promised(level) for level in levels}
    return [(row, free.get(row.variant_id, 0)) for row in rows]
