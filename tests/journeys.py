"""An order's life in one call per step, by the services that the screens and the API call."""

import itertools
from typing import Any

from customers.services.identifying import GivenCustomer
from inventory.catalog import queries as catalog
from inventory.places.models import HoldPlace, Location
from inventory.places.queries import place
from omni.staff.access import Actor, actor_of
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import handing_over, picking, readying
from orders.placing.services import placing
from orders.placing.services.placing import PlacedOrder
from orders.placing.wishes import OrderWish, WishedLine, WishedPayment, WishedWay

_numbers = itertools.count(1)


def acting(user: User, **differently: Any) -> Actor:
    """Return the actor for a person, with some of its fields otherwise (`channel="web"`)."""
    return Actor(**{**vars(actor_of(user)), **differently})


def wish(store: Location, units: dict[str, int], *, kind: str = "pickup", email: str = "", **other: Any) -> OrderWish:
    """Return the wish of a customer (a new one each time, unless `email` says who) for sku → units at a store."""
    offers = catalog.offers(("sku", sku) for sku in units)
    given = GivenCustomer({"email": email or f"buyer-{next(_numbers)}@example.org"}, "Camille", "Martin")
    parts: dict[str, Any] = {
        "channel": "web",
        "external_ref": None,
        "currency": "EUR",
        "customer": given,
        "lines": [WishedLine(offers["sku", sku], quantity) for sku, quantity in units.items()],
    }
    parts["ways"] = [WishedWay(kind, place(store.pk), list(enumerate(units.values())), other.pop("ship_to", None))]
    return OrderWish(**{**parts, **other})


def placed(store: Location, units: dict[str, int], *, by: User, paid: int | None = None, **other: Any) -> PlacedOrder:
    """Place an order; `paid` cents were captured online (None: to pay at pickup)."""
    if paid is not None:
        other["payment"] = WishedPayment("card_online", paid, "psp-1")
    return placing.place_order(wish=wish(store, units, **other), actor=acting(by, channel="web"))


def fulfilment_of(order: PlacedOrder) -> Fulfilment:
    """Return the order's only fulfilment, as it stands in the database."""
    return Fulfilment.objects.select_related("order").get(order=order.order.id)


def picked(order: PlacedOrder, *, by: User) -> Fulfilment:
    """Pick every piece of the order."""
    fulfilment = fulfilment_of(order)
    for line in fulfilment.lines.all():
        picking.pick(fulfilment_id=fulfilment.pk, line_id=line.pk, pieces=line.quantity, actor_id=by.pk)
    return fulfilment_of(order)


def ready(order: PlacedOrder, *, by: User) -> Fulfilment:
    """Pick every piece and declare the order ready in the first hold place of its store."""
    fulfilment = picked(order, by=by)
    spot = HoldPlace.objects.filter(location=fulfilment.location_id).order_by("position").first()
    assert spot is not None, "a store needs a hold place before an order can be ready"
    return readying.declare_ready(fulfilment_id=fulfilment.pk, hold_place_id=spot.pk, actor_id=by.pk)


def handed_over(order: PlacedOrder, *, by: User, tender: str = "cash") -> HandOver:
    """Walk the order to its hand-over at the counter."""
    fulfilment = ready(order, by=by)
    return handing_over.hand_over(fulfilment_id=fulfilment.pk, proof="code", actor_id=by.pk, tender=tender)


def ready_again(fulfilment: Fulfilment, *, by: User) -> Fulfilment:
    """Pick what is still open of a fulfilment and declare it ready in the first hold place of its store."""
    for line in fulfilment.lines.all():
        if wanted := line.quantity - line.picked - line.short:
            picking.pick(fulfilment_id=fulfilment.pk, line_id=line.pk, pieces=wanted, actor_id=by.pk)
    spot = HoldPlace.objects.filter(location=fulfilment.location_id).order_by("position").first()
    assert spot is not None
    return readying.declare_ready(fulfilment_id=fulfilment.pk, hold_place_id=spot.pk, actor_id=by.pk)
