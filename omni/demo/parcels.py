"""Parcels of the demo, made up: a few orders that the clerk's store sends, from one that waits to be
packed to one that is with its customer.

Made once, when the demo is loaded. They go through the house's own services and its own courier, so that the audit
holds; nobody is written to about them.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Now
from django.utils import timezone

from customers.models import Customer
from customers.services.identifying import GivenCustomer
from inventory.catalog import queries as catalog
from inventory.places.models import Location
from inventory.places.queries import Place, place
from inventory.stock.errors import ShortStock
from omni.staff.access import Actor, actor_of
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, packing, picking
from orders.parcels.errors import CarrierSilent
from orders.parcels.models import Parcel
from orders.parcels.relays.directory import directory
from orders.parcels.services import booking, tracking
from orders.parcels.services.tracking import ToldEvent
from orders.placing.services import placing
from orders.placing.wishes import OrderWish, WishedLine, WishedPayment, WishedWay
from orders.sales.models import OrderEvent

logger = logging.getLogger(__name__)

STORIES: tuple[tuple[str, tuple[tuple[str, str], ...] | None], ...] = (
    ("ship", None),
    ("ship", ()),
    ("ship", (("accepted", "Pris en charge"), ("in_transit", "Trié à Lesquin"))),
    ("ship", (("accepted", "Pris en charge"), ("out_for_delivery", "En tournée"), ("delivered", "Remis"))),
    ("relay", (("accepted", "Pris en charge"), ("at_relay", "À retirer sous 14 jours"))),
    ("relay", (("accepted", "Pris en charge"), ("in_transit", "Trié à Lesquin"))),
)  # fmt: skip
"""How each is sent and what its courier told; None waits in the stock room to be packed."""
STREETS = ("4 rue des Carmes", "17 rue du Moulin", "2 allée des Tilleuls", "31 rue de la Fontaine")


def ensure_parcels(store: Location, *, skus: Sequence[str], clerk_login: str, now: datetime | None = None) -> int:
    """Place, pick, pack and send a few orders of a store unless there are parcels already; return how many."""
    if Parcel.objects.exists() or not settings.CARRIERS:
        return 0
    now, clerk = now or timezone.now(), User.objects.get(login=clerk_login)
    actor, there = replace(actor_of(clerk), channel="web"), place(store.pk)
    people = list(Customer.objects.filter(invented=True, identities__kind="card").order_by("pk").distinct()[:200])
    made = 0
    for number, (kind, story) in enumerate(STORIES):
        if len(people) <= number or not skus:
            break
        person = people[number * len(people) // len(STORIES)]
        wanted = [skus[(number + step) % len(skus)] for step in range(min(2, len(skus)))]
        made += _made(there, person, kind, story, wanted, number, actor, now)
    return made


def _made(
    store: Place, person: Customer, kind: str, story: Any, skus: Sequence[str], number: int, actor: Actor, now: datetime
) -> bool:
    to = _home(store, person, number) if kind == "ship" else _point(store, number)
    if to is None:
        return False
    try:
        placed = placing.place_order(wish=_wish(store, person, kind, to, skus, now), actor=actor)
    except ShortStock:
        return False
    fulfilment = Fulfilment.objects.get(order=placed.order.id)
    for line in fulfilment.lines.all():
        picking.pick(fulfilment_id=fulfilment.pk, line_id=line.pk, pieces=line.quantity, actor_id=actor.user_id)
    if story is not None:
        _sent(fulfilment, story, number, actor, now)
    OrderEvent.objects.filter(order=placed.order.id, handled_at=None).update(handled_at=Now())
    return True


def _sent(fulfilment: Fulfilment, story: Any, number: int, actor: Actor, now: datetime) -> None:
    weight = 450 + 325 * number
    parcel = packing.pack(fulfilment_id=fulfilment.pk, actor_id=actor.user_id, weight_grams=weight)
    try:
        parcel = booking.book(parcel_id=parcel.pk)
    except CarrierSilent:
        logger.warning("the courier of the demo gave no label")
    if not story or not parcel.tracking_number:
        return
    finishing.dispatch(fulfilment_id=fulfilment.pk, actor_id=actor.user_id)
    told = [
        ToldEvent(parcel.tracking_number, f"{parcel.tracking_number}-{step}", kind, now + timedelta(minutes=step), text)
        for step, (kind, text) in enumerate(story, -len(story))
    ]
    tracking.record(carrier=parcel.carrier, events=told, store_ids=None)


def _wish(
    store: Place, person: Customer, kind: str, to: dict[str, Any], skus: Sequence[str], now: datetime
) -> OrderWish:
    offers = catalog.offers(("sku", sku) for sku in skus)
    lines = [WishedLine(offers["sku", sku], 1 + index) for index, sku in enumerate(skus)]
    card = person.identities.filter(kind="card").values_list("value", flat=True)[0]
    wish = OrderWish(
        channel="web",
        external_ref=None,
        currency=settings.CURRENCY,
        customer=GivenCustomer({"card": card}),
        lines=lines,
        ways=[WishedWay(kind, store, [(index, line.quantity) for index, line in enumerate(lines)], to)],
    )
    total = placing.price(wish, now).total
    return replace(wish, payment=WishedPayment("card_online", total, "demo"))


def _home(store: Place, person: Customer, number: int) -> dict[str, Any]:
    return {
        "name": person.name,
        "line": STREETS[number % len(STREETS)],
        "postal_code": store.postal_code,
        "town": store.town,
        "country": "FR",
    }


def _point(store: Place, number: int) -> dict[str, Any] | None:
    near = directory().near(store.latitude, store.longitude, 3)
    return near[number % len(near)][0].frozen() if near else None
