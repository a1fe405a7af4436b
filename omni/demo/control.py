"""Control totals: added up in the database after an import and laid beside what the source holds."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _

from omni.demo.history import REFERENCE
from omni.demo.places import TIME_ZONE
from omni.demo.published import Totals
from omni.lib import sql

FIGURES = """
    SELECT count(*) AS baskets, count(DISTINCT customer_id) AS households,
           coalesce(sum(total), 0)::bigint AS paid_cents,
           (SELECT count(*) FROM sales_orderline JOIN sales_order ON sales_order.id = order_id
             WHERE external_ref LIKE %(mine)s AND channel = 'store' AND location_id = ANY(%(stores)s)) AS lines
      FROM sales_order
     WHERE external_ref LIKE %(mine)s AND channel = 'store' AND location_id = ANY(%(stores)s)
"""
MONTHS = """
    SELECT to_char(placed_at AT TIME ZONE %(zone)s - %(weeks)s * interval '7 days', 'YYYY-MM') AS month,
           sum(lines_total)::bigint AS sales
      FROM sales_order
     WHERE external_ref LIKE %(mine)s AND channel = 'store' AND location_id = ANY(%(stores)s)
     GROUP BY 1 ORDER BY 1
"""


def loaded(location_ids: Sequence[int], weeks: int) -> Totals:
    """What the database holds of the panel in these stores, by local months of the source (the shift is taken back)."""
    bound = {"mine": f"{REFERENCE}%", "stores": list(location_ids), "zone": TIME_ZONE, "weeks": weeks}
    figures = sql.row(FIGURES, bound)._asdict()
    return Totals(**figures, sales_by_month={month.month: month.sales for month in sql.rows(MONTHS, bound)})


def comparison(found: Totals, expected: Totals) -> Iterator[tuple[str, int, int]]:
    """Every figure by its name: what was found, what was expected."""
    for (name, own), other in zip(asdict(found).items(), asdict(expected).values(), strict=True):
        if isinstance(own, int):
            yield name.replace("_", " "), own, other
    for month in sorted(found.sales_by_month | expected.sales_by_month):
        yield f"sales {month}", found.sales_by_month.get(month, 0), expected.sales_by_month.get(month, 0)


def table(found: Totals, expected: Totals) -> list[str]:
    """The comparison as lines of text, each with a mark: `=` equal, `≠` different."""
    lines = [f"{'':<16}{_('loaded'):>16}{_('expected'):>16}"]
    for name, own, other in comparison(found, expected):
        lines.append(f"{name:<16}{own:>16,}{other:>16,}  {'=' if own == other else '≠'}")
    return lines
