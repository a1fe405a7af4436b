"""Who serves what is sold: the place that was chosen, then the places that the house's rules name. Nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.places.queries import Place, all_places, place
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.models import Way
from inventory.sourcing.services.asking import ask
from inventory.stock.queries import units_at
from orders.fulfilment import promises
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.workload import NOTHING, Workload, now_in
from orders.selling.basket import Basket

CHANNEL = "store"


@dataclass(frozen=True)
class Part:
    """What one place serves: variant id → units, and when it is promised."""

    place: Place
    pieces: Mapping[int, int]
    promised_at: datetime

    @property
    def units(self) -> int:
        return sum(self.pieces.values())


@dataclass(frozen=True)
class Serving:
    """Who serves a basket; `lacking` is variant id → units that no place serves in this way."""

    parts: tuple[Part, ...]
    lacking: Mapping[int, int]

    @property
    def mark(self) -> str:
        """The same for the same answer, whatever its promises: what the customer was told is what is placed."""
        said = [
            f"{part.place.code}:" + ",".join(f"{pk}={units}" for pk, units in sorted(part.pieces.items()))
            for part in self.parts
        ]
        return ";".join(sorted(said))


def serve(basket: Basket, seller: Place, now: datetime) -> Serving:
    """Return who serves the basket: first the chosen place with what it has, for the rest whom the rules of sourcing
    name for this way. What is carried out is in the seller's own store, or nowhere."""
    offers = basket.offers()
    wanted = {offers[sku].variant_id: number for sku, number in basket.pieces.items()}
    chosen = seller if basket.way == Fulfilment.Kind.CARRY_OUT else basket.at
    served: list[tuple[Place, dict[int, int]]] = []
    left: Mapping[int, int] = wanted
    if chosen and _offers(chosen, basket.way):
        given, left = _given(wanted, units_at(wanted, [chosen.id]).get(chosen.id, {}))
        served += [(chosen, given)] if given else []
    if left and basket.way != Fulfilment.Kind.CARRY_OUT:
        more, left = _by_the_rules(left, basket, chosen or seller, [place_.id for place_, _given_ in served])
        served += more
    queues = now_in([there.id for there, _pieces in served]) if basket.way in promises.COUNTED else {}
    parts = [Part(there, pieces, _promise(there, basket.way, pieces, now, queues)) for there, pieces in served]
    return Serving(tuple(parts), left)


def _offers(there: Place, way: str) -> bool:
    return {Fulfilment.Kind.PICKUP: there.offers_pickup, Fulfilment.Kind.SHIP: there.offers_shipping}.get(
        Fulfilment.Kind(way), True
    )


def _given(wanted: Mapping[int, int], has: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return what a place gives of the wanted units, and what is left."""
    given = {pk: min(units, has.get(pk, 0)) for pk, units in wanted.items()}
    left = {pk: units - given[pk] for pk, units in wanted.items()}
    return {pk: units for pk, units in given.items() if units > 0}, {pk: units for pk, units in left.items() if units}


def _by_the_rules(
    wanted: Mapping[int, int], basket: Basket, near: Place, without: list[int]
) -> tuple[list[tuple[Place, dict[int, int]]], Mapping[int, int]]:
    try:
        plan, _rules = ask(
            wanted=wanted,
            way=Way.SHIP if basket.way == Fulfilment.Kind.SHIP else Way.PICKUP,
            near=(near.latitude, near.longitude),
            location_ids=[pk for pk in all_places() if pk not in without],
            channel=CHANNEL,
        )
    except RulesMissing:
        return [], wanted
    return [(place(one.place_id), dict(one.lines)) for one in plan.parcels], plan.unserved


def _promise(
    there: Place, way: str, pieces: Mapping[int, int], now: datetime, queues: Mapping[int, Workload]
) -> datetime:
    waiting = queues.get(there.id, NOTHING)
    return promises.promise(place=there, kind=way, now=now, pieces=sum(pieces.values()), waiting=waiting)
