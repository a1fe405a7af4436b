"""The import from end to end: stores, products, customers, baskets in batches, what is derived, control totals.

It can be run again, also after a kill: each batch of baskets is one transaction, and what is there is found by its
natural key (store code, sku, card number, basket number), so a second run adds what is missing and nothing else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from django.core.management.base import OutputWrapper
from django.db import transaction
from django.utils.translation import gettext as _

from inventory.sourcing.services.ruling import found_rules
from omni.demo import control, derived, house
from omni.demo.catalogue import ensure_products
from omni.demo.history import REFERENCE, Books, write_batch
from omni.demo.households import Shopper, ensure_shoppers
from omni.demo.progress import Progress, step
from omni.demo.published import Basket, Panel, Totals
from omni.demo.shifting import weeks_to_yesterday
from omni.demo.unplaced import Report
from omni.lib import sql
from omni.staff.models import Channel
from orders.sales.models import Order
from orders.sales.services import following

BATCH = 1_000
LOCK = 8_451_2017
"""Key of the advisory lock that keeps two imports apart."""


class ImportRuns(Exception):
    """Another import is at work on this database."""


@dataclass(frozen=True)
class Outcome:
    """What an import did, and whether its totals are those of the source."""

    new_baskets: int
    known_baskets: int
    unplaced: Report
    weeks: int
    found: Totals
    expected: Totals

    @property
    def equal(self) -> bool:
        return self.found == self.expected


def import_panel(panel: Panel, *, today: date | None, report_path: Path, out: OutputWrapper) -> Outcome:
    """Load a panel; with `today`, its dates are moved forward by whole weeks to end before that day.

    Baskets that are already there keep the shift they came with, and so do the others of this run.
    Raises `ImportRuns` when another import is at work.
    """
    if not sql.row("SELECT pg_try_advisory_lock(%s) AS mine", [LOCK]).mine:
        raise ImportRuns
    try:
        with Report(report_path) as report:
            return _import(panel, today, report, out)
    finally:
        sql.run("SELECT pg_advisory_unlock(%s)", [LOCK])


def _import(panel: Panel, today: date | None, report: Report, out: OutputWrapper) -> Outcome:
    with step(_("stores and rules"), out), transaction.atomic():
        house.ensure_rates()
        found_rules()
        programme, issue = house.ensure_programme()
        stores = {store: location.pk for store, location in house.ensure_stores(panel.store_ids()).items()}
    with step(_("products"), out), transaction.atomic():
        products = ensure_products(panel.products())
    with step(_("households"), out), transaction.atomic():
        shoppers = ensure_shoppers(panel.household_ids(), programme)
    known = _known_baskets()
    weeks = _weeks(panel, known, today)
    books = Books(stores=stores, products=products, programme=programme, issue_id=issue.pk, weeks=weeks)
    with step(_("baskets"), out):
        new = _write(panel, known, shoppers, books, report)
        derived.refresh_statistics()
    with step(_("prices (derived)"), out):
        derived.derive_prices()
    with step(_("opening stock (derived)"), out):
        derived.derive_opening_stock()
        following.learn_sales_rates()
    with step(_("home stores (derived)"), out):
        derived.settle_households()
    with step(_("statistics and control totals"), out):
        derived.refresh_statistics()
        found = control.loaded(list(stores.values()), weeks)
    return Outcome(new, found.baskets - new, report, weeks, found, panel.expected)


def _known_baskets() -> dict[int, date]:
    """The baskets that are already there, with the day they stand on."""
    rows = Order.objects.filter(channel=Channel.STORE, external_ref__startswith=REFERENCE)
    found = rows.values_list("external_ref", "placed_on").iterator(chunk_size=10_000)
    return {int(reference[len(REFERENCE) :]): day for reference, day in found if reference}


def _weeks(panel: Panel, known: dict[int, date], today: date | None) -> int:
    """The shift of what is already there, or the one asked for."""
    if known:
        with Report(Path("/dev/null")) as silent:
            for basket in panel.baskets(silent):
                if basket.basket_id in known:
                    return (known[basket.basket_id] - basket.bought_at.date()) // timedelta(weeks=1)
    return weeks_to_yesterday(today) if today else 0


def _write(panel: Panel, known: dict[int, date], shoppers: dict[int, Shopper], books: Books, report: Report) -> int:
    progress = Progress(_("lines"), panel.expected.lines)
    new = 0
    for batch in _batches(panel.baskets(report), BATCH):
        missing = [basket for basket in batch if basket.basket_id not in known]
        if missing:
            write_batch(missing, shoppers, books)
            new += len(missing)
        progress.add(sum(len(basket.lines) for basket in batch))
    progress.finish()
    return new


def _batches(baskets: Iterable[Basket], size: int) -> Iterator[list[Basket]]:
    rest = iter(baskets)
    while batch := list(islice(rest, size)):
        yield batch
