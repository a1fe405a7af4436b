"""What a column of a file can be, and which one it probably is, by its header in French or English."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.lib.errors import Problem

ATTRIBUTE, LEFT_OUT = "attribute", ""
FIELDS: dict[str, str | Promise] = {
    "sku": gettext_lazy("Article number (sku)"),
    "code": gettext_lazy("Product code"),
    "name": gettext_lazy("Product name"),
    "gtin": gettext_lazy("Barcode (GTIN)"),
    "label": gettext_lazy("Variant, in words"),
    ATTRIBUTE: gettext_lazy("Attribute of the variant"),
    "brand": gettext_lazy("Brand"),
    "department": gettext_lazy("Department"),
    "category": gettext_lazy("Category"),
    "shelf": gettext_lazy("Shelf"),
    "vat_class": gettext_lazy("VAT class"),
    "amount": gettext_lazy("Price, tax included"),
    "currency": gettext_lazy("Currency"),
    "channel": gettext_lazy("Channel"),
    "starts": gettext_lazy("Price from"),
    "ends": gettext_lazy("Price until"),
}
"""Field → what it is called. Every field but the attribute belongs to one column at most."""

HEADERS: dict[str, str] = {
    "sku": "sku|article|article number|item|item number|reference|ref|reference article|code article|numero article",
    "code": "code|product|product code|product number|model|code produit|produit|modele|reference produit|style",
    "name": "name|product name|title|nom|nom du produit|designation|libelle|libelle produit|intitule",
    "gtin": "gtin|ean|ean13|ean 13|barcode|bar code|upc|code barre|code barres|code a barres|gencod|gencode",
    "label": "label|variant|variant name|variante|declinaison|libelle variante|libelle article",
    "brand": "brand|marque",
    "department": "department|rayon|departement|univers",
    "category": "category|categorie|famille",
    "shelf": "shelf|place|emplacement|etagere|allee",
    "vat_class": "vat|vat class|tax|tax class|tva|classe de tva|classe tva|taux tva",
    "amount": "price|price incl tax|price tax included|gross price|unit price|prix|prix ttc|prix de vente|pvttc|pv ttc"
    "|prix vente ttc|prix public|tarif",
    "currency": "currency|devise|monnaie",
    "channel": "channel|canal",
    "starts": "from|price from|valid from|start|starts|start date|a partir du|du|debut|prix du|date debut|valable du",
    "ends": "until|to|price until|valid until|end|ends|end date|jusqu au|au|fin|prix jusqu au|date fin",
    ATTRIBUTE: "colour|color|size|couleur|coloris|taille|pointure|matiere|material|capacity|capacite|length|longueur",
}


@cache
def _known() -> dict[str, str]:
    return {header: field for field, headers in HEADERS.items() for header in headers.split("|")}


def plain(header: str) -> str:
    """Return a header as it is compared: lower case, without accents and signs."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", header) if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def guessed(header: Iterable[str]) -> dict[str, str]:
    """Return position → field for each column whose header says what it is; a field that was given is not given
    again."""
    found: dict[str, str] = {}
    for position, title in enumerate(header):
        field = _known().get(plain(title), LEFT_OUT)
        if field and (field == ATTRIBUTE or field not in found.values()):
            found[str(position)] = field
    return found


def problems_of(mapping: Mapping[str, str], header: list[str]) -> list[Problem]:
    """Return what is wrong with a mapping; empty when files can be read by it."""
    problems = []
    given = list(mapping.values())
    for position, field in mapping.items():
        if field not in FIELDS or not (position.isascii() and position.isdigit() and int(position) < len(header)):
            problems.append(Problem(f"column-{position}", "unknown", _("There is no such field.")))
        elif field != ATTRIBUTE and given.count(field) > 1:
            words = _("Several columns are “%(field)s”. Choose one.") % {"field": FIELDS[field]}
            problems.append(Problem(f"column-{position}", "doubled", words))
    if "sku" not in given:
        problems.append(Problem("sku", "required", _("Say which column is the article number (sku).")))
    if "amount" not in given and {"currency", "channel", "starts", "ends"} & set(given):
        problems.append(Problem("amount", "required", _("Say which column is the price, or leave its dates out.")))
    return problems


def called(field: str, header: str) -> str | Promise:
    """Return what a field is called; an attribute has the name of its column."""
    return header if field == ATTRIBUTE else FIELDS[field]


PRODUCT_FIELDS = ("name", "brand", "department", "category", "vat_class")
VARIANT_FIELDS = ("gtin", "label", "shelf")
LENGTHS = {"sku": 40, "code": 40, "name": 160, "brand": 60, "department": 60, "category": 80, "label": 80, "shelf": 30,
           ATTRIBUTE: 60}  # fmt: skip
"""Signs that a text may have."""
