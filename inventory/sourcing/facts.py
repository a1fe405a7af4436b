"""What the engine is told and what it answers: plain values, no tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

FAR_KM = 1_000
"""A place this far gets no points for its distance where no rule sets a limit."""
LONG_DELAY = 2_880
"""Minutes after which a place gets no points for its delay: two days."""
MANY_WAITING = 40
"""Fulfilments with which a place gets no points for its load where no rule sets a limit."""
HIGHEST_PRIORITY = 10
POINT = 1_000_000
"""Points are whole millionths, so that their sums are exact."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may serve. `has` is variant id → units available after safety stock; `offers` whether it offers
    the way that is asked for; `waiting` how many fulfilments wait there; `delay` minutes until it could be ready;
    `sure` variant id → whole percent that what it would give is really there, of what that was asked for."""

    place_id: int
    metres: int
    has: Mapping[int, int]
    is_store: bool = True
    offers: bool = True
    open_today: bool = True
    waiting: int = 0
    priority: int = 5
    delay: int = 0
    ready_at: datetime | None = None
    sure: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One rule that rules a place out; `kind` is one of `models.SourcingRule.Kind`, `figure` its number if it has
    one."""

    kind: str
    figure: int | None = None
    position: int = 1


@dataclass(frozen=True)
class Rules:
    """What is in force: rules in their order, the weight of each criterion (100 in all), parcels at most (1 never
    splits)."""

    out: tuple[Rule, ...]
    weights: Mapping[str, int]
    most_parcels: int

    @cached_property
    def worst(self) -> Mapping[str, int]:
        """How much of each criterion gets no points."""
        return {
            "distance": self._limit("distance", FAR_KM) * 1000,
            "delay": LONG_DELAY,
            "load": self._limit("load", MANY_WAITING),
            "priority": HIGHEST_PRIORITY,
        }

    def _limit(self, kind: str, otherwise: int) -> int:
        return next((rule.figure for rule in self.out if rule.kind == kind and rule.figure), otherwise)


@dataclass(frozen=True)
class RuledOut:
    """The rule that ruled a place out and what was found there: units, kilometres, fulfilments or percent."""

    rule: Rule
    found: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """One candidate as it was judged: units it could serve of those wanted, and either the rule that ruled it out or
    its points per criterion and in all (millionths)."""

    candidate: Candidate
    serves: int
    wanted: int
    ruled_out: RuledOut | None
    points: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    chosen: bool = False


@dataclass(frozen=True)
class Parcel:
    """What one place sends or prepares: variant id → units."""

    place_id: int
    metres: int
    points: int
    lines: Mapping[int, int]


@dataclass(frozen=True)
class Plan:
    """Who serves what. `unserved` is variant id → units that nobody serves; `proven` says that no better plan exists,
    not only that none was found."""

    parcels: tuple[Parcel, ...]
    unserved: Mapping[int, int]
    explanations: tuple[Explanation, ...]
    proven: bool

    @property
    def aims(self) -> tuple[int, int, int, int]:
        """What a plan is compared by, in this order and smaller is better: units unserved, parcels, points (negative),
        metres."""
        return (
            sum(self.unserved.values()),
            len(self.parcels),
            -sum(parcel.points for parcel in self.parcels),
            sum(parcel.metres for parcel in self.parcels),
        )
