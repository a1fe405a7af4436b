"""`make bench-sourcing`: who serves real baskets, by the engine and by the nearest store first. Needs no server.

The baskets are those of the demo's extract, spread evenly over its year; the stores stand where the demo's would, the
customers live in its towns. Who has what is made up by a fixed seed: an article lies in 4 to 70 % of the stores, one to
six pieces each. Only distance counts, so that both sides want the same: fewest units unserved, then parcels, then km.
"""

import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.conf import settings

if __name__ == "__main__" and not settings.configured:
    settings.configure(USE_I18N=False)
    django.setup()

from inventory.places.distance import distance_km
from inventory.sourcing.engine import plan
from inventory.sourcing.facts import Candidate, Plan, Rule, Rules
from omni.demo.extract import ExtractPanel
from omni.demo.places import Place, places
from omni.demo.published import Basket
from omni.demo.unplaced import Report

SEED = 20_261_212
MOST = 20
BY_DISTANCE = Rules((Rule("distance", 2_000),), {"distance": 100}, MOST)
"""The limit is farther than any two places in France, so that every metre counts alike."""
LINES_OF_A_TIMED_ORDER = 5
Wanted = Mapping[int, int]


@dataclass
class Side:
    """What one side came to over all baskets."""

    unserved: int = 0
    parcels: int = 0
    metres: int = 0

    def add(self, found: tuple[int, int, int]) -> None:
        self.unserved += found[0]
        self.parcels += found[1]
        self.metres += found[2]


@dataclass
class Outcome:
    """Both sides, how often the engine was better, equal or worse, what was proven, and milliseconds of CPU by
    lines: a machine that does other things as well changes them little."""

    engine: Side = field(default_factory=Side)
    nearest: Side = field(default_factory=Side)
    verdicts: dict[str, int] = field(default_factory=lambda: {"better": 0, "equal": 0, "worse": 0})
    proven: int = 0
    times: list[tuple[int, float]] = field(default_factory=list)


class World:
    """Stores in real towns, with made-up stock that depends on nothing but the seed."""

    def __init__(self, stores: int) -> None:
        self.places: list[Place] = list(places(list(range(stores))).values())
        self.towns = list(places(list(range(98))).values())
        self.luck = random.Random(SEED)
        self.shelves: dict[int, dict[int, int]] = {}

    def shelf(self, product: int) -> dict[int, int]:
        """Return store → pieces of an article."""
        if product not in self.shelves:
            luck = random.Random(f"{SEED} {product}")
            share = luck.uniform(0.04, 0.7)
            count = range(len(self.places))
            self.shelves[product] = {store: luck.randint(1, 6) for store in count if luck.random() < share}
        return self.shelves[product]

    def candidates(self, wanted: Wanted) -> list[Candidate]:
        """Return the stores as a customer in one of the towns finds them."""
        town = self.luck.choice(self.towns)
        home = town.latitude + self.luck.uniform(-0.1, 0.1), town.longitude + self.luck.uniform(-0.1, 0.1)
        shelves = {product: self.shelf(product) for product in wanted}
        return [
            Candidate(
                number,
                round(distance_km(home, (store.latitude, store.longitude)) * 1000),
                {product: shelf[number] for product, shelf in shelves.items() if number in shelf},
            )
            for number, store in enumerate(self.places)
        ]


def baskets(count: int) -> list[dict[int, int]]:
    """Return so many real baskets out of the whole year: product → pieces, without what is measured or nothing."""
    panel = ExtractPanel()
    measured = {product.product_id for product in panel.products() if product.measured}
    with TemporaryDirectory() as folder, Report(Path(folder) / "report.csv") as report:
        usable = [pieces for basket in panel.baskets(report) if (pieces := _pieces(basket, measured))]
    return usable[:: max(1, len(usable) // count)][:count]


def _pieces(basket: Basket, measured: set[int]) -> dict[int, int]:
    return {one.product_id: one.quantity for one in basket.lines if one.quantity and one.product_id not in measured}


def lacking(wanted: Wanted, chosen: Sequence[Candidate]) -> int:
    """Return the units that these places together do not have."""
    return sum(max(0, units - sum(one.has.get(pk, 0) for one in chosen)) for pk, units in wanted.items())


def nearest_first(wanted: Wanted, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return the nearest store that has everything; else the nearest that has something, and then the next nearest
    that adds something, until all is there."""
    by_distance = sorted(candidates, key=lambda one: (one.metres, one.place_id))
    for one in by_distance:
        if not lacking(wanted, [one]):
            return [one]
    return filled(wanted, by_distance, most)


def filled(wanted: Wanted, by_distance: Sequence[Candidate], most: int) -> list[Candidate]:
    """Return the first that has something and those that add something, at most so many."""
    taken: list[Candidate] = []
    left = dict(wanted)
    for one in by_distance:
        if len(taken) == most or not left:
            break
        if any(one.has.get(pk) for pk in left):
            taken.append(one)
            left = {pk: units - one.has.get(pk, 0) for pk, units in left.items() if units > one.has.get(pk, 0)}
    return taken


def compared(wishes: Sequence[Wanted], stores: int) -> Outcome:
    """Let both sides serve these baskets out of so many stores."""
    world, outcome = World(stores), Outcome()
    for wanted in wishes:
        candidates = world.candidates(wanted)
        near = nearest_first(wanted, candidates, MOST)
        theirs = lacking(wanted, near), len(near), sum(one.metres for one in near)
        began = time.process_time()
        found = plan(wanted, candidates, BY_DISTANCE)
        outcome.times.append((len(wanted), (time.process_time() - began) * 1000))
        ours = reached(found)
        outcome.engine.add(ours)
        outcome.nearest.add(theirs)
        outcome.verdicts["better" if ours < theirs else "equal" if ours == theirs else "worse"] += 1
        outcome.proven += found.proven
    return outcome


def reached(found: Plan) -> tuple[int, int, int]:
    """Return units unserved, parcels and metres of a plan."""
    unserved, parcels, _points, metres = found.aims
    return unserved, parcels, metres


def told(outcome: Outcome, stores: int) -> str:
    """Return the outcome in lines to print."""
    both = (("nearest first", outcome.nearest), ("engine", outcome.engine))
    lines = [f"{len(outcome.times)} real baskets, {stores} stores"]
    lines += [
        f"  {name:14}{side.unserved:8} units unserved {side.parcels:8} parcels {side.metres // 1000:12} km"
        for name, side in both
    ]
    verdicts = ", ".join(f"{times} {verdict}" for verdict, times in outcome.verdicts.items())
    lines.append(f"  the engine is: {verdicts}; proven best: {outcome.proven}")
    groups = {
        "of 5 lines": [ms for size, ms in outcome.times if size == LINES_OF_A_TIMED_ORDER],
        "of any size": [ms for _size, ms in outcome.times],
    }
    for name, times in groups.items():
        if len(times) > 1:
            late = statistics.quantiles(times, n=20)[-1]
            lines.append(
                f"  orders {name} ({len(times)}): median {statistics.median(times):.1f}, p95 {late:.1f} ms of CPU"
            )
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the comparison for 50 and for 200 stores; `arguments` may name another number of baskets."""
    count = int(arguments[0]) if arguments else 10_000
    wishes, worse = baskets(count), 0
    for stores in (50, 200):
        outcome = compared(wishes, stores)
        print(told(outcome, stores), flush=True)
        worse += outcome.verdicts["worse"]
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
