"""Questions for the engine, drawn by Hypothesis."""

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


def every_set(candidates: Sequence[Candidate], most: int) -> list[tuple[Candidate, ...]]:
    """Every set of at most so many places."""
    return [chosen for size in range(min(most, len(candidates)) + 1) for chosen in combinations(candidates, size)]
