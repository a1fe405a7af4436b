"""Reading which article a request means, and how many of it."""

from typing import Any

from django.utils.translation import gettext as _

from inventory.catalog import queries
from omni.lib.reading import Reader

MOST_UNITS = 9_999
MOST_LINES = 200


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


def read_lines(reader: Reader, body: dict[str, Any]) -> dict[int, int]:
    """Return variant id → units of 1 to 200 lines: an article that stands in several is summed. What is wrong is
    noted."""
    sent = body.get("lines")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_LINES:
        reader.problem("lines", "lines", _("Send a list of 1 to %(most)s lines.") % {"most": MOST_LINES})
        return {}
    read = [_line(reader, line, f"lines.{index}.") for index, line in enumerate(sent)]
    offers = queries.offers({code for code, _quantity in read if code})
    wanted: dict[int, int] = {}
    for index, (code, quantity) in enumerate(read):
        if code and code not in offers:
            message = _("There is no article “%(code)s”.") % {"code": code[1]}
            reader.problem(f"lines.{index}.{code[0]}", "unknown", message)
        elif code and quantity is not None:
            pk = offers[code].variant_id
            wanted[pk] = wanted.get(pk, 0) + quantity
    return wanted


def _line(reader: Reader, line: Any, prefix: str) -> tuple[queries.Code | None, int | None]:
    if not isinstance(line, dict):
        reader.problem(prefix.rstrip("."), "not_object", _("This must be an object."))
        return None, None
    reader.known_fields(line, {"sku", "gtin", "quantity"}, prefix)
    return read_wanted(reader, line, prefix)
