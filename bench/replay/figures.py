"""What a replay found: percentiles of each action, queues, promises, and whether it is what was promised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.measuring import percentile
from bench.replay.browser import Timed
from bench.replay.world import SHOP

LIMIT_MS = 250.0
"""What the slowest hundredth of each clerk's action may take."""
ENDED = {"collected", "expired", "cancelled"}
BY_ITSELF = "poll Today"
"""What a tablet asks while nobody touches it: many and quick, it would hide how long people waited."""
NOT_A_CLERKS = {SHOP, "open one's own page", "cancel on one's page", "say one is here"}


@dataclass(frozen=True)
class Action:
    """One thing that people do: how often, and how many milliseconds it took."""

    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    worst_ms: float
    is_clerks: bool

    @property
    def is_quick(self) -> bool:
        """Whether it is as quick as promised; only clerks were promised anything."""
        return not self.is_clerks or self.p99_ms <= LIMIT_MS


@dataclass(frozen=True)
class Sample:
    """A store's queue at a second of the day: orders to prepare or in hand, orders that wait for their owner."""

    at: float
    store: str
    to_prepare: int
    ready: int


@dataclass(frozen=True)
class Kept:
    """Promises of a store: those that were given, those that were kept."""

    kept: int
    given: int

    @property
    def share(self) -> float | None:
        """The share that was kept, of those that were given."""
        return self.kept / self.given if self.given else None


@dataclass
class Findings:
    """Everything that a replay reports."""

    ends: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    actions: dict[str, Action] = field(default_factory=dict)
    clerks: Action | None = None
    kept: dict[str, Kept] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)
    otherwise: dict[str, int] = field(default_factory=dict)
    circumstances: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the object for the file."""
        return {**asdict(self), "shortfalls": shortfalls(self)}


def actions(timed: Iterable[Timed]) -> dict[str, Action]:
    """Return each action with its percentiles, the slowest first."""
    found: dict[str, list[float]] = defaultdict(list)
    for one in timed:
        found[one.action].append(one.ms)
    boiled = {name: action(values, is_clerks=name not in NOT_A_CLERKS) for name, values in found.items()}
    return dict(sorted(boiled.items(), key=lambda one: -one[1].p99_ms))


def action(milliseconds: Sequence[float], *, is_clerks: bool) -> Action:
    """Boil one action down."""
    ordered = sorted(one / 1000 for one in milliseconds)
    shares = (percentile(ordered, share) for share in (50, 95, 99))
    return Action(len(ordered), *shares, worst_ms=round(1000 * ordered[-1], 2), is_clerks=is_clerks)


def of_clerks(timed: Iterable[Timed]) -> Action | None:
    """Return all that clerks did themselves as one action."""
    values = [one.ms for one in timed if one.action not in {*NOT_A_CLERKS, BY_ITSELF}]
    return action(values, is_clerks=True) if values else None


def shortfalls(found: Findings) -> list[str]:
    """Return, in sentences, whatever is not as promised; an empty list is what one hopes for."""
    told = [f"{count} orders ended as {status}" for status, count in found.ends.items() if status not in ENDED]
    told += [] if found.ends else ["no order was placed"]
    told += [f"the audit differs: {one}" for one in found.differences]
    if found.clerks and not found.clerks.is_quick:
        told.append(f"the slowest hundredth of what clerks did took {found.clerks.p99_ms:.0f} ms, not {LIMIT_MS:.0f}")
    told += [f"answered wrongly: {what}, {count} times" for what, count in found.wrong.items()]
    return told


def table(found: Mapping[str, Action]) -> str:
    """Return the actions as lines of a table."""
    head = f"{'action':<28}{'times':>8}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'worst':>10}"
    lines = [head, "-" * len(head)]
    for name, one in found.items():
        mark = "" if one.is_quick else "  > 250"
        lines.append(
            f"{name:<28}{one.count:>8,}{one.p50_ms:>10.1f}{one.p95_ms:>10.1f}{one.p99_ms:>10.1f}{one.worst_ms:>10.1f}{mark}"
        )
    return "\n".join(lines)
