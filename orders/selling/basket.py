"""What is being sold, as an address says it: `item=SKU:2&way=pickup&at=lens&customer=…`. Nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from inventory.catalog import queries as catalog
from inventory.catalog.queries import Offer
from inventory.places.queries import Place, place_by_code
from orders.fulfilment.models import Fulfilment

MOST_LINES, MOST_PIECES = 20, 99
NUMBERS = frozenset(str(number) for number in range(1, MOST_PIECES + 1))
WAYS = (Fulfilment.Kind.PICKUP, Fulfilment.Kind.SHIP, Fulfilment.Kind.CARRY_OUT)


@dataclass(frozen=True)
class Basket:
    """Articles (sku → pieces, in the order they were scanned), how they reach the customer, the place that was chosen
    to serve them (None: the house's rules choose), and the customer's code ("" while nobody is known)."""

    pieces: Mapping[str, int] = field(default_factory=dict)
    way: str = Fulfilment.Kind.SHIP.value
    at: Place | None = None
    customer: str = ""

    @property
    def query(self) -> str:
        """The basket as an address carries it."""
        said = [("item", f"{sku}:{number}") for sku, number in self.pieces.items()] + [("way", self.way)]
        said += [("at", self.at.code)] if self.at else []
        said += [("customer", self.customer)] if self.customer else []
        return urlencode(said)

    def having(self, sku: str, pieces: int) -> "Basket":
        """Return the basket with so many pieces of an article; none takes it out."""
        changed = {**self.pieces, sku: min(pieces, MOST_PIECES)}
        return replace(self, pieces={one: number for one, number in changed.items() if number > 0})

    def going(self, way: str, at: Place | None) -> "Basket":
        """Return the basket that reaches its customer otherwise."""
        return replace(self, way=way, at=at)

    def offers(self) -> dict[str, Offer]:
        """Return what is offered under each sku; 404 for one that does not exist. Remembered, mostly no statement."""
        found = catalog.offers([("sku", sku) for sku in self.pieces])
        if len(found) < len(self.pieces):
            raise Http404
        return {sku: found["sku", sku] for sku in self.pieces}


def read(query: Any) -> Basket:
    """Return the basket of an address; 404 for one that nobody was led to."""
    pieces: dict[str, int] = {}
    for item in query.getlist("item"):
        sku, _colon, number = item.replace("\x00", "").rpartition(":")
        if not sku or number not in NUMBERS:
            raise Http404
        pieces[sku] = int(number)
    way, code = query.get("way") or Fulfilment.Kind.SHIP.value, query.get("at", "").replace("\x00", "")
    at = place_by_code(code) if code else None
    if way not in WAYS or (code and at is None) or len(pieces) > MOST_LINES:
        raise Http404
    return Basket(pieces, way, at, query.get("customer", "").replace("\x00", "")[:12])
