"""One run of the bench, from an empty database to the table."""

import platform
import time
from contextlib import ExitStack
from typing import Any

from django.core.management import call_command
from django.db import connection

from bench import counting, dataset, doors, limit, limit_holds, measuring, neighbours, report, serving
from bench.measuring import Measure, Side
from bench.neighbours import Neighbour
from omni.lib import sql
from omni.local.progress import Progress

WIDE_SKUS, WIDE_STORES = 1_000, 500
WIDE = {
    "availability_1sku_500stores": "availability_1sku_every_store",
    "availability_20skus_500stores": "availability_20skus_every_store",
}
"""What is asked of the house of five hundred stores, and by which of its doors."""
SOURCING = {"sourcing_5lines_200stores": {"lines": 5, "stores": 200}}
NAMES = (
    "orders_1", "orders_8", "availability_1", "availability_8", "availability_1sku_50stores",
    "availability_20skus_50stores", *WIDE, *doors.HOT_ROWS, *SOURCING, "today_page", "customer_page",
)  # fmt: skip
ONE_CLIENT = {"today_page", "customer_page", *SOURCING}
USUAL_CLIENTS = 8


def main(arguments: list[str]) -> int:
    """Measure what is named, or everything; `servers` compares web servers. 0 when all could be measured."""
    progress = Progress()
    key = prepare(progress)
    if "servers" in arguments:
        from bench.servers import compare

        return compare(key, progress)
    wanted = [name for name in arguments if name in NAMES] or list(NAMES)
    before = report.load()
    measures, missing = measure(key, wanted, progress)
    circumstances = {
        "load_before": before,
        "load_after": report.load(),
        "python": platform.python_version(),
        "postgresql": sql.row("SHOW server_version").server_version,
        "server": " ".join(serving.WEB),
        "seconds": measuring.SECONDS,
        "rounds": measuring.ROUNDS,
        "orders_in_tables": dataset.orders_so_far(),
        "not_measured": missing,
    }
    file = report.write(measures, circumstances)
    print(f"\n{report.table(measures)}\n")
    print(NOTES.format(**circumstances, orders=limit.STATEMENTS, holds=limit_holds.STATEMENTS, file=file))
    return 1 if missing else 0


NOTES = """\
limit of orders: the same rows by {orders} plain statements in one transaction, a process for each client;
limit of reservations: the rows of a hold and of its release by {holds} plain statements in two transactions, alike;
limit of reads: an empty DRF view on bare Django behind the same server; of sourcing: the engine without its reading.
A reservation is one unit held and given back, by two requests; sourcing is its service, in one process, without HTTP.
SQL: statements of one warm request (a reservation: of both), BEGIN and COMMIT included.
PostgreSQL {postgresql}, {seconds:g} s × {rounds} rounds, {orders_in_tables:,} orders in the tables at the end.
Load before {load_before[load_average]}, after {load_after[load_average]}, on {load_before[cores]} cores.
Not measured, for want of the page: {not_measured}
{file}"""


def prepare(progress: Progress) -> doors.Key:
    """Bring the tables up to date, fill them when they are empty, collect static files, issue a key, fill the queue."""
    with progress.step("Tables"):
        call_command("migrate", interactive=False, verbosity=0)
    if not dataset.is_filled():
        with progress.step("10,000 skus, 50 stores, 100,000 customers"):
            dataset.fill()
            sql.run("VACUUM ANALYZE")
    elif dataset.orders_so_far() > dataset.MOST_ORDERS:
        raise SystemExit("This database has grown beyond what is comparable: start again with an empty one.")
    with progress.step("Static files, key, queue"):
        call_command("collectstatic", interactive=False, verbosity=0)
        key = doors.issue_key()
        doors.fill_queue(key)
    return key


def measure(key: doors.Key, wanted: list[str], progress: Progress) -> tuple[dict[str, Measure], list[str]]:
    """Measure each name on the running house; return the measures and the names that have no page yet."""
    found: dict[str, Measure] = {}
    missing: list[str] = []
    entrances = doors.doors(key)
    with ExitStack() as stack:
        port, bare = stack.enter_context(serving.house()), stack.enter_context(serving.web(settings="bench.bare"))
        sides = Sides(port, bare, entrances, key)
        with progress.step("Every process gets to know every article"):
            measuring.warm(port, entrances["everything"])
        if {split(name)[0] for name in wanted} & {*WIDE, *SOURCING}:
            wide = neighbours.furnish("500stores", skus=WIDE_SKUS, stores=WIDE_STORES, how="scarce")
            wide_port = stack.enter_context(serving.web(name="wide", database_url=wide.url))
            measuring.warm(wide_port, wide.doors["everything"], seconds=2.0)
            sides.widen(wide, wide_port)
        for name in wanted:
            base, clients = split(name)
            if base in entrances and entrances[base].paths and not doors.is_open(entrances[base]):
                missing.append(name)
                continue
            sql.run("VACUUM ANALYZE")  # or PostgreSQL tidies up after one measure while the next one runs
            with progress.step(f"{name}, {measuring.ROUNDS} rounds"):
                found[name] = sides.measure(base, clients)
                found[name].statements = sides.statements(base)
    connection.close()
    return found, missing


def split(name: str) -> tuple[str, int]:
    """Return the door and the number of clients: `orders_8` is 8 clients, a page is asked by one."""
    base, _, number = name.rpartition("_")
    return (base, int(number)) if number.isdecimal() else (name, 1 if name in ONE_CLIENT else USUAL_CLIENTS)


class Sides:
    """Both sides of each comparison: the house, and its limit."""

    def __init__(self, port: int, bare: int, entrances: dict[str, doors.Door], key: doors.Key) -> None:
        self.port, self.bare, self.entrances = port, bare, entrances
        self.house: dict[str, Any] = doors.house(key)
        self.tag = f"{key.row.prefix}-{int(time.time())}"

    def widen(self, wide: Neighbour, port: int) -> None:
        """Remember the house of five hundred stores and where it is asked."""
        self.wide, self.wide_port = wide, port

    def measure(self, base: str, clients: int) -> Measure:
        """Run the door and its limit in turns."""
        return measuring.in_turns(self.app(base), self.limit(base), clients=clients, between=measuring.settle)

    def app(self, base: str) -> Side:
        """Return the house's side."""
        tag = f"{self.tag}-{base}"
        if base in SOURCING:
            return measuring.asked(self.wide.url, tag, engine=False, **SOURCING[base])
        if base in WIDE:
            return measuring.over_http(self.wide_port, self.wide.doors[WIDE[base]], tag)
        return measuring.over_http(self.port, self.entrances[base], tag)

    def limit(self, base: str) -> Side:
        """Return the side that the house's is compared with."""
        tag = f"{self.tag}-{base}"
        if base == "orders":
            return measuring.plain_sql(self.house, tag)
        if base in doors.HOT_ROWS:
            return measuring.plain_sql(self.house, tag, work="holds", rows=self.entrances[base].rows)
        if base in SOURCING:
            return measuring.asked(self.wide.url, tag, engine=True, **SOURCING[base])
        return measuring.over_http(self.bare, self.entrances["empty"], tag)

    def statements(self, base: str) -> int | None:
        """Return how many statements one warm request takes; of sourcing, which is no request, none."""
        if base in WIDE:
            return self.wide.statements[WIDE[base]]
        return None if base in SOURCING else counting.statements(self.entrances[base])
