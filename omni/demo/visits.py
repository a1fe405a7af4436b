"""Appointments of the demo, made up: a few services in each store, and who comes today, from a fixed seed.

Made when the demo is loaded on a day that has none. They go through the house's own services, so that the audit holds;
nobody is written to about them.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from customers.models import Customer
from inventory.catalog import queries as catalog
from inventory.places.models import Location
from inventory.places.queries import place
from omni.staff.models import User
from orders.appointments import slots
from orders.appointments.models import Appointment, AppointmentEvent, Offer, Service
from orders.appointments.services import booking, serving
from orders.appointments.services.booking import Wish

SEED = 20_261_122
SERVED_IN_FULL = 1
"""So many stores have a whole day, the clerk's first; the others a few appointments."""


class Kind(NamedTuple):
    code: str
    name_fr: str
    name_en: str
    minutes: int
    seats: int
    rhythm: str


KINDS = (
    Kind("tasting", "Dégustation", "Tasting", 30, 2, ""),
    Kind("advice", "Conseil menu de fête", "Advice on a festive meal", 45, 1, ""),
    Kind("gift-baskets", "Paniers cadeaux", "Gift baskets", 30, 2, "Mo-Sa 10:00-18:00"),
)
NOTES = ("", "", "Sans gluten", "Vient avec sa fille", "Budget 60 €", "Pour douze personnes")
WITHOUT = (("Malik", "Panier cadeau"), ("Mme Tessier", "Échange sans ticket"), ("Jeanne", "Cadeau, 60 €"))


@transaction.atomic
def ensure_visits(
    stores: Sequence[Location], *, skus: Sequence[str], clerk_login: str, now: datetime | None = None
) -> int:
    """Offer the services in each store and book the days' appointments; return how many were made."""
    now = now or timezone.now()
    dice = random.Random(SEED)  # noqa: S311  (a demo that is the same every time, not a secret)
    offers = _offers(stores)
    clerk = User.objects.get(login=clerk_login)
    people = list(Customer.objects.filter(invented=True).order_by("pk").values_list("pk", flat=True)[:400])
    known = catalog.offers(("sku", sku) for sku in skus)
    articles = [known[code].variant_id for code in sorted(known)]
    made = 0
    for rank, store in enumerate(sorted(stores, key=lambda one: one.code != _first_store(clerk))):
        most = 7 if rank < SERVED_IN_FULL else 2
        made += _day(offers[store.pk], dice, people, articles, clerk.pk, now, most)
    AppointmentEvent.objects.filter(handled_at=None).update(handled_at=Now())  # nobody is told of what is made up
    return made


def _first_store(clerk: User) -> str:
    return str(clerk.stores.values_list("code", flat=True)[0])


def _offers(stores: Sequence[Location]) -> dict[int, list[Offer]]:
    services = [
        Service.objects.get_or_create(code=kind.code, defaults={"name_fr": kind.name_fr, "name_en": kind.name_en})[0]
        for kind in KINDS
    ]
    missing = [
        Offer(location=store, service=service, minutes=kind.minutes, seats=kind.seats, rhythm=kind.rhythm)
        for store in stores
        for service, kind in zip(services, KINDS, strict=True)
    ]
    Offer.objects.bulk_create(missing, ignore_conflicts=True)
    found: dict[int, list[Offer]] = {store.pk: [] for store in stores}
    for offer in Offer.objects.filter(location__in=stores).order_by("pk"):
        found[offer.location_id].append(offer)
    return found


def _day(
    offers: list[Offer], dice: random.Random, people: list[int], articles: list[int], actor_id: int, now: datetime,
    most: int,
) -> int:  # fmt: skip
    """Book for today, as if it had been done yesterday, and walk those whose time has passed."""
    store = place(offers[0].location_id)
    today = store.local(now).date()
    if Appointment.objects.filter(location=store.id, on=today).exists():
        return 0
    every = sorted(
        ((slot.starts_at, offer) for offer in offers for slot in slots.of_day(store, offer, today)),
        key=lambda one: (one[0], one[1].pk),
    )
    chosen = sorted(dice.sample(range(len(every)), min(most, len(every))))
    for starts_at, offer in (every[index] for index in chosen):
        wish = Wish(
            dice.choice(people), note=dice.choice(NOTES), channel=dice.choice(("web", "phone", "store")),
            variant_ids=dice.sample(articles, min(len(articles), dice.randint(0, 4))),
        )  # fmt: skip
        made = booking.book(
            offer_id=offer.pk, starts_at=starts_at, wish=wish, actor_id=actor_id, by_house=True,
            now=now - timedelta(days=1),
        )  # fmt: skip
        _walk(made, actor_id, now)
    if most > len(WITHOUT) and every:
        for minutes, (name, note) in zip((9, 4, 1), WITHOUT, strict=True):
            serving.take_number(
                location_id=store.id, wish=Wish(name=name, note=note), actor_id=actor_id,
                now=max(now - timedelta(minutes=minutes), slots.midnight(store, today)),
            )  # fmt: skip
    return len(chosen)


def _walk(made: Appointment, actor_id: int, now: datetime) -> None:
    """Whose time is over was served; whose time it is is being served."""
    if made.starts_at is None or made.ends_at is None or made.starts_at > now:
        return
    keys = {"appointment_id": made.pk, "actor_id": actor_id}
    serving.arrive(**keys, now=made.starts_at)
    serving.call(**keys, now=made.starts_at)
    if made.ends_at <= now:
        serving.serve(**keys, now=made.ends_at)
