"""What somebody wants to order, already understood: offers, a place, a person, money."""

from dataclasses import dataclass
from typing import Any

from customers.services.identifying import GivenCustomer
from inventory.catalog.queries import Offer
from inventory.places.queries import Place


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
class OrderWish:
    """A whole order. `payment` None means to pay at pickup; `total` and `tax` are what the caller computed, if said;
    `hold` is the reference of the caller's hold that gives way to it."""

    channel: str
    external_ref: str | None
    currency: str
    customer: GivenCustomer | None
    lines: list[WishedLine]
    kind: str
    place: Place
    ship_to: dict[str, Any] | None = None
    payment: WishedPayment | None = None
    total: int | None = None
    tax: int | None = None
    hold: str = ""

    def units(self) -> dict[int, int]:
        """Return variant id → units: a sku that stands in several lines is summed before anything is checked."""
        units: dict[int, int] = {}
        for line in self.lines:
            units[line.offer.variant_id] = units.get(line.offer.variant_id, 0) + line.quantity
        return units
