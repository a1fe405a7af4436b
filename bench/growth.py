"""`make bench-stock`: the same calls on a small and on a large stock, in turns: what growth costs.

`python -m bench stock [skus stores]` loads 100,000 skus × 200 stores (or so many) beside 10,000 × 50, each into a
database of its own, and asks both over HTTP by one client. On either side the same number of articles is known to the
caller and to every process, spread over the whole table; the key sees fifty stores, and there are more. What is asked
by a key that sees `every_store` is told and not judged: its answer is four times as long.
"""

import json
import statistics
import time
from contextlib import ExitStack
from typing import Any

from bench import measuring, neighbours, report, serving
from bench.neighbours import Neighbour
from omni.lib import sql
from omni.local import folders
from omni.local.progress import Progress

SMALL = (10_000, 50)
LARGE = (100_000, 200)
WARM_SECONDS = 8.0
"""Of each of four turns: every process of the web server is asked for each of 10,000 articles several times."""
MOST = 1.2
"""So many times the small house's 95th percentile may a call take in the large one."""
JUDGED = ("availability_1sku", "availability_20skus", "hold_and_release", "stock_page", "stock_as_of")
TOLD = ("availability_1sku_every_store", "availability_20skus_every_store")
COLUMNS = ("call, 1 client", "small p50", "p95 ms", "large p50", "p95 ms", "ratio of p95", "SQL", "verdict")
WIDTHS = (34, 10, 9, 10, 9, 14, 5, 13)


def main(arguments: list[str]) -> int:
    """Load, measure, print; 1 when a judged call grew too much."""
    large = (int(arguments[0]), int(arguments[1])) if arguments else LARGE
    progress, before = Progress(), report.load()
    small_one, large_one = (furnish(size) for size in (SMALL, large))
    with ExitStack() as stack:
        ports = [
            stack.enter_context(serving.web(name=name, database_url=one.url))
            for name, one in (("small", small_one), ("large", large_one))
        ]
        sides = list(zip(ports, (small_one, large_one), strict=True))
        with progress.step("Every process gets to know its articles"):
            for port, one in sides:
                measuring.warm(port, one.doors["everything"], seconds=WARM_SECONDS)
        found = {}
        for name in (*JUDGED, *TOLD):
            with progress.step(f"{name}, {measuring.ROUNDS} rounds"):
                found[name] = compared(name, sides)
    return tell(found, large, before)


def furnish(size: tuple[int, int]) -> Neighbour:
    """Fill the house of this size where it is not filled."""
    skus, stores = size
    return neighbours.furnish(f"stock_{skus}x{stores}", skus=skus, stores=stores, how="plenty")


def compared(name: str, sides: list[tuple[int, Neighbour]]) -> dict[str, Any]:
    """Ask both by turns; percentiles are of all requests of a house, the ratio is the median of the rounds'."""
    tag = f"growth-{int(time.time())}"
    askers = [measuring.over_http(port, one.doors[name], f"{tag}-{port}") for port, one in sides]
    rounds: list[list[list[float]]] = []
    for _ in range(measuring.ROUNDS):
        sql.run("CHECKPOINT")
        rounds.append([latencies(asker(1)) for asker in askers])
    small, large = (sorted(second for one in rounds for second in one[side]) for side in (0, 1))
    return {
        "small_p50_ms": measuring.percentile(small, 50), "small_p95_ms": measuring.percentile(small, 95),
        "large_p50_ms": measuring.percentile(large, 50), "large_p95_ms": measuring.percentile(large, 95),
        "ratio": round(statistics.median(p95(large) / p95(small) for small, large in rounds), 3),
        "rounds_p95_ms": [[p95(one) for one in both] for both in rounds],
        "statements": [one.statements[name] for _port, one in sides],
    }  # fmt: skip


def latencies(run: dict[str, Any]) -> list[float]:
    """Return the latencies of a run, in order. Refuses a run with answers that were not expected."""
    measuring.rate(run)
    return sorted(run["latencies"])


def p95(ordered: list[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return measuring.percentile(ordered, 95)


def tell(found: dict[str, dict[str, Any]], large: tuple[int, int], before: dict[str, Any]) -> int:
    """Print the table, write `var/bench-stock.json`; return 1 when a judged call grew too much."""
    slow = [name for name in JUDGED if found[name]["ratio"] > MOST]
    print("\n" + row(COLUMNS) + "\n" + row(["-" * (width - 1) for width in WIDTHS]))
    for name, one in found.items():
        verdict = "" if name in TOLD else f"above {MOST}" if name in slow else "holds"
        figures = [one[key] for key in ("small_p50_ms", "small_p95_ms", "large_p50_ms", "large_p95_ms")]
        print(row([name, *figures, f"{one['ratio']:.2f}", one["statements"][1], verdict]))
    after = report.load()
    both = " beside ".join(f"{skus * stores:,} levels ({skus:,} × {stores})" for skus, stores in (large, SMALL))
    print(f"\n{both}; {measuring.SECONDS:g} s × {measuring.ROUNDS} rounds, by turns.")
    print(f"Load before {before['load_average']}, after {after['load_average']}, on {before['cores']} cores.")
    file = folders.make(folders.VAR) / "bench-stock.json"
    circumstances = {"load_before": before, "load_after": after, "large": large, "small": SMALL}
    file.write_text(json.dumps({**found, "circumstances": circumstances}, indent=2) + "\n", encoding="utf-8")
    print(file)
    return 1 if slow else 0


def row(cells: Any) -> str:
    """Return one line: the first column to the left, figures to the right."""
    return report.row(cells, WIDTHS)
