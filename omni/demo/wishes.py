"""What the traffic orders: real baskets of the panel, cut down to what a web shop sells, as bodies for the REST API."""

import random
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from omni.demo import names
from omni.demo.departments import DEPARTMENTS
from omni.demo.extract import ExtractPanel
from omni.demo.people import Person, person
from omni.demo.places import BUSIEST
from omni.demo.published import Basket, Product
from omni.demo.unplaced import Report
from orders.parcels.relays.directory import directory

MOST_LINES = 8
MOST_PIECES = 12
KINDS = ("pickup", "pickup", "pickup", "pickup", "pickup", "reservation", "ship", "ship", "relay", "carry_out")
MOST_RESERVED = 3
"""Articles that are reserved to be tried, one piece of each."""
PAID_AT_PICKUP = 0.3
CURRENCY = "EUR"


@dataclass(frozen=True)
class Wish:
    """A published basket as somebody would order it: skus and pieces, and what they cost at the latest shelf price."""

    basket_id: int
    household_id: int
    store: str
    lines: tuple[tuple[str, int], ...]
    total: int


def wishes_of_weekday(weekday: int, panel: ExtractPanel | None = None) -> list[Wish]:
    """Every basket that was bought on such a weekday (Monday is 0), as far as a web shop would sell it."""
    return [wish for _bought_at, wish in wishes_where(lambda basket: basket.bought_at.weekday() == weekday, panel)]


def wishes_where(wanted: Callable[[Basket], bool], panel: ExtractPanel | None = None) -> list[tuple[datetime, Wish]]:
    """The baskets that are wanted, as far as a web shop would sell them, each with when it was bought by the wall of
    its shop."""
    panel = panel or ExtractPanel()
    sold = {product.product_id for product in panel.products() if _orderable(product)}
    prices: dict[int, int] = {}
    chosen = []
    with Report(Path("/dev/null")) as silent:
        for basket in panel.baskets(silent):
            prices.update(_prices(basket))
            if wanted(basket):
                chosen.append(basket)
    priced = sold & prices.keys()
    found = ((basket.bought_at, _wish(basket, priced, prices)) for basket in chosen)
    return [(bought_at, wish) for bought_at, wish in found if wish is not None]


def _orderable(product: Product) -> bool:
    return product.department in DEPARTMENTS and product.category != "COUPON/MISC ITEMS" and not product.measured


def _prices(basket: Basket) -> Iterator[tuple[int, int]]:
    """The price of a piece by the rule of `derived.PRICES`. What the house changed since is learnt from its refusal."""
    for line in basket.lines:
        if line.quantity and line.shelf_cents * 2 >= line.quantity:
            yield line.product_id, (2 * line.shelf_cents + line.quantity) // (2 * line.quantity)


def _wish(basket: Basket, sold: Set[int], prices: dict[int, int]) -> Wish | None:
    lines = [line for line in basket.lines if line.product_id in sold and 1 <= line.quantity <= MOST_PIECES][
        :MOST_LINES
    ]
    if not lines:
        return None
    return Wish(
        basket_id=basket.basket_id,
        household_id=basket.household_id,
        store=BUSIEST[basket.store_id].code,
        lines=tuple((names.sku(line.product_id), line.quantity) for line in lines),
        total=sum(prices[line.product_id] * line.quantity for line in lines),
    )


def order(wish: Wish, *, reference: str, kind: str, dice: random.Random) -> dict[str, Any]:
    """The body of `POST /api/v1/orders/`. The customer is the household's made-up person, known by card and e-mail, who
    lives in the store's town: there it is sent to, or to the relay point nearest to the store."""
    somebody = person(wish.household_id)
    if kind == "reservation":
        return _reservation(wish, reference)
    return {
        "external_ref": reference,
        "currency": CURRENCY,
        "customer": {
            "card": somebody.card,
            "email": somebody.email,
            "given_name": somebody.given_name,
            "family_name": somebody.family_name,
        },
        "lines": [{"sku": sku, "quantity": pieces} for sku, pieces in wish.lines],
        "fulfilment": {"kind": kind, "store": wish.store, **_destination(wish, kind, somebody)},
        "payment": _payment(wish, reference, at_pickup=kind == "pickup" and dice.random() < PAID_AT_PICKUP),
        "total": wish.total,
    }


def _destination(wish: Wish, kind: str, somebody: Person) -> dict[str, Any]:
    if kind not in {"ship", "relay"}:
        return {}
    near = next(place for place in BUSIEST.values() if place.code == wish.store)
    if kind == "relay":
        points = directory().near(near.latitude, near.longitude, 1)
        return {"relay_point": points[0][0].code if points else ""}
    address = {
        "name": f"{somebody.given_name} {somebody.family_name}",
        "line": somebody.street,
        "postal_code": near.postal_code,
        "town": near.town,
        "country": "FR",
    }
    return {"address": address}


def _reservation(wish: Wish, reference: str) -> dict[str, Any]:
    """The body of a reservation: some of the articles, to be tried. Nothing is paid, and no total is claimed."""
    bought = order(wish, reference=reference, kind="pickup", dice=random.Random(reference))  # noqa: S311
    return {
        **{name: value for name, value in bought.items() if name != "total"},
        "fulfilment": {"kind": "reservation", "store": wish.store},
        "lines": [{"sku": sku, "quantity": 1} for sku, _pieces in wish.lines[:MOST_RESERVED]],
        "payment": {"state": "at_pickup"},
    }


def _payment(wish: Wish, reference: str, *, at_pickup: bool) -> dict[str, Any]:
    if at_pickup:
        return {"state": "at_pickup"}
    # Too short to be taken for a card number, which the dates and numbers of our own reference may look like.
    payment = f"demo-{sha256(reference.encode()).hexdigest()[:12]}"
    return {"state": "captured", "tender": "card_online", "amount": wish.total, "reference": payment}


def corrected(body: dict[str, Any], total: int) -> dict[str, Any]:
    """The same order with the total that the house named."""
    payment = body["payment"]
    if payment["state"] == "captured":
        payment = {**payment, "amount": total}
    return {**body, "payment": payment, "total": total}
