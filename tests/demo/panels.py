"""A panel small enough to count by hand, with one of every trap of the published one."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from omni.demo import columns, extract
from omni.demo.extract import ExtractPanel

YOGURT, SHAMPOO, GASOLINE, UNLISTED = 1001, 1002, 6534178, 5978656
LILLE, LYON = 367, 406
"""Published numbers of the stores that the demo calls Lille Centre and Lyon Part-Dieu."""

PRODUCTS = [
    (YOGURT, 69, "GROCERY", "Private", "YOGURT", "YOGURT NOT MULTI-PACKS", "6 OZ"),
    (SHAMPOO, 720, "DRUG GM", "National", "HAIR CARE PRODUCTS", "SHAMPOO", "13 OZ"),
    (GASOLINE, 69, "FUEL", "Private", "COUPON/MISC ITEMS", "GASOLINE-REG UNLEADED", None),
    (UNLISTED, None, None, None, None, None, None),
]


@dataclass(frozen=True)
class Bought:
    """A line: product, quantity, then cents of sales, retail discount, coupon, coupon match."""

    product: int
    quantity: Any
    sales: Any
    retail: int = 0
    coupon: int = 0
    match: int = 0


@dataclass(frozen=True)
class Visit:
    """A basket; `at` is the published instant, naive UTC."""

    basket: int
    household: int
    store: int
    at: str
    lines: tuple[Bought, ...]

    @property
    def second(self) -> int:
        return int(datetime.fromisoformat(self.at).replace(tzinfo=UTC).timestamp())


SATURDAY = Visit(
    31_000_000_001, 1, LILLE, "2017-03-04 15:30:00",
    (Bought(YOGURT, 2, 300, retail=50), Bought(SHAMPOO, 1, 499, coupon=100, match=40)),
)  # fmt: skip
EATEN_BY_ITS_COUPON = Visit(31_000_000_002, 2, LILLE, "2017-03-05 16:00:00", (Bought(UNLISTED, 0, 0, coupon=250),))
AT_THE_PUMP = Visit(
    31_000_000_003, 2, LYON, "2017-03-06 12:00:00", (Bought(YOGURT, 1, 160), Bought(GASOLINE, 10_950, 2_500))
)
NOTHING_WEIGHED = Visit(
    31_000_000_004, 1, LILLE, "2017-03-09 17:00:00", (Bought(YOGURT, 0, 0), Bought(SHAMPOO, 3, 1_500))
)
LAST_EVENING = Visit(31_000_000_005, 1, LILLE, "2018-01-01 04:01:20", (Bought(YOGURT, 4, 700),))
EVERY_TRAP = (SATURDAY, EATEN_BY_ITS_COUPON, AT_THE_PUMP, NOTHING_WEIGHED, LAST_EVENING)

SALES_BY_MONTH = {"2017-03": 300 + 499 + 0 + 160 + 2_500 + 0 + 1_500, "2017-12": 700}
TOTALS = {
    "lines": 8,
    "baskets": 5,
    "households": 2,
    "paid_cents": 699 - 250 + 2_660 + 1_500 + 700,
    "sales_by_month": SALES_BY_MONTH,
}


def panel(folder: Path, visits: tuple[Visit, ...] = EVERY_TRAP, totals: dict[str, Any] | None = None) -> ExtractPanel:
    """Write the visits in the form of the extract and open them."""
    places = {product[0]: place for place, product in enumerate(PRODUCTS)}
    lines = [
        (places.get(line.product), line.quantity, line.sales, line.retail, line.coupon, line.match)
        for visit in visits
        for line in visit.lines
    ]
    baskets = [(visit.basket, visit.household, visit.store, visit.second, len(visit.lines)) for visit in visits]
    folder.mkdir(exist_ok=True)
    _write(folder / extract.PRODUCTS, extract.PRODUCT_COLUMNS, PRODUCTS)
    _write(folder / extract.BASKETS, extract.BASKET_COLUMNS, baskets)
    _write(folder / extract.LINES, extract.LINE_COLUMNS, lines)
    (folder / extract.CONTROL).write_text(json.dumps({"totals": totals or TOTALS}))
    return ExtractPanel(folder)


def _write(path: Path, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    columns.write(path, {name: [row[place] for row in rows] for place, name in enumerate(names)})


def with_lines(visit: Visit, *lines: Bought) -> Visit:
    return replace(visit, lines=lines)
