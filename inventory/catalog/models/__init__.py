"""Products, variants and prices; their photos; and the files that bring them."""

from inventory.catalog.models.articles import Price, Product, ProductWord, Variant, VatClass
from inventory.catalog.models.imports import (
    CatalogueImport,
    ImportChange,
    ImportLine,
    ImportProblem,
    ImportRow,
)
from inventory.catalog.models.photos import PhotoContent, ProductPhoto
from inventory.catalog.models.works import ImportWork

__all__ = [
    "CatalogueImport",
    "ImportChange",
    "ImportLine",
    "ImportProblem",
    "ImportRow",
    "ImportWork",
    "PhotoContent",
    "Price",
    "Product",
    "ProductPhoto",
    "ProductWord",
    "Variant",
    "VatClass",
]
