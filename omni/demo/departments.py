"""Derived per department: the shelf of a store where a product stands, and its class of VAT.

Nothing of this is published. The rule is this table and nothing else: food at the reduced rate, meals to take away and
plants at the intermediate one, everything else (and sweets and drinks with alcohol, as in France) at the standard one.
It is an engineer's reading of the French rates of 2026, made for a demo, and no advice on tax.
"""

from typing import NamedTuple

from omni.demo.published import Product

REDUCED, INTERMEDIATE, STANDARD = "reduced", "intermediate", "standard"
RATES = {REDUCED: 550, INTERMEDIATE: 1000, STANDARD: 2000}
"""Basis points, tax included in the price."""


class Department(NamedTuple):
    aisle: str
    vat: str


DEPARTMENTS = {
    "GROCERY": Department("A", REDUCED),
    "FROZEN GROCERY": Department("A", REDUCED),
    "NUTRITION": Department("B", REDUCED),
    "PRODUCE": Department("C", REDUCED),
    "SALAD BAR": Department("C", INTERMEDIATE),
    "MEAT": Department("D", REDUCED),
    "MEAT-PCKGD": Department("D", REDUCED),
    "SEAFOOD": Department("D", REDUCED),
    "SEAFOOD-PCKGD": Department("D", REDUCED),
    "DELI": Department("E", REDUCED),
    "CHEF SHOPPE": Department("E", INTERMEDIATE),
    "RESTAURANT": Department("E", INTERMEDIATE),
    "PASTRY": Department("F", REDUCED),
    "SPIRITS": Department("G", STANDARD),
    "COSMETICS": Department("H", STANDARD),
    "DRUG GM": Department("J", STANDARD),
    "FLORAL": Department("K", INTERMEDIATE),
    "GARDEN CENTER": Department("K", INTERMEDIATE),
}
ELSEWHERE = Department("L", STANDARD)

STANDARD_CATEGORIES = frozenset(
    {
        "AIR CARE",
        "BATH TISSUES",
        "BEERS/ALES",
        "BIRD SEED",
        "BLEACH",
        "BOTTLE DEPOSITS",
        "CAT FOOD",
        "CAT LITTER",
        "COUPON/MISC ITEMS",
        "DISHWASH DETERGENTS",
        "DOG FOODS",
        "DOMESTIC WINE",
        "FACIAL TISS/DNR NAPKIN",
        "FD WRAPS/BAGS/TRSH BG",
        "HOUSEHOLD CLEANG NEEDS",
        "IMPORTED WINE",
        "LAUNDRY ADDITIVES",
        "LAUNDRY DETERGENTS",
        "LIQUOR",
        "MISC WINE",
        "NATURAL VITAMINS",
        "NON EDIBLE PRODUCTS",
        "PAPER HOUSEWARES",
        "PAPER TOWELS",
        "PET CARE SUPPLIES",
    }
)
"""Categories of the food departments that are no food, or drinks with alcohol."""

REDUCED_CATEGORIES = frozenset({"BABY FOODS", "INFANT FORMULA", "MAGAZINE", "NEWSPAPER", "BOOKSTORE"})
"""Categories outside the food departments at the reduced rate (the press has a rate of its own, left out here)."""

PACES = 12


def vat_class(product: Product) -> str:
    """The class of VAT by department, with the exceptions that stand in the two lists of categories."""
    if product.category in STANDARD_CATEGORIES:
        return STANDARD
    if product.category in REDUCED_CATEGORIES:
        return REDUCED
    return DEPARTMENTS.get(product.department, ELSEWHERE).vat


def shelf(product: Product) -> str:
    """Where a product stands, such as `A-07-3`: aisle of its department, bay by category, board by product. Made up."""
    aisle = DEPARTMENTS.get(product.department, ELSEWHERE).aisle
    bay = sum(product.category.encode()) % (2 * PACES) + 1
    return f"{aisle}-{bay:02d}-{product.product_id % 5 + 1}"
