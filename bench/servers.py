"""`python -m bench servers`: the same orders and questions behind several web servers, in turns, in one run."""

import statistics
import threading
from contextlib import ExitStack
from typing import Any

from bench import doors, measuring, report, serving
from bench.measuring import Side
from omni.local import folders
from omni.local.progress import Progress

SLOW_CLIENTS = 3
"""People who wait for a slow page, half a second each, while others ask for availability."""

COLUMNS = ("server", "orders/s", "p95 ms", "of limit", "avail./s", "p95 ms", "p95 beside slow")


def compare(key: doors.Key, progress: Progress) -> int:
    """Print what each of `serving.SERVERS` reaches at 8 clients. All run at once; only one is asked at a time."""
    entrances = doors.doors(key)
    with ExitStack() as stack:
        stack.enter_context(serving.house())  # for its worker and scheduler
        ports = {
            name: stack.enter_context(serving.web(command, name=name)) for name, command in serving.SERVERS.items()
        }
        with progress.step("Every process gets to know every article"):
            for port in ports.values():
                measuring.warm(port, entrances["everything"])
        results = run(key, entrances, ports, progress)
    limit = statistics.median(measuring.rate(one) for one in results.pop("limit"))
    lines = [report.markdown(COLUMNS)] + [report.markdown(row(name, found, limit)) for name, found in results.items()]
    lines.insert(1, report.markdown(["---"] * len(COLUMNS)))
    text = "\n".join([*lines, "", f"limit {limit:,.0f} orders/s, load {report.load()}"])
    print(f"\n{text}")
    (folders.make(folders.VAR) / "bench-servers.md").write_text(text + "\n", encoding="utf-8")
    return 0


def run(
    key: doors.Key, entrances: dict[str, doors.Door], ports: dict[str, int], progress: Progress
) -> dict[str, list[Any]]:
    """Run every round: the limit, then each server with orders, availability, availability beside slow pages."""
    tag = key.row.prefix
    limit = measuring.plain_sql(doors.house(key), f"{tag}-servers")
    sides = {name: kinds(port, entrances, f"{tag}-{port}") for name, port in ports.items()}
    results: dict[str, list[Any]] = {"limit": [], **{name: [] for name in ports}}
    for number in range(measuring.ROUNDS):
        with progress.step(f"Round {number + 1} of {measuring.ROUNDS}"):
            measuring.settle()
            results["limit"].append(limit(8))
            for name, (orders, availability, slow) in sides.items():
                measuring.settle()
                placed = orders(8)
                measuring.settle()
                asked = availability(8)
                results[name].append((placed, asked, beside(slow, availability)))
    return results


def kinds(port: int, entrances: dict[str, doors.Door], tag: str) -> tuple[Side, Side, Side]:
    """Return the three sides of one server."""
    orders, availability, slow = (
        measuring.over_http(port, entrances[name], f"{tag}-{name}") for name in ("orders", "availability", "slow")
    )
    return orders, availability, slow


def beside(slow: Side, availability: Side) -> dict[str, Any]:
    """Ask for availability with 8 clients while others wait for a slow page."""
    background = threading.Thread(target=slow, args=(SLOW_CLIENTS,))
    background.start()
    found = availability(8)
    background.join()
    return found


def row(name: str, rounds: list[Any], limit: float) -> list[str]:
    """Return a server's line: rates are medians of the rounds, percentiles are of all requests."""
    placed, asked, crowded = zip(*rounds, strict=True)
    orders = statistics.median(measuring.rate(one) for one in placed)
    questions = statistics.median(measuring.rate(one) for one in asked)
    tails = [
        measuring.percentile(sorted(latency for one in side for latency in one["latencies"]), 95)
        for side in (placed, asked, crowded)
    ]
    return [
        name, f"{orders:,.0f}", f"{tails[0]:.0f}", f"{orders / limit:.2f}", f"{questions:,.0f}", f"{tails[1]:.0f}",
        f"{tails[2]:.0f}",
    ]  # fmt: skip
