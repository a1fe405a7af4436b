"""A house of any size that has stores, articles and stock, and nothing else: who asks it asks the stock.

`python -m bench sized <skus> <stores> <plenty|scarce>` fills the database of DATABASE_URL. The stock comes in as the
product opens it: levels, the movement that explains each, what is kept of its beginning; nothing is switched off.
A chunk is a transaction of its own, so that a load which was cut short goes on where it stopped.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from bench import counting, doors, house, shape
from inventory.catalog.models import Variant
from inventory.places.models import Location
from inventory.stock.services.opening import open_stock
from omni.lib import sql
from omni.local import folders
from omni.local.progress import Progress
from omni.staff.services import people

ROWS = 100_000
"""Levels of one chunk."""
PROCESSES = int(os.environ.get("BENCH_LOADERS") or os.cpu_count() or 1)
HOURS = (
    "Mo-Sa 08:30-20:30", "Mo-Sa 08:30-20:30; Su 09:00-13:00", "Mo-Fr 09:30-19:00; Sa 09:00-19:30",
    "Mo 14:00-19:30; Tu-Fr 09:00-12:30,14:00-19:30; Sa 09:00-19:30", "Mo-Sa 08:00-21:00; Su 09:00-19:00",
    "Tu-Sa 10:00-19:00", "24/7",
)  # fmt: skip
FEW = 50
"""The stores that a key sees which does not see all."""
TABLES = ("stock_stocklevel", "stock_stockmovement", "stock_stockchange", "stock_reservation")
Chunk = tuple[list[int], list[int], int, bool]
"""Variant ids, location ids, the number of the first variant, whether pieces are scarce."""


def fill(skus: int, stores: int, *, scarce: bool, progress: Progress) -> float:
    """Write what is missing of the house and return the seconds that its stock took; 0 when it was whole."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # its stock page is among what is asked
    if not house.is_there([shape.store(number) for number in range(1, stores + 1)]):
        with progress.step(f"{skus:,} skus, {stores} stores"):
            found(skus, stores)
    if Variant.objects.count() != skus:
        raise house.NotOurs(f"This house has another number of skus than {skus:,}: begin with an empty database.")
    missing = [chunk for chunk in chunks(scarce=scarce) if not is_loaded(chunk)]
    if not missing:
        return 0.0
    began = time.monotonic()
    with progress.step(f"{skus * stores:,} levels"):
        load(missing, progress)
    with progress.step("Vacuum, analyze"):
        sql.run("VACUUM ANALYZE")
    return time.monotonic() - began


@transaction.atomic
def found(skus: int, stores: int) -> None:
    """Write stores, articles, and the people who ask: of fifty stores, of all, and a clerk of the first."""
    house.places(stores, HOURS)
    house.rates()
    house.catalogue(skus)
    pks = list(Location.objects.order_by("pk").values_list("pk", flat=True))
    people.engage(login="bench-few", name="Fifty stores", password=None, role="integrator", store_ids=pks[:FEW])
    people.engage(login="bench-every", name="Every store", password=None, role="integrator", store_ids=pks)
    people.engage(login="bench-clerk", name="Clerk", password=None, role="clerk", store_ids=pks[:1])
    if stores <= FEW:  # one place more, so that no house is asked for all its places by who sees some
        depot = {"code": "bench-depot", "short_code": "DEP", "name": "Depot", "kind": "warehouse"}
        Location.objects.create(**depot, latitude=46.0, longitude=2.0, invented=True)


def chunks(*, scarce: bool) -> Iterator[Chunk]:
    """Return the work in parts: some variants each, at every store."""
    variants = list(Variant.objects.order_by("pk").values_list("pk", flat=True))
    locations = list(Location.objects.filter(kind="store").order_by("pk").values_list("pk", flat=True))
    size = max(1, ROWS // len(locations))
    for first in range(0, len(variants), size):
        yield variants[first : first + size], locations, first + 1, scarce


def is_loaded(chunk: Chunk) -> bool:
    """Whether the chunk is there: it came whole or not at all."""
    statement = "SELECT EXISTS (SELECT FROM stock_stocklevel WHERE variant_id = %s::bigint) AS there"
    return bool(sql.row(statement, [chunk[0][0]]).there)


def load(missing: list[Chunk], progress: Progress) -> None:
    """Load the chunks, by as many processes as there are processors."""
    connection.close()  # no process shares a connection with another
    began = time.monotonic()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        running = [pool.submit(load_one, chunk) for chunk in missing]
        for done, finished in enumerate(as_completed(running), start=1):
            finished.result()
            left = (time.monotonic() - began) / done * (len(missing) - done)
            progress.note(f"{done} of {len(missing)} chunks, {left:,.0f} s to go")


def load_one(chunk: Chunk) -> None:
    """Open the stock of one chunk, in one transaction."""
    variants, locations, first, scarce = chunk
    open_stock(
        rows=(
            (place, variant, units)
            for number, variant in enumerate(variants, first)
            for place, units in zip(locations, pieces(number, len(locations), scarce=scarce), strict=True)
        )
    )


def pieces(number: int, stores: int, *, scarce: bool) -> list[int]:
    """Return how many of an article each store has: plenty, or one to six in 4 to 70 % of the stores."""
    if not scarce:
        return [shape.ON_HAND] * stores
    luck = random.Random(f"pieces {number}")
    share = luck.uniform(0.04, 0.7)
    return [luck.randint(1, 6) if luck.random() < share else 0 for _ in range(stores)]


def sizes() -> dict[str, Any]:
    """Return rows and megabytes (table, indexes) of each table of the stock."""
    statement = """
        SELECT reltuples::bigint AS rows, pg_table_size(oid) / 1048576 AS megabytes,
               pg_indexes_size(oid) / 1048576 AS index_megabytes
        FROM pg_class WHERE oid = %s::regclass
    """
    return {table: sql.row(statement, [table])._asdict() for table in TABLES}


def main(arguments: list[str]) -> int:
    """Fill the database, say how long it took, and write how the house is asked to the file that is named last."""
    skus, stores, how, *file = arguments
    seconds = fill(int(skus), int(stores), scarce=how == "scarce", progress=Progress())
    if seconds:
        print(f"    loaded in {seconds:,.0f} s by {PROCESSES} processes")
    for table, size in sizes().items():
        megabytes = f"{size['megabytes']:>8,} MB, indexes {size['index_megabytes']:,} MB"
        print(f"    {table:20}{size['rows']:>14,} rows {megabytes}")
    for one in file:
        folders.make(Path(one).parent)
        Path(one).write_text(json.dumps(introduction(int(skus)), indent=1), encoding="utf-8")
    return 0


def introduction(skus: int) -> dict[str, Any]:
    """Return every door of the house with its statements, for who runs in another process and asks it over HTTP."""
    return {
        name: {"door": asdict(door), "statements": counting.statements(door)}
        for name, door in doors.of_stock(skus).items()
    }
