"""Running both sides in turns and boiling the rounds down to one figure each."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from omni.lib import sql
from omni.local import folders, preflight

SECONDS = float(os.environ.get("BENCH_SECONDS") or 2)
ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 15)
"""Many short rounds: a machine that is slower for some seconds is so for both sides of a round."""
WARM_UP = min(1.0, SECONDS / 4)
DRAIN_SECONDS = 60.0

Side = Callable[[int], dict[str, Any]]
"""Runs the measure once with a number of clients and returns its latencies, seconds and wrong answers."""


@dataclass
class Measure:
    """One line of the table and one object of `var/bench.json`."""

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    limit_per_s: float
    ratio: float
    statements: int | None = None
    clients: int = 1
    rounds_per_s: list[float] = field(default_factory=list)
    rounds_limit_per_s: list[float] = field(default_factory=list)
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the object for the file."""
        return asdict(self)


def in_turns(app: Side, limit: Side, *, clients: int, rounds: int = ROUNDS, between: Callable[[], None]) -> Measure:
    """Run limit, app, limit, app …; per second and ratio are medians over rounds, percentiles are of all requests."""
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    for _ in range(rounds):
        between()
        theirs.append(limit(clients))
        between()
        ours.append(app(clients))
    between()
    rates, limits = [rate(one) for one in ours], [rate(one) for one in theirs]
    latencies = sorted(latency for one in ours for latency in one["latencies"])
    return Measure(
        per_s=round(statistics.median(rates), 1),
        p50_ms=percentile(latencies, 50),
        p95_ms=percentile(latencies, 95),
        p99_ms=percentile(latencies, 99),
        limit_per_s=round(statistics.median(limits), 1),
        ratio=round(statistics.median(one / other for one, other in zip(rates, limits, strict=True)), 3),
        clients=clients,
        rounds_per_s=[round(one, 1) for one in rates],
        rounds_limit_per_s=[round(one, 1) for one in limits],
    )


def rate(run: dict[str, Any]) -> float:
    """Return requests per second. Refuses a run with answers that were not expected: its speed means nothing."""
    if run["wrong"] or not run["latencies"]:
        raise RuntimeError("wrong answers: " + json.dumps(run["wrong"], indent=1)[:2000])
    return len(run["latencies"]) / float(run["seconds"])


def percentile(ordered: Sequence[float], share: int) -> float:
    """Return the milliseconds that `share` percent of the requests did not exceed (nearest rank)."""
    return round(1000 * ordered[max(0, -(-len(ordered) * share // 100) - 1)], 2)


def over_http(port: int, door: Any, tag: str) -> Side:
    """Return the side that asks a server over HTTP, from a process of its own."""
    turn = iter(range(1_000_000))

    def side(clients: int) -> dict[str, Any]:
        job = door.job(f"{tag}-{clients}-{next(turn)}")
        return child("bench.client", {**job, "host": preflight.HOST, "port": port, "clients": clients})

    return side


def warm(port: int, everything: Any, *, times: int = 4, seconds: float = max(1.0, SECONDS / 4)) -> None:
    """Make every process behind the port know every article, as in a shop that has been open for a while.

    Each turn opens new connections, so that every process gets some, and asks at least for the whole catalogue.
    """
    for turn in range(times):
        job = {**everything.job(f"warm-{turn}"), "host": preflight.HOST, "port": port, "clients": 8}
        child("bench.client", {**job, "warm_up": 0, "seconds": seconds})


def plain_sql(house: dict[str, Any], tag: str, *, work: str = "orders", **job: Any) -> Side:
    """Return the side that writes the same orders, or holds, by plain SQL."""
    turn = iter(range(1_000_000))

    def side(clients: int) -> dict[str, Any]:
        seed = f"{tag}-limit-{clients}-{next(turn)}"
        return child("bench.limit", {**job, "work": work, "house": house, "clients": clients, "seed": seed})

    return side


def asked(database_url: str, tag: str, **job: Any) -> Side:
    """Return the side that asks the service of sourcing, or its engine alone, in a process of its own."""
    turn = iter(range(1_000_000))

    def side(clients: int) -> dict[str, Any]:
        if clients != 1:
            raise ValueError("sourcing is asked by one client")
        return child("bench.asked", {**job, "seed": f"{tag}-{next(turn)}"}, DATABASE_URL=database_url)

    return side


def child(module: str, job: dict[str, Any], **environment: str) -> dict[str, Any]:
    """Run a client in a process of its own and return what it found."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps({"seconds": SECONDS, "warm_up": WARM_UP, **job}),
        cwd=folders.ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def settle() -> None:
    """Wait until the worker has handled what the last run left, then have PostgreSQL write its dirty pages."""
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline:
        if not sql.row("SELECT EXISTS (SELECT FROM sales_orderevent WHERE handled_at IS NULL) AS waiting").waiting:
            break
        time.sleep(0.2)
    sql.run("CHECKPOINT")
