"""Appointments: the refusals that the machine must meet, and defects that it must find."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from orders.appointments import queries, waiting
from orders.appointments.models import Appointment
from orders.appointments.services import booking, serving

REFUSALS = {
    *("store_closed", "no_such_slot", "slot_past", "slot_too_soon", "slot_too_far", "slot_full"),
    *("not_today", "nothing_to_undo"),
}


def with_one_more(slot: Any, seats: int, taken: Any, free_seats: Any = queries.free_seats) -> list[int]:
    return list(free_seats(slot, seats + 1, taken))


def also_cancelled(offer: Any, begins: Any, ends: Any, *, but: int | None = None) -> list[Any]:
    found = Appointment.objects.filter(offer=offer, kind="booked", starts_at__lt=ends, ends_at__gt=begins)
    return list(found.exclude(pk=but or 0).values_list("starts_at", "ends_at", "seat"))


def as_the_house(*what: Any, by_house: bool, why_not: Any = booking._why_not) -> Any:
    return why_not(*what, by_house=True)


def first_come(day: Iterable[Any]) -> list[Any]:
    return sorted((one for one in day if one.status == "waiting"), key=lambda one: (one.arrived_at, one.pk))


DEFECTS = {
    "a slot is booked over its seats": (queries, "free_seats", with_one_more),
    "a cancelled appointment keeps its place": (queries, "taken", also_cancelled),
    "the web books what is too soon": (booking, "_why_not", as_the_house),
    "who has an appointment waits behind every number": (waiting, "in_turn", first_come),
    "a step is taken back for ever": (serving, "UNDO_WITHIN", timedelta(days=999)),
    "a tablet that shows an older state wins": (
        serving, "TAPPED_FROM", dict.fromkeys(serving.TAPPED_FROM, set(Appointment.Status))
    ),
    "two people have the same number": (serving, "NEXT_NUMBER", serving.NEXT_NUMBER.replace("last + 1", "last")),
}  # fmt: skip
