"""Reading which article a request means, and how many of it."""

from typing import Any

from django.utils.translation import gettext as _

from inventory.catalog import queries
from omni.lib.reading import Reader

MOST_UNITS = 9_999


def read_wanted(reader: Reader, line: dict[str, Any], prefix: str) -> tuple[queries.Code | None, int | None]:
    """Return the sku or GTIN of a line and its units (1 to 9,999); None for what is absent or wrong, which is noted."""
    sku = reader.text(line, "sku", prefix, most=40)
    gtin = reader.text(line, "gtin", prefix, most=14)
    quantity = reader.whole(line, "quantity", prefix, least=1, most=MOST_UNITS)
    if line.get("quantity") is None:
        reader.problem(prefix + "quantity", "required", _("This field is required."))
    if bool(line.get("sku")) == bool(line.get("gtin")):
        reader.problem(prefix + "sku", "sku_or_gtin", _("Send either a sku or a GTIN."))
        return None, quantity
    if gtin and not queries.valid_gtin(gtin):
        reader.problem(prefix + "gtin", "gtin_check_digit", _("This is not a GTIN: its check digit is wrong."))
        return None, quantity
    code = ("sku", sku) if sku else ("gtin", gtin)
    return (code if code[1] else None), quantity
