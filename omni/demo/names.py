"""Names that people can read, made from the published words, and a barcode that scanners accept.

The published tables hold no product names: `FRZN MEAT/MEAT DINNERS`, `SNGL SRV DNRS`, `10 OZ`. Abbreviations are
written out where they are certain, the language stays English, and nothing is invented.
"""

import re
from functools import cache

from omni.demo.published import Product

WRITTEN_OUT = {
    "BKD": "baked",
    "BN": "beans",
    "BRD": "bread",
    "BRKFST": "breakfast",
    "BTL": "bottle",
    "BTR": "butter",
    "CARB": "carbonated",
    "CATFD": "cat food",
    "CHIX": "chicken",
    "CHOCOCLATE": "chocolate",
    "CLEANG": "cleaning",
    "CNTRL": "control",
    "COFF": "coffee",
    "CONC": "concentrate",
    "CRKR": "crackers",
    "CRMD": "creamed",
    "DEOD": "deodorant",
    "DNR": "dinner",
    "DNRS": "dinners",
    "DOGFD": "dog food",
    "DRESSNG": "dressing",
    "DRNK": "drink",
    "DRNKS": "drinks",
    "DRSNG": "dressing",
    "EX": "extra",
    "EXCP": "except",
    "FD": "food",
    "FEM": "feminine",
    "FLVRD": "flavoured",
    "FRE": "free",
    "FRZ": "frozen",
    "FRZN": "frozen",
    "GDS": "goods",
    "GRND": "ground",
    "HYGN": "hygiene",
    "INCL": "including",
    "JCE": "juice",
    "MACH": "machine",
    "MISC": "miscellaneous",
    "MLT": "multi",
    "MXS": "mixes",
    "OCCAS": "occasion",
    "PK": "pack",
    "PKG": "package",
    "PKGD": "packaged",
    "PLTRY": "poultry",
    "PNT": "peanut",
    "PREM": "premium",
    "PREP": "prepared",
    "PREPORTND": "preportioned",
    "PROD": "products",
    "PTTY": "patties",
    "PWDR": "powder",
    "REFRGRATD": "refrigerated",
    "REFRIG": "refrigerated",
    "SALD": "salad",
    "SCE": "sauce",
    "SFT": "soft",
    "SGL": "single",
    "SHERBTS": "sherbets",
    "SNDWCH": "sandwich",
    "SNGL": "single",
    "SNK": "snack",
    "SNKS": "snacks",
    "SPECILATY": "speciality",
    "SPLY": "supply",
    "SPRD": "spread",
    "SRV": "serve",
    "STK": "stick",
    "SUP": "super",
    "SV": "serve",
    "SWEETNERS": "sweeteners",
    "TISS": "tissues",
    "TRSH": "trash",
    "VEG": "vegetable",
    "WHLSM": "wholesome",
    "WTR": "water",
}
UNITS = {
    "OZ": "oz",
    "LB": "lb",
    "CT": "ct",
    "ML": "ml",
    "GA": "gal",
    "GAL": "gal",
    "FT": "ft",
    "SQ": "sq",
    "DZ": "dozen",
    "PK": "pack",
}
CASES_NOT_PIECES = frozenset({"PRODUCE", "FLORAL", "SALAD BAR"})
"""Departments whose published size is the case that the shop receives (`BANANAS, 40 LB`), not the piece sold."""

SAYS_TOO_LITTLE = frozenset(
    word
    for row in (
        "BLENDS CONTINUITY COOKED DECOR DRY ECONOMY ENHANCED EXTERNAL FLATS FRESH INTERNAL LEAN MAINSTREAM",
        "MARINATED MICROWAVE MISC MISCELLANEOUS MIXES NOVELTIES OTHER OVEN PANTRY PATTIES POPULAR PREMIUM",
        "PRIMAL PROMOTIONAL QUARTS RIBS SEASONAL SMOKED/COOKED SPECIALTY TRADITIONAL TREATS VALUE",
    )
    for word in row.split()
)
"""Kinds that are no name without their category: `PREMIUM` of `ICE CREAM/MILK/SHERBTS`."""

NAME_LENGTH = 120
CUT_OFF_AT = 30
"""The source cuts its texts at 30 characters, mostly in the middle of a word."""


def sku(product_id: int) -> str:
    return f"CJ-{product_id}"


def gtin(product_id: int) -> str:
    """A made-up EAN-13 of the range that GS1 leaves to stores: `20`, the product in ten digits, the check digit."""
    return with_check_digit(f"20{product_id:010d}")


def with_check_digit(digits: str) -> str:
    """Append the check digit of an EAN-13 to twelve digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def name(product: Product) -> str:
    """`Frozen single serve dinners, 10 oz`; a product that only the lines name is called by its number."""
    kind, category = readable(product.kind), readable(product.category)
    words = f"{category}, {kind.lower()}" if category and product.kind in SAYS_TOO_LITTLE else kind or category
    words = words or readable(product.department)
    if not words:
        return f"Unlisted product {product.product_id}"
    size = "" if product.department in CASES_NOT_PIECES else readable_size(product.package_size)
    return (f"{words}, {size}" if size else words)[:NAME_LENGTH]


def brand(product: Product) -> str:
    """The house's brand, or the published number of the maker (no maker's name is published)."""
    if product.missing:
        return ""
    return "Maison Vernet" if product.brand == "Private" else f"Maker {product.manufacturer_id}"


@cache
def readable(text: str) -> str:
    """Drop what the source cut off, write out certain abbreviations, and set in sentence case."""
    if len(text) == CUT_OFF_AT:
        text = re.sub(r"[ /&-]+[A-Z]*$", "", text)
    text = re.sub(r"\s*\((?:[^)]*$|\))", "", text)
    text = re.sub(r"\b([A-Z]+) S\b", r"\1'S", text)
    text = re.sub(r"(\d)(PK)\b", r"\1 \2", text)
    text = re.sub(r"\s*([/:&])\s*", lambda found: {"/": " / ", ":": ": ", "&": " & "}[found[1]], text)
    text = re.sub(r"[A-Z]+", lambda found: WRITTEN_OUT.get(found[0], found[0].lower()), text.replace(" - ", ", "))
    tidy = re.sub(r"(\s+(including|except|and|or|all|not))+$", "", re.sub(r"\s+", " ", text).strip(" -/:&.,"))
    return tidy[:1].upper() + tidy[1:]


@cache
def readable_size(text: str) -> str:
    return re.sub(r"[A-Z]+", lambda found: UNITS.get(found[0], found[0]), text).strip()
