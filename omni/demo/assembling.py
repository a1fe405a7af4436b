"""From published rows to baskets: every row is either in a basket or in the report."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from omni.demo.published import (
    EARLIEST,
    LARGEST_AMOUNT,
    LARGEST_HOUSEHOLD,
    LARGEST_IDENTIFIER,
    LARGEST_QUANTITY,
    LATEST,
    Basket,
    Line,
    Row,
    wall_clock,
)
from omni.demo.unplaced import Report


def baskets(rows: Iterable[Row], *, file: str, report: Report) -> Iterator[Basket]:
    """Group neighbouring rows into baskets and report what cannot be one.

    The natural keys are `basket_id` and, inside a basket, `product_id`. A row that repeats a key, contradicts its
    basket, or holds a value that is no amount, quantity or instant is reported and left out; the rest of its basket
    stays.
    """
    seen: set[int] = set()
    for basket_id, group in groupby(rows, key=attrgetter("basket_id")):
        good = [row for row in group if _sound(row, file, report)]
        if not good:
            continue
        if basket_id in seen:
            for row in good:
                report.add(file, row.number, "basket appears a second time", f"basket {basket_id}")
            continue
        seen.add(basket_id)
        yield _basket(good, file, report)


def _basket(rows: list[Row], file: str, report: Report) -> Basket:
    head = rows[0]
    lines: dict[int, Line] = {}
    for row in rows:
        if row[2:5] != head[2:5]:
            report.add(
                file, row.number, "line contradicts its basket on household, store or time", f"basket {head.basket_id}"
            )
        elif row.product_id in lines:
            report.add(file, row.number, "product appears a second time in its basket", f"product {row.product_id}")
        else:
            lines[row.product_id] = Line(row.number, *row[5:])
    return Basket(head.basket_id, head.household_id, head.store_id, wall_clock(head.second), list(lines.values()))


def _sound(row: Row, file: str, report: Report) -> bool:
    reason = _fault(row)
    if reason is None:
        return True
    report.add(file, row.number, *reason)
    return False


def _fault(row: Row) -> tuple[str, str] | None:
    """What is wrong with a row, or None."""
    if set(map(type, row)) != {int}:
        field, value = next((field, value) for field, value in row._asdict().items() if type(value) is not int)
        return ("value is not a whole number", f"{field} is {value!r}")
    if min(row) < 0:
        return ("value is negative", next(field for field, value in row._asdict().items() if value < 0))
    if row.household_id > LARGEST_HOUSEHOLD or max(row.store_id, row.product_id) > LARGEST_IDENTIFIER:
        return (
            "identifier is beyond belief",
            f"household {row.household_id}, store {row.store_id}, product {row.product_id}",
        )
    if row.quantity > LARGEST_QUANTITY:
        return ("quantity is beyond belief", str(row.quantity))
    if max(row[7:]) > LARGEST_AMOUNT:
        return ("amount is beyond belief", str(max(row[7:])))
    if not EARLIEST <= row.second < LATEST:
        return ("time is beyond belief", str(row.second))
    return None
