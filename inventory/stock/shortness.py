"""What a caller is told when there is not enough: each article with what was wanted and what is there."""

from typing import Any

from django.utils.translation import gettext as _

from inventory.catalog import queries as catalog
from inventory.places.queries import place
from inventory.stock.errors import ShortStock


def short_lines(short: ShortStock) -> dict[int, dict[str, Any]]:
    """Return variant id → sku, units wanted and units available."""
    skus = catalog.skus([one.variant_id for one in short.short])
    return {
        one.variant_id: {"sku": skus[one.variant_id], "wanted": one.wanted, "available": one.available}
        for one in short.short
    }


def sentence(short: ShortStock, line: dict[str, Any]) -> str:
    """Return one short line in words."""
    words = _("%(store)s has %(available)s of %(sku)s, %(wanted)s were asked for.")
    return words % {"store": place(short.location_id).name, **line}
