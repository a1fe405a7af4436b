"""One run of the bench, from an empty database to the table."""

import platform
import time
from typing import Any

from django.core.management import call_command
from django.db import connection

from bench import dataset, doors, measuring, report, serving
from bench.measuring import Measure
from omni.lib import sql
from omni.local.progress import Progress

NAMES = ("orders_1", "orders_8", "availability_1", "availability_8", "today_page", "customer_page")


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
    print(NOTES.format(**circumstances, file=file))
    return 1 if missing else 0


NOTES = """\
limit of orders: the same rows by 15 plain statements in one transaction, a process for each client;
limit of reads: an empty DRF view on bare Django behind the same server.
SQL: statements of one warm request, BEGIN and COMMIT included.
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
    with serving.house() as port, serving.web(settings="bench.bare") as bare:
        sides = Sides(port, bare, entrances, key)
        with progress.step("Every process gets to know every article"):
            measuring.warm(port, entrances["everything"])
        for name in wanted:
            base, clients = split(name)
            if entrances[base].paths and not doors.is_open(entrances[base]):
                missing.append(name)
                continue
            with progress.step(f"{name}, {measuring.ROUNDS} rounds"):
                found[name] = sides.measure(base, clients)
                found[name].statements = doors.statements(base, entrances[base])[0]
    connection.close()
    return found, missing


def split(name: str) -> tuple[str, int]:
    """Return the door and the number of clients: `orders_8` is 8 clients, a page is one."""
    base, _, number = name.rpartition("_")
    return (base, int(number)) if number.isdecimal() else (name, 1)


class Sides:
    """Both sides of each comparison: the house, and its limit."""

    def __init__(self, port: int, bare: int, entrances: dict[str, doors.Door], key: doors.Key) -> None:
        self.port, self.bare, self.entrances = port, bare, entrances
        self.house: dict[str, Any] = doors.house(key)
        self.tag = f"{key.row.prefix}-{int(time.time())}"

    def measure(self, base: str, clients: int) -> Measure:
        """Run the door and its limit in turns."""
        app = measuring.over_http(self.port, self.entrances[base], f"{self.tag}-{base}")
        if base == "orders":
            limit = measuring.plain_sql(self.house, self.tag)
        else:
            limit = measuring.over_http(self.bare, self.entrances["empty"], self.tag)
        return measuring.in_turns(app, limit, clients=clients, between=measuring.settle)
