"""What the machine runs on: two stores, four articles, two customers, a clerk; and what it counted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from customers.services.identifying import GivenCustomer
from inventory.catalog import queries as catalog
from inventory.places.models import Location
from inventory.places.queries import place
from inventory.stock.errors import ShortStock
from omni.lib.errors import Refusal
from orders.parcels.relays.directory import directory
from orders.placing.errors import TooManyReserved, WishRefused
from orders.placing.services import placing
from orders.placing.services.placing import PlacedOrder
from orders.placing.wishes import OrderWish, WishedLine, WishedPayment, WishedWay
from tests.machine.bought import Order
from tests.machine.model import Refused
from tests.machine.things import Article

ADDRESS = {"name": "", "line": "1 rue X", "postal_code": "59000", "town": "Lille", "country": "FR"}
CUSTOMERS = ["one@example.org", "two@example.org"]


@dataclass
class Tally:
    """How many wishes were granted and refused, by their name or code."""

    granted: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    lives: int = 0

    @property
    def wishes(self) -> int:
        return self.granted.total() + self.refused.total()

    def __str__(self) -> str:
        granted, refused = (
            ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
            for counts in (self.granted, self.refused)
        )
        return (
            f"{self.wishes:,} wishes in {self.lives:,} lives of the house: "
            f"{self.granted.total():,} granted ({granted}), {self.refused.total():,} refused ({refused})"
        )


@dataclass
class World:
    """The rows that outlive an example, and the tally over all of them."""

    stores: dict[str, Location]
    variants: dict[str, int]
    articles: list[Article]
    spots: dict[str, int]
    actor: Any
    folder: Path
    offers: dict[str, int]
    tally: Tally = field(default_factory=Tally)

    @property
    def skus(self) -> list[str]:
        return [article.sku for article in self.articles]

    def keys_of(self, short: dict[str, dict[str, Any]]) -> dict[int, dict[int, Any]]:
        """Say under the house's keys what the model lacks: store, sku."""
        return {
            self.stores[store].pk: {self.variants[sku]: units for sku, units in lacking.items()}
            for store, lacking in short.items()
        }

    def hold_place(self, store: str, *, own: bool) -> int:
        """Return the key of a hold place of the store, or of the other one."""
        return next(spot for name, spot in self.spots.items() if (name == store) == own)

    def placed(self, order: Order, *, tender: str, said_total: int | None) -> PlacedOrder:
        """Place for real what the model calls `order`."""
        offers = catalog.offers(("sku", line.article.sku) for line in order.lines)
        given = GivenCustomer({"email": order.customer}, "Camille", "Martin") if order.customer else None
        wish = OrderWish(
            channel="web",
            external_ref=None,
            currency="EUR",
            customer=given,
            lines=[WishedLine(offers["sku", line.article.sku], line.quantity) for line in order.lines],
            ways=[
                WishedWay(
                    part.kind,
                    place(self.stores[part.store].pk),
                    [(order.lines.index(one.line), one.quantity) for one in part.slices],
                    ship_to(part.kind),
                )
                for part in order.wished
            ],
            payment=WishedPayment(tender, order.total) if tender else None,
            total=said_total,
        )
        with transaction.atomic():  # a refused placing leaves its caller's transaction to be rolled back
            return placing.place_order(wish=wish, actor=self.actor)


def ship_to(kind: str) -> dict[str, Any] | None:
    """Return where what is placed so goes to: the relay point as it stands now."""
    point = directory().find("R001") if kind == "relay" else None
    return point.frozen() if point else ADDRESS if kind == "ship" else None


def outcome_of(work: Callable[[], Any]) -> tuple[str, Any]:
    """Return the code of the refusal (empty when granted) and what came back."""
    try:
        return "", work()
    except Refused as refused:
        return refused.code, refused.facts.get("short")
    except ShortStock as short:
        return short.code, {one.location_id: _units_short(one) for one in (short, *short.also)}
    except WishRefused as refusal:
        return " ".join(problem.code for problem in refusal.problems), None
    except TooManyReserved as refusal:
        return "too_many_pieces_reserved" if "most_pieces" in refusal.extra else refusal.code, None
    except Refusal as refusal:
        return refusal.code, None


def _units_short(short: ShortStock) -> dict[int, tuple[int, int]]:
    return {one.variant_id: (one.wanted, one.available) for one in short.short}
