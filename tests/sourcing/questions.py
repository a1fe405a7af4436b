"""Questions for the engine, drawn by Hypothesis, and the plan that is to be beaten, written down apart from it."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from inventory.sourcing.facts import Candidate, Rules

BY_DISTANCE = {"distance": 100}


def rules(*out: Any, most: int = 3, weights: Mapping[str, int] | None = None) -> Rules:
    """Rules without any that rules out, unless named."""
    return Rules(out, weights or BY_DISTANCE, most)


@st.composite
def questions(draw: Any, places: int = 7, articles: int = 4) -> tuple[dict[int, int], list[Candidate], int]:
    """Wanted units, candidates, and parcels at most: crowded with ties, shared articles and wants that nobody fills."""
    wanted = {pk: draw(st.integers(1, 4)) for pk in range(1, draw(st.integers(1, articles)) + 1)}
    stock = st.dictionaries(st.sampled_from(sorted(wanted)), st.integers(0, 5))
    candidates = [
        Candidate(pk, draw(st.integers(0, 12)) * 50_000, draw(stock), waiting=draw(st.integers(0, 3)) * 10)
        for pk in range(1, draw(st.integers(0, places)) + 1)
    ]
    return wanted, candidates, draw(st.integers(1, 4))


def lacking(wanted: Mapping[int, int], places: Sequence[Candidate]) -> int:
    """Units that these places together do not have."""
    return sum(max(0, units - sum(one.has.get(pk, 0) for one in places)) for pk, units in wanted.items())


def nearest_first(wanted: Mapping[int, int], candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The nearest store first; when it has not everything, the next nearest that adds something."""
    taken: list[Candidate] = []
    for one in sorted(candidates, key=lambda one: (one.metres, one.place_id)):
        if len(taken) < most and lacking(wanted, [*taken, one]) < lacking(wanted, taken):
            taken.append(one)
    return taken


def every_set(candidates: Sequence[Candidate], most: int) -> list[tuple[Candidate, ...]]:
    """Every set of at most so many places."""
    return [chosen for size in range(min(most, len(candidates)) + 1) for chosen in combinations(candidates, size)]
