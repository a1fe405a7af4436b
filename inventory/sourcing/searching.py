"""The exact search: branch and bound over sets of places, with a bound on its work.

`LOOKS` counts how often what one place gives of one article is looked at; so the answer depends on the question alone
and not on how fast the machine is. A search that ends before the bound is proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.sourcing.choosing import (
    Aims,
    Option,
    Units,
    aims,
    gain,
    greedy,
    improved,
    in_rank,
    left_over,
    less,
    nearest_first,
    nearest_whole,
)

LOOKS = 400_000


@dataclass(frozen=True)
class Choice:
    """The places of a plan, and whether it is proven that none is better."""

    places: list[Option]
    proven: bool


def choose(options: Sequence[Option], needs: Units, most: int, *, looks: int = LOOKS) -> Choice:
    """Return the best set of at most `most` places. Never worse than nearest first, whatever the bound."""
    ranked = in_rank(options)
    starts = [start(ranked, needs, most) for start in (nearest_first, nearest_whole, greedy)]
    if not starts[0]:
        return Choice([], True)
    search = _Search(needs, min(starts, key=lambda chosen: aims(needs, chosen)), left_over(needs, ranked), looks)
    try:
        _run(search, ranked, most)
    except _OutOfLooks:
        return Choice(in_rank(improved(useful(ranked, needs, most), needs, search.best)), False)
    return Choice(in_rank(search.best), True)


class _OutOfLooks(Exception):
    pass


def _run(search: "_Search", ranked: list[Option], most: int) -> None:
    """Look for one place that serves all that can be served, then for two, and so on; when even the most allowed do
    not serve it, for those that serve most."""
    lost = sum(search.unreachable)
    reach = less(search.needs, search.unreachable)
    for size in range(1, most + 1):
        if search.aims[:2] < (lost, size):
            return
        search.cover(reach, [], useful(ranked, search.needs, size), size, 0)
        if search.aims[:2] == (lost, size):
            return
    search.partly(search.needs, [], useful(ranked, search.needs, most), most, 0)


def useful(ranked: Sequence[Option], needs: Units, size: int) -> list[Option]:
    """Return the options that a best set of `size` places may need.

    One that gives nothing beyond a better ranked other is not needed when that other gives all that is wanted of it, or
    when there are `size` such others: one of them is always free to stand in its place.
    """
    kept: list[tuple[Option, int, int]] = []
    for option in ranked:
        some = full = 0
        for bit, (need, give) in enumerate(zip(needs, option.gives, strict=True)):
            some |= (give > 0) << bit
            full |= (give >= need) << bit
        if some and not _stood_in_for(option, some, kept, size):
            kept.append((option, some, full))
    return [option for option, _some, _full in kept]


def _stood_in_for(option: Option, some: int, kept: list[tuple[Option, int, int]], size: int) -> bool:
    alike = 0
    for other, others, full in kept:
        if not some & ~full:
            return True
        if not some & ~others and all([a <= b for a, b in zip(option.gives, other.gives, strict=True)]):
            alike += 1
            if alike == size:
                return True
    return False


class _Search:
    """The best set so far, and how much looking is left."""

    def __init__(self, needs: Units, start: list[Option], unreachable: Units, looks: int) -> None:
        self.needs, self.unreachable, self.looks = needs, unreachable, looks
        self.best: list[Option] = start
        self.aims: Aims = aims(needs, start)

    def keep(self, chosen: list[Option]) -> None:
        found = aims(self.needs, chosen)
        if found < self.aims:
            self.best, self.aims = chosen, found

    def gains(self, needs: Units, allowed: list[Option]) -> list[int]:
        self.looks -= len(allowed) * len(needs)
        if self.looks < 0:
            raise _OutOfLooks
        return [gain(needs, option.gives) for option in allowed]

    def cover(self, needs: Units, chosen: list[Option], allowed: list[Option], slots: int, worth: int) -> None:
        """Try every set that serves all of `needs` with at most `slots` more places out of `allowed` (best first)."""
        if not any(needs):
            self.keep(chosen)
            return
        gains = self.gains(needs, allowed)
        allowed = [option for option, gained in zip(allowed, gains, strict=True) if gained]
        if sum(sorted(gains, reverse=True)[:slots]) < sum(needs) or self._cannot_win(chosen, allowed, slots, worth):
            return
        scarce = self._scarcest(needs, allowed)
        for option in [one for one in allowed if one.gives[scarce]]:
            allowed = [one for one in allowed if one is not option]
            if slots > 1 or gain(needs, option.gives) == sum(needs):
                more = worth + option.worth
                self.cover(less(needs, option.gives), [*chosen, option], allowed, slots - 1, more)

    def _cannot_win(self, chosen: list[Option], allowed: list[Option], slots: int, worth: int) -> bool:
        """Whether as many places as the best set has, all of them the best that are left, would be worth less."""
        if self.aims[:2] != (sum(self.unreachable), len(chosen) + slots):
            return False
        return worth + sum([option.worth for option in allowed[:slots]]) < -self.aims[2]

    def _scarcest(self, needs: Units, allowed: list[Option]) -> int:
        """Return which needed variant the fewest places give: some place that gives it must be in the set."""
        givers = {
            index: sum([1 for option in allowed if option.gives[index]]) for index, need in enumerate(needs) if need
        }
        return min(givers, key=lambda index: (givers[index], index))

    def partly(self, needs: Units, chosen: list[Option], allowed: list[Option], slots: int, worth: int) -> None:
        """Try every set of at most `slots` more places that may serve more, or as much with less."""
        if chosen:
            self.keep(chosen)
        if not slots or not any(needs):
            return
        pairs = zip(self.gains(needs, allowed), allowed, strict=True)
        gained = sorted([pair for pair in pairs if pair[0]], key=lambda pair: -pair[0])
        for index, (_gain, option) in enumerate(gained):
            if self._serves_too_little(needs, len(chosen), gained[index:], slots, worth):
                return
            later = [one for _, one in gained[index + 1 :]]
            self.partly(less(needs, option.gives), [*chosen, option], later, slots - 1, worth + option.worth)

    def _serves_too_little(
        self, needs: Units, parcels: int, gained: list[tuple[int, Option]], slots: int, worth: int
    ) -> bool:
        left = sum(needs)
        for count, (units, _option) in enumerate(gained[:slots], start=1):
            left -= units
            if left < self.aims[0] or (left == self.aims[0] and parcels + count < self.aims[1]):
                return False
            if left == self.aims[0] and parcels + count == self.aims[1]:
                best = sorted([one.worth for _, one in gained], reverse=True)[:count]
                if worth + sum(best) >= -self.aims[2]:
                    return False
        return True
