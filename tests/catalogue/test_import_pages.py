"""The pages of an import: sent, mapped, seen, applied, undone; refused with rows and reasons."""

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from inventory.catalog.models import CatalogueImport, Price, Product, Variant
from inventory.catalog.services import undoing
from omni.lib import uploads
from omni.staff.access import actor_of
from omni.staff.models import User
from tests import factories
from tests.catalogue import files
from tests.conftest import House

pytestmark = pytest.mark.django_db

GOOD = files.text(
    [
        f"TEE;T-shirt rayé;bleu;M;TEE-B-M;{factories.gtin(501)};19,90",
        f"TEE;T-shirt rayé;bleu;L;TEE-B-L;{factories.gtin(502)};19,90",
    ]
)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def post(client: Client, route: str, found: CatalogueImport | None = None, key: str = "", **fields: Any) -> Any:
    args = [found.public_id] if found else []
    sent = {"idempotency_key": key or str(uuid.uuid4()), **fields}
    return client.post(reverse(route, args=args), sent, follow=True)


def send(client: Client, content: bytes, key: str = "", encoding: str = "utf-8") -> Any:
    upload = SimpleUploadedFile("catalogue.csv", content, content_type="text/csv")
    return post(client, "catalogue-imports", key=key, file=upload, encoding=encoding)


def columns(found: CatalogueImport) -> dict[str, str]:
    return {f"column-{position}": field for position, field in found.mapping.items()}


def test_a_file_is_sent_mapped_seen_applied_and_undone(manager_client: Client, house: House) -> None:
    for _time in range(2):
        page = send(manager_client, GOOD, key="the-form")
    found = CatalogueImport.objects.get()
    assert (found.name, found.status, found.lines_read) == ("catalogue.csv", "uploaded", 2)
    assert "What is what?" in said(page)
    assert re.search(r'<option value="amount" selected>', page.content.decode())
    page = post(manager_client, "catalogue-import-check", found, **columns(found))
    assert "TEE-B-M" in said(page)
    assert "€19.90" in said(page)
    assert not Product.objects.filter(code="TEE").exists()
    for _time in range(2):
        page = post(manager_client, "catalogue-import-application", found, key="apply")
    assert "The catalogue is up to date." in said(page)
    assert Variant.objects.get(sku="TEE-B-L").attributes == {"couleur": "bleu", "taille": "L"}
    page = post(manager_client, "catalogue-import-undo", found)
    assert "the catalogue is as it was before" in said(page)
    assert not Product.objects.filter(code="TEE").exists()
    assert Price.objects.count() == 5


def test_a_refused_file_says_rows_and_reasons_on_the_page_and_as_a_file(manager_client: Client, house: House) -> None:
    rows = [
        f"TEE;T-shirt;bleu;M;TEE-1;{factories.gtin(501)};19,90",
        f"TEE;T-shirt;bleu;L;TEE-2;{factories.gtin(501)};-5,00",
    ]
    send(manager_client, files.text(rows))
    found = CatalogueImport.objects.get()
    page = said(post(manager_client, "catalogue-import-check", found, **columns(found)))
    assert "This is negative." in page
    assert "Nothing was changed: a file is taken whole or not at all." in page
    taken = manager_client.get(reverse("catalogue-import-problems", args=[found.public_id]))
    lines = b"".join(taken.streaming_content).decode().splitlines()
    assert lines == ["\ufeffRow,Column,Value,Reason", '3,prix ttc,"\'-5,00",This is negative.']
    assert not Product.objects.filter(code="TEE").exists()


def test_columns_that_are_not_said_well_are_asked_again(manager_client: Client, house: House) -> None:
    send(manager_client, GOOD)
    found = CatalogueImport.objects.get()
    page = post(manager_client, "catalogue-import-check", found, **{"column-0": "code"})
    assert page.status_code == 422
    assert "Say which column is the article number (sku)." in said(page)
    page = post(manager_client, "catalogue-import-check", found, **{"column-0": "sku", "column-4": "sku"})
    assert "Several columns are “Article number (sku)”. Choose one." in said(page)
    assert CatalogueImport.objects.get().status == "uploaded"


def test_an_archive_is_refused_by_its_first_bytes(manager_client: Client, house: House) -> None:
    page = said(send(manager_client, b"PK\x03\x04" + b"\x00" * 1000))
    assert "This is an archive or a workbook." in page
    assert list(CatalogueImport.objects.values_list("status", "lines_read")) == [("refused", 0)]


def test_a_file_that_is_too_large_is_refused_before_it_is_written(
    manager_client: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    page = send(manager_client, GOOD * 20)
    assert page.status_code == 422
    assert "The file is larger than 100 MB." in said(page)
    assert not CatalogueImport.objects.exists()


def test_what_was_changed_since_is_named_when_a_file_cannot_be_undone(
    manager_client: Client, manager: User, house: House
) -> None:
    found = files.applied(manager, GOOD)
    Variant.objects.filter(sku="TEE-B-L").update(shelf="H-04")
    page = post(manager_client, "catalogue-import-undo", found)
    assert page.status_code == 409
    assert "TEE-B-L" in said(page)
    assert "This was changed since the file was applied." in said(page)
    assert Variant.objects.filter(sku__startswith="TEE").count() == 2


def test_an_abandoned_file_is_forgotten(manager_client: Client, house: House) -> None:
    send(manager_client, GOOD)
    found = CatalogueImport.objects.get()
    page = post(manager_client, "catalogue-import-abandonment", found)
    assert "Abandoned" in said(page)
    assert not found.lines.exists()


def test_the_log_of_changes_says_who_applied_and_who_undid(client: Client, manager: User, house: House) -> None:
    found = files.applied(manager, GOOD)
    undoing.undo(actor=actor_of(manager), import_id=found.pk)
    client.force_login(factories.PersonFactory(login="boss", role="administrator", stores=house.stores))
    log = said(client.get(f"{reverse('audit')}?kind=import"))
    assert log.count("The catalogue file “catalogue.csv” was worked on") >= 3
    assert "Checked → Applied" in log
    assert "Applied → Undone" in log
    assert "Mira Manager" in log
