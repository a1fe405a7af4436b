"""The committed extract: the ten busiest stores of the panel, readable with the standard library alone."""

import json
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

from django.utils.translation import gettext as _

from omni.demo import assembling, columns
from omni.demo.columns import DamagedExtract
from omni.demo.published import LARGEST_HOUSEHOLD, LARGEST_IDENTIFIER, Basket, Product, Row, Totals
from omni.demo.unplaced import Report

DATA = Path(__file__).parent / "data"
PRODUCTS, BASKETS, LINES, CONTROL = "products.json.gz", "baskets.json.gz", "lines.json.gz", "control.json"

PRODUCT_COLUMNS = (
    "product_id",
    "manufacturer_id",
    "department",
    "brand",
    "product_category",
    "product_type",
    "package_size",
)
BASKET_COLUMNS = ("basket_id", "household_id", "store_id", "second", "lines")
LINE_COLUMNS = ("product", "quantity", "sales", "retail_disc", "coupon_disc", "coupon_match_disc")


class ExtractPanel:
    """Reads the four files of the extract. Its control totals are those that the script wrote beside the data."""

    def __init__(self, folder: Path = DATA) -> None:
        self.folder = folder

    @property
    def title(self) -> str:
        return _("the ten busiest stores of The Complete Journey")

    @property
    def expected(self) -> Totals:
        return Totals(**json.loads((self.folder / CONTROL).read_text())["totals"])

    def products(self) -> Iterator[Product]:
        """Every product that the lines name; those without a department are missing from the published table."""
        for values in zip(*columns.read(self.folder / PRODUCTS, PRODUCT_COLUMNS), strict=True):
            yield Product(values[0], missing=True) if values[2] is None else Product.published(*values)

    def store_ids(self) -> list[int]:
        return self._identifiers("store_id", LARGEST_IDENTIFIER)

    def household_ids(self) -> list[int]:
        return self._identifiers("household_id", LARGEST_HOUSEHOLD)

    def baskets(self, report: Report) -> Iterator[Basket]:
        return assembling.baskets(self._rows(), file=LINES, report=report)

    def _rows(self) -> Iterator[Row]:
        """Baskets with their lines; lines that no basket claims come last and belong to none."""
        baskets = columns.read(self.folder / BASKETS, BASKET_COLUMNS)
        heads = chain.from_iterable(map(repeat, zip(*baskets[:-1], strict=True), map(_count, baskets[-1])))
        (product_ids,) = columns.read(self.folder / PRODUCTS, ("product_id",))
        products = dict(enumerate(product_ids))
        lines = zip(*columns.read(self.folder / LINES, LINE_COLUMNS), strict=True)
        for number, (place, *amounts) in enumerate(lines, start=1):
            product = products.get(place) if type(place) is int else None
            yield Row(number, *next(heads, (None,) * 4), product, *amounts)  # type: ignore[call-arg]

    def _identifiers(self, column: str, largest: int) -> list[int]:
        (found,) = columns.read(self.folder / BASKETS, (column,))
        return sorted({number for number in found if type(number) is int and 0 < number <= largest})


def _count(lines: object) -> int:
    if type(lines) is not int or lines < 0:
        sentence = _("%(file)s says that a basket has %(lines)s lines; take it again from the repository.")
        raise DamagedExtract(sentence % {"file": BASKETS, "lines": repr(lines)})
    return lines
