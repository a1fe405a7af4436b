"""What happens on the day, from a fixed seed: who orders what, when, where, and whether they come for it.

Instants are seconds of the day that is replayed, from its beginning (`Plan.begins` by the wall of the shops). Orders
are real baskets of the panel, cut to what a web shop sells, in the store and at the time at which they were bought;
everything that the panel does not know (who comes when, what is not on the shelf) is made up here.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from omni.demo.extract import ExtractPanel
from omni.demo.unplaced import Report
from omni.demo.wishes import Wish, wishes_where

SEED = 20171223
OPENS = timedelta(hours=8)
HOURS = 13.0
MINUTE, HOUR = 60.0, 3600.0
NEVER, CANCELS, EARLY, REFUSES, MISSING = 0.04, 0.04, 0.15, 0.03, 0.04
"""Shares: of customers, and (`MISSING`) of orders in which a piece is not found."""


class Fate(Enum):
    """What a customer does."""

    COMES = "comes"
    NEVER = "never comes"
    CANCELS = "cancels"


@dataclass(frozen=True)
class Errand:
    """One order and its customer: when it is placed, and what becomes of it as far as the customer decides.

    `after` is how long after the letter “it is ready” the customer comes, or, who cancels, after placing the order.
    """

    reference: str
    wish: Wish
    at: float
    fate: Fate
    after: float
    is_early: bool = False
    refuses_one: bool = False
    misses_one: bool = False
    types_code: bool = False


@dataclass(frozen=True)
class Plan:
    """A day: how long it lasts in seconds, and its errands in order. `left_out` are baskets of other hours."""

    day: date
    begins: timedelta
    seconds: float
    errands: tuple[Errand, ...]
    left_out: int


def busiest_day(baskets: Iterable[datetime], *, month: int = 12) -> date:
    """Return the day of the month with the most baskets; of two the first."""
    days = Counter(bought_at.date() for bought_at in baskets if bought_at.month == month)
    return min(days, key=lambda day: (-days[day], day))


def of_panel(panel: ExtractPanel, *, hours: float = HOURS, fold: int = 1, seed: int = SEED) -> Plan:
    """Return the plan of the panel's busiest December day."""
    with Report(Path("/dev/null")) as silent:
        day = busiest_day(basket.bought_at for basket in panel.baskets(silent))
    return plan(
        wishes_where(lambda basket: basket.bought_at.date() == day, panel), day, hours=hours, fold=fold, seed=seed
    )


def plan(
    bought: Sequence[tuple[datetime, Wish]], day: date, *, hours: float = HOURS, fold: int = 1, seed: int = SEED
) -> Plan:
    """Plan the busiest so many hours of a day, between its opening and 13 hours later.

    A whole day begins with what was bought before the shops open: those orders wait at the door. `fold` times as many
    orders are the same baskets again, by other households and within the half hour around: volume, not behaviour.
    """
    dice = random.Random(seed)
    times = [(bought_at - datetime.combine(day, datetime.min.time())).total_seconds() for bought_at, _wish in bought]
    opens, whole = OPENS.total_seconds(), hours >= HOURS
    seconds = min(hours, HOURS) * HOUR
    begins = opens if whole else _busiest(times, opens, seconds)
    errands, left_out = [], 0
    for at, (_bought_at, wish) in sorted(
        zip(times, bought, strict=True), key=lambda one: (one[0], one[1][1].basket_id)
    ):
        for turn in range(fold):
            here = at - begins + (dice.uniform(-900, 900) if turn else 0.0)
            if whole and here < 0:
                here = dice.uniform(0, 10 * MINUTE)
            if 0 <= here < seconds:
                errands.append(_errand(wish, here, turn, dice))
            else:
                left_out += 1
    errands.sort(key=lambda one: (one.at, one.reference))
    return Plan(day, timedelta(seconds=begins), seconds, tuple(errands), left_out)


def _busiest(times: Sequence[float], opens: float, seconds: float) -> float:
    """Return when the stretch of so many seconds with the most baskets begins; it begins with a basket."""
    latest = opens + HOURS * HOUR - seconds
    begins = [at for at in sorted(times) if opens <= at <= latest] or [opens]
    return max(begins, key=lambda begin: (sum(begin <= at < begin + seconds for at in times), -begin))


def _errand(wish: Wish, at: float, turn: int, dice: random.Random) -> Errand:
    household = (wish.household_id + 37 * turn - 1) % 2_500 + 1 if turn else wish.household_id
    draw = dice.random()
    fate = Fate.NEVER if draw < NEVER else Fate.CANCELS if draw < NEVER + CANCELS else Fate.COMES
    is_early = fate is Fate.COMES and dice.random() < EARLY
    if fate is Fate.CANCELS:
        after = dice.uniform(5 * MINUTE, 90 * MINUTE)
    elif is_early:
        after = dice.uniform(1 * MINUTE, 8 * MINUTE)
    else:
        after = dice.triangular(10 * MINUTE, 8 * HOUR, 90 * MINUTE)
    return Errand(
        reference=f"replay-{wish.basket_id}-{turn}",
        wish=replace(wish, household_id=household),
        at=at,
        fate=fate,
        after=after,
        is_early=is_early,
        refuses_one=dice.random() < REFUSES,
        misses_one=dice.random() < MISSING,
        types_code=dice.random() < 0.3,
    )
