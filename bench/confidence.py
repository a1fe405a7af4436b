"""`make bench-confidence`: how honest the house's confidence is and what it saves, where the true stock is hidden.

Everything that the house does is production's: it learns (`learning`), judges (`queries.chances`), chooses who serves
(`sourcing.engine`) and lists what to count (`listing`) out of its own tables. Nothing of it stays: it is all rolled
back. Three houses live through the same days, each store counting the same number of articles a day:
as before (nearest store with a figure, counts in turn), sourcing by confidence, and sourcing and counts by confidence.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.db import transaction

from bench.calibration import Pair, told
from bench.hidden import Hidden, Shelf
from bench.ledger import Ledger
from inventory.confidence.queries import chances
from inventory.confidence.services import learning, listing
from inventory.sourcing.engine import plan
from inventory.sourcing.facts import Candidate, Rule, Rules

SEED = 20_261_122
FIRST_DAY = datetime(2025, 1, 6, 9, tzinfo=UTC)
THRESHOLD = 85
"""Percent below which a place does not serve."""


@dataclass(frozen=True)
class Size:
    """How large a world is lived through; predictions are looked at every `look` days after `warm` days."""

    stores: int = 8
    articles: int = 300
    days: int = 300
    warm: int = 120
    look: int = 12
    orders: int = 60
    counts: int = 4


@dataclass
class Outcome:
    """What came of one house, after its warm days: web orders that were promised, those of them that could not be
    picked, those nobody could promise; what was predicted of one piece, and of the whole figure."""

    promised: int = 0
    lost: int = 0
    refused: int = 0
    counted: int = 0
    repaired: int = 0
    one: list[Pair] = field(default_factory=list)
    whole: list[Pair] = field(default_factory=list)


class RolledBack(Exception):
    pass


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """Undo in the end whatever was written."""
    try:
        with transaction.atomic():
            yield
            raise RolledBack
    except RolledBack:
        pass


def lived(size: Size, *, seed: int = SEED, sourcing: bool, counting: bool, threshold: int = THRESHOLD) -> Outcome:
    """Let one house live through the days; it sources and counts by confidence, or not."""
    with leaving_nothing():
        house = House(Hidden(seed, size.stores, size.articles), size, threshold if sourcing else 0, counting)
        for day in range(size.days):
            house.live(day)
        return house.outcome


class House:
    """A house in its hidden world: figures in the real tables, one day after the other."""

    def __init__(self, world: Hidden, size: Size, threshold: int, by_list: bool) -> None:
        self.world, self.size, self.by_list, self.outcome = world, size, by_list, Outcome()
        out = (Rule("stock", 1), Rule("confidence", threshold, 2)) if threshold else (Rule("stock", 1),)
        self.rules = Rules(out, {"distance": 100}, 1)
        self.ledger = Ledger(world, FIRST_DAY)
        self.turn = [0] * world.stores

    def live(self, day: int) -> None:
        """One day: losses in the night, deliveries, web orders picked, customers in the stores, counts, learning."""
        now = FIRST_DAY + timedelta(days=day + 1)
        fate, crowd = self.world.luck(day, "fate"), self.world.luck(day, "crowd")
        for shelf in self.world.shelves:
            shelf.suffer(fate)
            if came := shelf.reorder(day):
                self.ledger.move(shelf, "received", came, now)
        self.ledger.write()
        warm = day >= self.size.warm
        if warm and (day - self.size.warm) % self.size.look == 0:
            self._look(now)
        self._serve(day, now + timedelta(hours=1), warm)
        for shelf in self.world.shelves:
            if taken := shelf.sell(crowd):
                self.ledger.move(shelf, "sold", taken, now + timedelta(hours=3))
        self.ledger.write()
        self._count(day, now + timedelta(hours=10), warm)
        if day % 7 == 6:
            self.ledger.analyse()
            while learning.take_in():
                pass
            learning.learn(at=now + timedelta(hours=11))

    def _look(self, now: datetime) -> None:
        """Ask of every figure how sure it is, and lift the veil."""
        every = {variant: 1 for variant in self.ledger.variants}
        there = [shelf for shelf in self.world.shelves if shelf.figure > 0]
        one = chances(every, self.ledger.places, at=now)
        for shelf in there:
            place, variant = self.ledger.key(shelf)
            chance = one[place][variant]
            self.outcome.one.append((chance.per_mille / 1000, shelf.true >= 1))
            self.outcome.whole.append((chance.exact_per_mille / 1000, shelf.true >= shelf.figure))

    def _serve(self, day: int, now: datetime, warm: bool) -> None:
        orders = self.world.orders(day, self.size.orders)
        sure = self._sure({article for article, _near in orders}, now) if len(self.rules.out) > 1 else {}
        for number, (article, near) in enumerate(orders):
            shelf = self._chosen(article, near, sure)
            found = shelf is not None and shelf.true > 0
            if shelf is not None:
                self._pick(shelf, found, now + timedelta(seconds=number))
            if warm:
                self.outcome.promised += shelf is not None
                self.outcome.lost += shelf is not None and not found
                self.outcome.refused += shelf is None
        self.ledger.write()

    def _sure(self, articles: Iterable[int], now: datetime) -> dict[tuple[int, int], int]:
        wanted = {self.ledger.variants[article]: 1 for article in articles}
        found = chances(wanted, self.ledger.places, at=now)
        return {(place, pk): one.percent for place, of in found.items() for pk, one in of.items()}

    def _chosen(self, article: int, near: int, sure: dict[tuple[int, int], int]) -> Shelf | None:
        """Return the shelf that the production engine chooses, or None."""
        pk, stores = self.ledger.variants[article], self.world.stores
        candidates = [
            Candidate(
                place_id=place,
                metres=10_000 * min((store - near) % stores, (near - store) % stores),
                has={pk: self.world.shelf(store, article).figure},
                sure={pk: sure[place, pk]} if (place, pk) in sure else {},
            )
            for store, place in enumerate(self.ledger.places)
        ]
        parcels = plan({pk: 1}, candidates, self.rules).parcels
        return self.world.shelf(self.ledger.places.index(parcels[0].place_id), article) if parcels else None

    def _pick(self, shelf: Shelf, found: bool, now: datetime) -> None:
        """Pick what was promised; where none is found, the clerk says so and the figure goes to none."""
        if found:
            shelf.true, shelf.figure = shelf.true - 1, shelf.figure - 1
            self.ledger.move(shelf, "sold", 1, now)
        else:
            self.ledger.move(shelf, "counted_less", shelf.figure, now, reason="not_found")
            shelf.figure = 0

    def _count(self, day: int, now: datetime, warm: bool) -> None:
        for store in range(self.world.stores):
            chosen = self._chosen_to_count(day, store, now)
            wrong = sum(shelf.true != shelf.figure for shelf in chosen)
            if chosen:
                self.ledger.count(store, chosen, now)
            if warm:
                self.outcome.counted += len(chosen)
                self.outcome.repaired += wrong

    def _chosen_to_count(self, day: int, store: int, now: datetime) -> list[Shelf]:
        """Return the articles of the production list, or the next ones in turn."""
        if self.by_list:
            place, most = self.ledger.places[store], self.size.counts
            listing.make_list(location_id=place, on=now.date(), at=now, most=most)
            return [self.world.shelf(store, number) for number in self.ledger.listed(place)]
        first = self.turn[store]
        self.turn[store] += self.size.counts
        return [self.world.shelf(store, (first + n) % self.world.articles) for n in range(self.size.counts)]


def summed(name: str, outcome: Outcome) -> str:
    """Return what came of one house in a line."""
    share = outcome.lost / outcome.promised
    return (
        f"  {name:34}{outcome.promised:7} promised {outcome.lost:6} lost ({share:.2%}) {outcome.refused:5} refused;"
        f" {outcome.counted:6} counted, {outcome.repaired / max(1, outcome.counted):.1%} of them wrong"
    )


def main(_arguments: list[str]) -> int:
    """Print calibration and lost promises; 1 unless confidence loses fewer."""
    call_command("migrate", interactive=False, verbosity=0)
    size = Size()
    print(f"seed {SEED}: {size}", flush=True)
    ways: dict[str, dict[str, Any]] = {
        "as before": {"sourcing": False, "counting": False},
        "sourcing by confidence": {"sourcing": True, "counting": False},
        "sourcing and counts by confidence": {"sourcing": True, "counting": True},
    }
    outcomes = {}
    for name, way in ways.items():
        outcomes[name] = lived(size, **way)
        print(summed(name, outcomes[name]), flush=True)
    for name in ("as before", "sourcing and counts by confidence"):
        print(told(f"{name}, one piece is there", outcomes[name].one))
        print(told(f"{name}, the whole figure is there", outcomes[name].whole), flush=True)
    before, after = outcomes["as before"], outcomes["sourcing and counts by confidence"]
    return 0 if after.lost * before.promised < before.lost * after.promised else 1
