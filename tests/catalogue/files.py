"""Files that people send: made of rows, taken as a manager's."""

import io
from collections.abc import Iterable

from inventory.catalog.models import CatalogueImport, ImportProblem
from inventory.catalog.services.applying import apply
from inventory.catalog.services.checking import check
from inventory.catalog.services.receiving import receive
from omni.staff.access import actor_of
from omni.staff.models import User

HEADER = "code produit;désignation;couleur;taille;référence;ean;prix ttc"


def text(rows: Iterable[str], header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


def sent(by: User, content: bytes, encoding: str = "utf-8") -> CatalogueImport:
    """A file as it arrives."""
    return receive(actor=actor_of(by), file=io.BytesIO(content), name="catalogue.csv", encoding=encoding)


def checked(by: User, content: bytes, mapping: dict[str, str] | None = None) -> CatalogueImport:
    """A file that was checked by the columns that are guessed, or by others."""
    found = sent(by, content)
    assert found.status == "uploaded", problems(found)
    return check(actor=actor_of(by), import_id=found.pk, mapping=found.mapping if mapping is None else mapping)


def applied(by: User, content: bytes) -> CatalogueImport:
    """A file that was checked and applied."""
    found = checked(by, content)
    assert found.status == "checked", problems(found)
    return apply(actor=actor_of(by), import_id=found.pk)


def problems(found: CatalogueImport) -> list[tuple[int, str, str]]:
    """Row, column and code of all that is wrong."""
    known = ImportProblem.objects.filter(owner=found).order_by("row", "pk")
    return list(known.values_list("row", "column", "code"))
