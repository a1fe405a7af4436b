"""`manage.py import_catalogue`: a dry run unless somebody says otherwise, by the services of the screens."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from inventory.catalog.models import CatalogueImport, Price, Product
from omni.staff.models import User
from tests.conftest import House

pytestmark = pytest.mark.django_db


def run(file: Path, content: bytes, *options: str) -> str:
    file.write_bytes(content)
    said = StringIO()
    call_command("import_catalogue", str(file), "--by", "manager", *options, stdout=said, stderr=said)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "prices.csv"


def test_it_says_what_would_change_and_changes_nothing(house: House, manager: User, file: Path) -> None:
    said = run(file, b"sku;prix ttc\nSKU-1;9,50\nSKU-2;20\n")
    assert said == "0 rows new, 1 changed, 1 unchanged.\nNothing was changed. Add --apply to do it.\n"
    assert Price.objects.count() == 5


def test_it_applies_with_a_mapping_of_one_s_own(house: House, manager: User, file: Path) -> None:
    said = run(file, b"x;y\nSKU-1;Autre nom\n", "--mapping", "x=sku", "--mapping", "y=name", "--apply")
    assert said == "0 rows new, 1 changed, 0 unchanged.\n"
    assert Product.objects.get(code="product-1").name == "Autre nom"
    assert CatalogueImport.objects.get().applied_by == manager


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"sku;prix\nSKU-1;-1\n", ("--apply",), "1 rows are refused. Nothing was changed."),
        (b"sku;prix\nSKU-1;1\n", ("--mapping", "z=sku"), "There is no column “z”."),
        (b"x;prix\nSKU-1;1\n", ("--apply",), "Say which column is the article number (sku)."),
        (b"sku;prix\nSKU-1;1\n", ("--by", "nobody"), "There is nobody with the login “nobody”."),
    ],
)
def test_what_cannot_be_done_ends_with_a_sentence(
    house: House, manager: User, file: Path, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError, match=r".") as refused:
        run(file, content, *options)
    assert str(refused.value) == sentence
    assert Price.objects.count() == 5
