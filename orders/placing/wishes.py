"""What somebody wants to order, already understood: offers, a place, a person, money."""

from dataclasses import dataclass
from typing import Any

from customers.services.identifying import GivenCustomer
from inventory.catalog.queries import Offer
from inventory.places.queries import Place
from orders.fulfilment.models import Fulfilment


@dataclass(frozen=True)
class WishedLine:
    """An offer and whole units of it; `unit_price` is the cents the caller's customer saw, if said."""

    offer: Offer
    quantity: int
    unit_price: int | None = None


@dataclass(frozen=True)
class WishedPayment:
    """Money that the caller has captured: tender, cents, and the payment page's reference."""

    tender: str
    amount: int
    external_ref: str = ""


@dataclass(frozen=True)
class WishedWay:
    """One way of handing over: kind, place, and how many units of which line (its index). A parcel goes to
    `ship_to`, an address or a relay point."""

    kind: str
    place: Place
    slices: list[tuple[int, int]]
    ship_to: dict[str, Any] | None = None


@dataclass(frozen=True)
class OrderWish:
    """A whole order; its `ways` share out every unit of its lines. `payment` None means to pay at pickup; `total` and
    `tax` are what the caller computed, if said; `hold` is the reference of the caller's hold that gives way to it;
    `sold_at` is the store that sells what other places serve."""

    channel: str
    external_ref: str | None
    currency: str
    customer: GivenCustomer | None
    lines: list[WishedLine]
    ways: list[WishedWay]
    payment: WishedPayment | None = None
    total: int | None = None
    tax: int | None = None
    hold: str = ""
    sold_at: Place | None = None

    @property
    def place(self) -> Place:
        """The order's own place: where it was sold, else that of its first way. Its taxes and its day are the
        place's."""
        return self.sold_at or self.ways[0].place

    @property
    def reserved(self) -> bool:
        """Whether it is reserved to be tried, and nothing of it bought yet."""
        return any(way.kind == Fulfilment.Kind.RESERVATION for way in self.ways)

    def takes(self, index: int, place_id: int) -> bool:
        """Whether a line, or a part of it, is to come from a place."""
        return any(way.place.id == place_id and index in dict(way.slices) for way in self.ways)

    def units(self) -> dict[int, dict[int, int]]:
        """Return place id → variant id → units: a sku that stands in several lines, or goes several ways from one
        place, is summed before anything is checked."""
        units: dict[int, dict[int, int]] = {}
        for way in self.ways:
            here = units.setdefault(way.place.id, {})
            for index, quantity in way.slices:
                variant_id = self.lines[index].offer.variant_id
                here[variant_id] = here.get(variant_id, 0) + quantity
        return units
