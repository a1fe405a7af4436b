"""Choosing the places of a plan: fewest units unserved, then fewest parcels, then most points, then least metres.

How much a set of places can serve depends on the set alone, so places are chosen first and units dealt out after.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FARTHEST = 10**9
"""More metres than any plan has: one number then holds points before metres, and adds up."""

Units = tuple[int, ...]
"""Units per wanted variant, in one fixed order."""
Aims = tuple[int, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Option:
    """A place that passed every rule: what it can give (never more than wanted) and what it is worth."""

    place_id: int
    gives: Units
    points: int
    metres: int

    @property
    def worth(self) -> int:
        """Points before metres, in one number."""
        return self.points * FARTHEST - self.metres


def in_rank(options: Sequence[Option]) -> list[Option]:
    """Return the options best first; the smaller place id decides between equals."""
    return sorted(options, key=lambda one: (-one.worth, one.place_id))


def left_over(needs: Units, chosen: Sequence[Option]) -> Units:
    """Return what the chosen places together leave unserved."""
    left = needs
    for option in chosen:
        left = less(left, option.gives)
        if not any(left):
            break
    return left


def less(needs: Units, gives: Units) -> Units:
    return tuple([need - give if need > give else 0 for need, give in zip(needs, gives, strict=True)])


def gain(needs: Units, gives: Units) -> int:
    """Return how many of the needed units are given."""
    return sum([need if need < give else give for need, give in zip(needs, gives, strict=True)])


def aims(needs: Units, chosen: Sequence[Option]) -> Aims:
    """Return what sets of places are compared by; smaller is better, and no two sets are equal."""
    worth = sum(option.worth for option in chosen)
    return sum(left_over(needs, chosen)), len(chosen), -worth, tuple(sorted(option.place_id for option in chosen))


def nearest_first(options: Sequence[Option], needs: Units, most: int) -> list[Option]:
    """Return the nearest place that has something, then the next nearest that adds something, until all is served."""
    return _fill(sorted(options, key=lambda one: (one.metres, one.place_id)), needs, most)


def nearest_whole(options: Sequence[Option], needs: Units, most: int) -> list[Option]:
    """Return the nearest place that serves everything alone; without one, as `nearest_first`."""
    whole = [option for option in options if option.gives == needs]
    return _fill(sorted(whole, key=lambda one: (one.metres, one.place_id)), needs, 1) or nearest_first(
        options, needs, most
    )


def _fill(options: Sequence[Option], needs: Units, most: int) -> list[Option]:
    chosen: list[Option] = []
    for option in options:
        if len(chosen) == most or not any(needs):
            break
        if gain(needs, option.gives):
            chosen.append(option)
            needs = less(needs, option.gives)
    return chosen


def greedy(ranked: Sequence[Option], needs: Units, most: int) -> list[Option]:
    """Return the place that serves most of what is left, again and again; the better ranked between equals."""
    chosen: list[Option] = []
    free = list(ranked)
    while len(chosen) < most and any(needs) and free:
        best = max(free, key=lambda one: gain(needs, one.gives))
        if not gain(needs, best.gives):
            break
        chosen.append(best)
        free.remove(best)
        needs = less(needs, best.gives)
    return chosen


def improved(ranked: Sequence[Option], needs: Units, chosen: list[Option]) -> list[Option]:
    """Leave a place out or put another in its stead for as long as that is better. Ends, because aims only fall."""
    best = aims(needs, chosen)
    while True:
        found = min(_neighbours(ranked, needs, chosen), key=lambda pair: pair[0], default=None)
        if found is None or found[0] >= best:
            return chosen
        best, chosen = found


def _neighbours(ranked: Sequence[Option], needs: Units, chosen: list[Option]) -> list[tuple[Aims, list[Option]]]:
    found = []
    inside = {option.place_id for option in chosen}
    for index, leaving in enumerate(chosen):
        rest = chosen[:index] + chosen[index + 1 :]
        lacks = left_over(needs, rest)
        found.append((aims(needs, rest), rest))
        kept = gain(lacks, leaving.gives)
        others = [one for one in ranked if one.place_id not in inside and gain(lacks, one.gives) >= kept]
        found += [(aims(needs, [*rest, other]), [*rest, other]) for other in others]
    return found
