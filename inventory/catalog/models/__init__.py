"""Products, variants and prices; and the files that bring them."""

from inventory.catalog.models.articles import Price, Product, ProductWord, Variant, VatClass
from inventory.catalog.models.imports import (
    CatalogueImport,
    ImportChange,
    ImportLine,
    ImportProblem,
    ImportRow,
)

__all__ = [
    "CatalogueImport",
    "ImportChange",
    "ImportLine",
    "ImportProblem",
    "ImportRow",
    "Price",
    "Product",
    "ProductWord",
    "Variant",
    "VatClass",
]
