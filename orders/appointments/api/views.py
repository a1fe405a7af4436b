"""`/api/v1/appointments/`: what is free, book it, read it, move it, cancel it."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from customers.services import identifying
from customers.services.identifying import IDENTITY_RACE
from inventory.catalog import queries as catalog
from inventory.places.queries import Place, place, place_by_code
from omni.lib import bell, idempotency
from omni.lib.answers import as_json, instant
from omni.lib.errors import NotFound
from omni.lib.idempotency import Answer
from omni.lib.reading import body_of
from omni.lib.retry import retrying
from omni.staff.access import Actor, acting
from omni.staff.once import answered
from orders.appointments import queries
from orders.appointments.api import reading
from orders.appointments.models import Appointment, Offer
from orders.appointments.services import booking
from orders.appointments.services.booking import SEAT_RACE, Wish

LOST_RACES = frozenset({IDENTITY_RACE, SEAT_RACE})


class Appointments(APIView):
    """Book an appointment."""

    scopes = {"POST": "appointments.book"}

    def post(self, request: Request) -> HttpResponse:
        """Book once: the same key and body get the same answer; an error leaves nothing behind."""
        actor, body = acting(request), body_of(request)
        key = idempotency.read_key(request.headers.get("Idempotency-Key"))
        mark = idempotency.fingerprint(b"POST", request.path.encode(), idempotency.canonical(body))
        answer, is_replayed = answered(
            client=actor.client, key=key, mark=mark, work=lambda: _booked(actor, body), lost_races=LOST_RACES
        )
        told = json.loads(answer.body)
        store = place_by_code(told["store"])
        if is_replayed and not (store and store.id in actor.store_ids):  # the key has lost the store since
            raise _missing()
        response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
        response["Location"] = reverse("api-appointment", args=[told["id"]])
        if is_replayed:
            response["Idempotent-Replayed"] = "true"
        return response


class AppointmentDetail(APIView):
    """One appointment of the key's stores."""

    scopes = {"GET": "appointments.book", "PUT": "appointments.book", "DELETE": "appointments.book"}

    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        return as_json(told(_visible(acting(request), public_id)))

    def put(self, request: Request, public_id: UUID) -> HttpResponse:
        """Move it: `{"starts_at": "2026-12-01T10:00:00+01:00"}`. The same time again does nothing."""
        actor = acting(request)
        found = _visible(actor, public_id)
        starts_at = reading.read_time(body_of(request))
        return self._after(
            actor, public_id, lambda: booking.move(
                appointment_id=found.pk, starts_at=starts_at, actor_id=actor.user_id, by_house=False, why=actor.channel
            ),
        )  # fmt: skip

    def delete(self, request: Request, public_id: UUID) -> HttpResponse:
        """Cancel it. What is cancelled stays cancelled."""
        actor = acting(request)
        found = _visible(actor, public_id)
        return self._after(
            actor, public_id,
            lambda: booking.cancel(appointment_id=found.pk, actor_id=actor.user_id, why=actor.channel),
        )  # fmt: skip

    def _after(self, actor: Actor, public_id: UUID, work: Any) -> HttpResponse:
        retrying(work, lost_races=LOST_RACES, reconnect=True)
        bell.worker.mark()
        return as_json(told(_visible(actor, public_id)))


class Slots(APIView):
    """What can be booked."""

    scopes = {"GET": "appointments.book"}

    def get(self, request: Request) -> HttpResponse:
        """`?store=lille&service=fitting&from=2026-12-01&to=2026-12-07`: the slots with a free seat, service by
        service."""
        window = reading.read_window({name: request.GET[name] for name in request.GET}, acting(request))
        now = timezone.now()
        return as_json(
            {"store": window.place.code, "services": [_service(window, offer, now) for offer in window.offers]}
        )


def _service(window: reading.Window, offer: Offer, now: datetime) -> dict[str, Any]:
    every = queries.with_seats(window.place, offer, window.first, window.last)
    return {
        "service": offer.service.code,
        "names": {"fr": offer.service.name_fr, "en": offer.service.name_en},
        "minutes": offer.minutes,
        "slots": [
            {**_times(window.place, slot.starts_at, slot.ends_at), "free": slot.free}
            for slot in queries.bookable(window.place, offer, every, now, by_house=False)
        ],
    }


def _booked(actor: Actor, body: dict[str, Any]) -> Answer:
    asked = reading.read_asked(body, actor)
    customer_id = identifying.identify_or_enrol(given=asked.customer, channel=actor.channel)
    wish = Wish(customer_id, note=asked.note, variant_ids=asked.variant_ids, channel=actor.channel)
    made = booking.book(
        offer_id=asked.offer.pk, starts_at=asked.starts_at, wish=wish, actor_id=actor.user_id, by_house=False
    )
    return Answer(201, json.dumps(told(queries.whole().get(pk=made.pk)), ensure_ascii=False))


def _visible(actor: Actor, public_id: UUID) -> Appointment:
    mine = queries.whole().filter(location__in=actor.store_ids, kind=Appointment.Kind.BOOKED)
    found = mine.filter(public_id=public_id).first()
    if found is None:
        raise _missing()
    return found


def _missing() -> NotFound:
    return NotFound(_("There is no such appointment."))


def told(found: Appointment) -> dict[str, Any]:
    """Return what the API says of an appointment. Additive only."""
    store = place(found.location_id)
    skus = catalog.skus(list(found.brought.order_by("pk").values_list("variant_id", flat=True)))
    return {
        "id": str(found.public_id),
        "status": found.status,
        "store": store.code,
        "store_name": store.name,
        "service": found.offer.service.code if found.offer else None,
        **_times(store, found.starts_at, found.ends_at),
        "customer": found.customer.code if found.customer else None,
        "note": found.note,
        "articles": list(skus.values()),
    }


def _times(store: Place, starts_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    """Instants in UTC, and the beginning on the store's own clock with its distance from UTC."""
    return {
        "starts_at": instant(starts_at),
        "ends_at": instant(ends_at),
        "local_start": store.local(starts_at).isoformat(timespec="minutes") if starts_at else None,
    }
