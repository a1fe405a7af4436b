"""A file is taken whole or not at all: what is read, what is refused and why, what changes, what an undo gives back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from inventory.catalog import csv_files, queries
from inventory.catalog.errors import ImportRefused, MappingWrong
from inventory.catalog.models import (
    CatalogueImport,
    ImportChange,
    ImportLine,
    ImportRow,
    Price,
    Product,
    Variant,
)
from inventory.catalog.services import abandoning
from inventory.catalog.services.applying import apply
from inventory.catalog.services.checking import check
from inventory.catalog.services.undoing import undo
from inventory.stock.services.opening import open_stock
from omni.lib import reference
from omni.lib.transitions import TransitionRefused
from omni.staff.access import actor_of
from omni.staff.models import User
from tests import factories
from tests.catalogue.files import applied, checked, problems, sent, text
from tests.conftest import House

pytestmark = pytest.mark.django_db

TEE = f"TEE;T-shirt rayé;bleu;M;TEE-B-M;{factories.gtin(501)};19,90"
SOCKS = f"SOX;Chaussettes;;;SOX-1;{factories.gtin(502)};5"


def everything() -> list[Any]:
    """The catalogue as it stands."""
    return [list(model._default_manager.order_by("pk").values()) for model in (Product, Variant, Price)]


def now_at(sku: str, channel: str = "web") -> int | None:
    reference.forget()
    return queries.offers([("sku", sku)])["sku", sku].price(channel=channel, currency="EUR", at=timezone.now())


def test_a_new_product_comes_with_its_article_and_its_price(house: House, manager: User) -> None:
    found = applied(manager, text([TEE, SOCKS]))
    assert (found.status, found.new, found.changed, found.unchanged) == ("applied", 2, 0, 0)
    tee = Variant.objects.select_related("product").get(sku="TEE-B-M")
    assert (tee.product.code, tee.product.name, tee.product.vat_class) == ("TEE", "T-shirt rayé", "standard")
    assert (tee.gtin, tee.label, tee.attributes) == (factories.gtin(501), "bleu M", {"couleur": "bleu", "taille": "M"})
    assert (now_at("TEE-B-M"), now_at("SOX-1")) == (1990, 500)
    assert not ImportLine.objects.exists()
    assert not ImportRow.objects.exists()


def test_a_price_keeps_its_first_line_of_history_with_who_did_it(house: House, manager: User) -> None:
    applied(manager, text([TEE]))
    event = Price.pgh_event_model.objects.get(variant__sku="TEE-B-M")  # type: ignore[attr-defined]
    assert (event.pgh_label, event.amount, event.pgh_context.metadata["user"]) == ("insert", 1990, manager.pk)


def test_only_what_differs_is_a_change_and_an_empty_cell_says_nothing(house: House, manager: User) -> None:
    first, second = house.variants[:2]
    Product.objects.filter(pk=first.product_id).update(brand="Mer")
    header = "sku;name;brand;shelf;price"
    found = checked(manager, text(["SKU-1;Article 1;;H-04;10,00", "SKU-2;Article 2;;;20.00"], header))
    assert (found.new, found.changed, found.unchanged) == (0, 1, 1)
    assert list(ImportChange.objects.values_list("kind", "key", "before", "after")) == [
        ("variant", "SKU-1", {"shelf": ""}, {"shelf": "H-04"})
    ]
    apply(actor=actor_of(manager), import_id=found.pk)
    first.refresh_from_db()
    assert (first.shelf, first.product.code, Product.objects.get(pk=first.product_id).brand) == (
        *("H-04", "product-1", "Mer"),
    )
    assert second.shelf == ""


def test_another_price_is_another_row_and_the_old_one_stays_on_record(house: House, manager: User) -> None:
    applied(manager, text(["SKU-1;9,50"], "sku;prix ttc"))
    assert now_at("SKU-1") == 950
    assert list(Price.objects.filter(variant=house.variants[0]).order_by("starts_at").values_list("amount")) == [
        *((1000,), (950,)),
    ]


def test_a_promotion_of_one_channel_holds_from_its_first_to_its_last_day(house: House, manager: User) -> None:
    with time_machine.travel("2027-01-04T12:00:00+01:00", tick=False):
        header = "sku;prix;canal;du;au"
        applied(manager, text(["SKU-1;7,99;web;06/01/2027;2027-01-07"], header))
    at = {}
    for day in ("2027-01-05T23:59:59", "2027-01-06T00:00:00", "2027-01-07T23:59:59", "2027-01-08T00:00:00"):
        with time_machine.travel(f"{day}+01:00", tick=False):
            at[day] = (now_at("SKU-1"), now_at("SKU-1", "store"))
    assert list(at.values()) == [(1000, 1000), (799, 1000), (799, 1000), (1000, 1000)]


REFUSED: dict[str, tuple[str, str, list[tuple[int, str, str]]]] = {
    "check digit": ("sku;ean;name", "X;3701234002140;N", [(2, "ean", "gtin_check_digit")]),
    "rounded barcode": ("sku;ean;name", "X;3,70123E+12;N", [(2, "ean", "gtin_rounded")]),
    "letters in a barcode": ("sku;ean;name", "X;37O1234002149;N", [(2, "ean", "gtin_digits")]),
    "length of a barcode": ("sku;ean;name", "X;123456789;N", [(2, "ean", "gtin_length")]),
    "formula": ("sku;name", "X;=1+1", [(2, "name", "formula")]),
    "formula with an at": ("sku;name", "X;@SUM(A1)", [(2, "name", "formula")]),
    "formula behind a tab": ("sku;name", 'X;"\t=1"', [(2, "name", "formula")]),
    "plus": ("sku;name", "X;+33", [(2, "name", "formula")]),
    "negative price": ("sku;name;prix", "X;N;-5,00", [(2, "prix", "negative")]),
    "negative with a point": ("sku;name;prix", "X;N;-0.5", [(2, "prix", "negative")]),
    "formula in a price": ("sku;name;prix", "X;N;-A1", [(2, "prix", "formula")]),
    "price of nothing": ("sku;name;prix", "X;N;0,00", [(2, "prix", "zero")]),
    "three decimals": ("sku;name;prix", "X;N;1,999", [(2, "prix", "decimals")]),
    "no amount": ("sku;name;prix", "X;N;1.234,50", [(2, "prix", "not_amount")]),
    "infinite": ("sku;name;prix", "X;N;inf", [(2, "prix", "not_amount")]),
    "too much": ("sku;name;prix", "X;N;1000000", [(2, "prix", "too_much")]),
    "too long": ("sku;name", f"X;{'n' * 161}", [(2, "name", "too_long")]),
    "line break": ("sku;name", 'X;"a\nb"', [(2, "name", "control")]),
    "VAT class": ("sku;name;tva", "X;N;vingt", [(2, "tva", "vat_class")]),
    "channel": ("sku;name;prix;canal", "X;N;1;minitel", [(2, "canal", "channel")]),
    "currency": ("sku;name;prix;devise", "X;N;1;XYZ", [(2, "devise", "currency")]),
    "no such day": ("sku;name;prix;du", "X;N;1;31/02/2027", [(2, "du", "not_date")]),
    "end before its beginning": (
        *("sku;name;prix;du;au", "X;N;1;2090-01-02;2090-01-01", [(2, "au", "ends_before_start")]),
    ),
    "sku missing": ("sku;name", ";N", [(2, "sku", "required")]),
    "sku with a space": ("sku;name", "A B;N", [(2, "sku", "code_signs")]),
    "name missing": ("sku;prix", "X;1", [(2, "", "name_missing")]),
    "price missing": ("sku;name;prix;du", "X;N;;2090-01-01", [(2, "prix", "price_missing")]),
    "twice in the file": ("sku;name", "X;N\nX;N", [(3, "sku", "sku_doubled")]),
    "twice, in capitals": ("sku;name", "X;N\nx;N", [(3, "sku", "sku_doubled")]),
    "barcode twice": (
        *("sku;name;ean", f"X;N;{factories.gtin(9)}\nY;N;{factories.gtin(9)}", [(3, "ean", "gtin_doubled")]),
    ),
    "barcode of the house": ("sku;name;ean", f"X;N;{factories.gtin(1)}", [(2, "ean", "gtin_taken")]),
    "barcode of the house as GTIN-14": ("sku;name;ean", f"X;N;0{factories.gtin(1)}", [(2, "ean", "gtin_taken")]),
    "another product's": ("sku;code;name", "SKU-1;product-2;N", [(2, "sku", "sku_elsewhere")]),
    "other capitals": ("sku;name", "sku-1;N", [(2, "sku", "sku_case")]),
    "rows that differ": ("sku;code;name", "X;P;One\nY;P;Two", [(3, "code", "product_differs")]),
    "articles that differ": (*("sku;name;prix;canal;shelf", "X;N;1;web;A\nX;N;1;app;B", [(3, "sku", "sku_differs")]),),
    "a price in the past": ("sku;prix;du", "SKU-1;1;2020-01-01", [(2, "du", "price_past")]),
    "a price that is over": ("sku;name;prix;du;au", "X;N;1;2020-01-01;2020-01-02", [(2, "au", "ends_past")]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_row_refuses_the_whole_file_with_row_column_and_reason(house: House, manager: User, case: str) -> None:
    header, rows, expected = REFUSED[case]
    before = everything()
    good = ";".join({"sku": "GOOD", "name": "Good", "code": "GOOD"}.get(one, "") for one in header.split(";"))
    wanted = [*rows.split("\n"), good] if "\t" not in rows and '"' not in rows else [rows, good]
    if "name" not in header:
        wanted.pop()
    found = checked(manager, text(wanted, header))
    assert (found.status, problems(found)) == ("refused", expected)
    with pytest.raises(TransitionRefused):
        apply(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before


UNREADABLE: dict[str, tuple[bytes, list[tuple[int, str, str]]]] = {
    "xlsx or zip": (b"PK\x03\x04\x14\x00\x06\x00", [(0, "", "archive")]),
    "gzip": (b"\x1f\x8b\x08\x00", [(0, "", "archive")]),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [(0, "", "workbook")]),
    "UTF-16": ("sku;name\r\nA;b".encode("utf-16"), [(0, "", "utf_16")]),
    "empty": (b"", [(1, "", "empty")]),
    "header alone": (b"sku;name\r\n", [(0, "", "no_rows")]),
    "blank rows": (b"sku;name\r\n;\r\n\r\n", [(0, "", "no_rows")]),
    "header missing": (b"sku;;name\r\nA;b;c", [(1, "", "header_missing")]),
    "header doubled": (b"sku;Name;name\r\nA;b;c", [(1, "", "header_doubled")]),
    "ragged": (b"sku;name\r\nA;b\r\nB\r\nC;d;e\r\n", [(3, "", "ragged"), (4, "", "ragged")]),
    "Windows-1252 as UTF-8": ("sku;name\r\nA;rayé\r\nB;b\r\nC;é\r\n".encode("cp1252"),
                              [(2, "", "encoding"), (4, "", "encoding")]),
    "header in another encoding": ("sku;d\u00e9signation\r\nA;b".encode("cp1252"), [(1, "", "encoding")]),
    "NUL": (b"sku;name\r\nA;b\x00c\r\n", [(2, "", "nul")]),
    "open quotation mark": (b'sku;name\r\nA;"b\r\nC;d\r\n', [(2, "", "quotes")]),
    "Mac line ends": (b"sku;name\rA;b\rC;d", [(1, "", "quotes")]),
    "one endless line": (b"sku;name\r\nA;" + b"x" * csv_files.LONGEST_LINE, [(2, "", "line_too_long")]),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_and_none_of_its_rows_stay(
    house: House, manager: User, case: str
) -> None:
    content, expected = UNREADABLE[case]
    found = sent(manager, content)
    assert (found.status, problems(found)) == ("refused", expected)
    assert not ImportLine.objects.exists()
    with pytest.raises(ImportRefused):
        check(actor=actor_of(manager), import_id=found.pk, mapping={"0": "sku"} if found.header else {})


@pytest.mark.parametrize(
    "content", ["sku;name\nX;Rayé", "\ufeffsku,name\r\nX,Rayé\r\n", 'sku\tname\r\n"X"\t"Rayé"\r\n'], ids=repr
)
def test_separators_byte_order_marks_and_line_ends_are_recognised(house: House, manager: User, content: str) -> None:
    assert applied(manager, content.encode()).new == 1
    assert Product.objects.get(code="X").name == "Rayé"


def test_windows_1252_is_read_when_somebody_says_so(house: House, manager: User) -> None:
    found = sent(manager, "sku;désignation\r\nX;Œuf rayé, 5 €".encode("cp1252"), encoding="windows-1252")
    check(actor=actor_of(manager), import_id=found.pk, mapping=found.mapping)
    apply(actor=actor_of(manager), import_id=found.pk)
    assert Product.objects.get(code="X").name == "Œuf rayé, 5 €"


def test_limits_of_bytes_and_rows_are_said(house: House, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_files, "MOST_ROWS", 2)
    assert problems(sent(manager, b"sku\nA\nB\nC\n")) == [(0, "", "too_many_rows")]
    assert sent(manager, b"sku\nA\nB\n").status == "uploaded"
    monkeypatch.setattr(csv_files, "MOST_BYTES", 5)
    assert problems(sent(manager, b"sku\nA\nB\n")) == [(0, "", "too_large")]


@pytest.mark.parametrize(
    "mapping", [{}, {"0": "code"}, {"0": "sku", "1": "sku"}, {"0": "sku", "9": "name"}, {"0": "sku", "1": "price"},
                {"0": "sku", "1": "channel"}, {"0": "sku", "-1": "name"}],
)  # fmt: skip
def test_a_mapping_that_makes_no_sense_is_refused(house: House, manager: User, mapping: dict[str, str]) -> None:
    found = sent(manager, b"sku;name\nA;b")
    with pytest.raises(MappingWrong):
        check(actor=actor_of(manager), import_id=found.pk, mapping=mapping)
    assert CatalogueImport.objects.get().status == "uploaded"


def test_what_changed_since_the_dry_run_is_not_written_over(house: House, manager: User) -> None:
    found = checked(manager, text(["SKU-1;Other"], "sku;name"))
    Product.objects.filter(code="product-1").update(name="Meanwhile")
    before = everything()
    with pytest.raises(ImportRefused):
        apply(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before
    assert CatalogueImport.objects.get().status == "checked"


def test_a_gtin_that_was_given_away_since_the_dry_run_refuses_all(house: House, manager: User) -> None:
    found = checked(manager, text([TEE, f"product-1;Article 1;;;SKU-1;{factories.gtin(77)};"]))
    factories.VariantFactory(gtin=factories.gtin(77))
    before = everything()
    with pytest.raises(ImportRefused):
        apply(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before


def test_a_file_is_applied_once_and_undone_once(house: House, manager: User) -> None:
    found = applied(manager, text([TEE]))
    with pytest.raises(TransitionRefused):
        apply(actor=actor_of(manager), import_id=found.pk)
    undo(actor=actor_of(manager), import_id=found.pk)
    with pytest.raises(TransitionRefused):
        undo(actor=actor_of(manager), import_id=found.pk)


def test_an_undo_gives_back_exactly_what_was_there(house: House, manager: User) -> None:
    house.variants[0].attributes = {"couleur": "vert"}
    house.variants[0].save()
    before = everything()
    rows = [TEE, SOCKS, f"product-1;Autre nom;bleu;M;SKU-1;{factories.gtin(88)};"]
    found = applied(manager, text(rows))
    assert Variant.objects.get(sku="SKU-1").attributes == {"couleur": "bleu", "taille": "M"}
    undo(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before
    assert CatalogueImport.objects.get().undone_by == manager


def test_an_undone_price_that_has_held_is_ended_and_one_that_has_not_is_removed(house: House, manager: User) -> None:
    header = "sku;prix;du"
    found = applied(manager, text(["SKU-1;9;", "SKU-2;19;01/01/2090"], header))
    assert now_at("SKU-1") == 900
    undo(actor=actor_of(manager), import_id=found.pk)
    assert (now_at("SKU-1"), now_at("SKU-2")) == (1000, 2000)
    ended = Price.objects.get(variant=house.variants[0], amount=900)
    assert ended.starts_at < ended.ends_at <= timezone.now()  # type: ignore[operator]
    assert Price.objects.filter(variant=house.variants[1]).count() == 1


def test_a_planned_price_is_changed_and_set_back(house: House, manager: User) -> None:
    header = "sku;prix;du;au"
    applied(manager, text(["SKU-1;9;01/01/2090;31/01/2090"], header))
    before = everything()
    found = applied(manager, text(["SKU-1;8;01/01/2090;"], header))
    planned = Price.objects.get(starts_at__year__gte=2089)
    assert (planned.amount, planned.ends_at) == (800, None)
    undo(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before


def _rename(variant: Variant) -> None:
    Product.objects.filter(pk=variant.product_id).update(name="Meanwhile")


def _another_price(variant: Variant) -> None:
    factories.PriceFactory(variant=variant, amount=1)


def _another_variant(variant: Variant) -> None:
    factories.VariantFactory(product=variant.product)


def _stock(variant: Variant) -> None:
    from inventory.places.models import Location

    open_stock(rows=[(Location.objects.get(code="lille").pk, variant.pk, 3)])


@pytest.mark.parametrize("meanwhile", [_rename, _another_price, _another_variant, _stock])
def test_what_was_changed_or_used_since_keeps_a_file_from_being_undone(
    house: House, manager: User, meanwhile: Any
) -> None:
    found = applied(manager, text([TEE, SOCKS]))
    meanwhile(Variant.objects.get(sku="TEE-B-M"))
    before = everything()
    with pytest.raises(ImportRefused):
        undo(actor=actor_of(manager), import_id=found.pk)
    assert everything() == before
    assert CatalogueImport.objects.get().status == "applied"


def test_after_thirty_days_a_file_stays(house: House, manager: User) -> None:
    found = applied(manager, text([TEE]))
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)), pytest.raises(ImportRefused):
        undo(actor=actor_of(manager), import_id=found.pk)
    assert Variant.objects.filter(sku="TEE-B-M").exists()


def test_rows_that_nobody_applied_are_swept_and_changes_when_no_undo_is_left(house: House, manager: User) -> None:
    applied(manager, text([TEE]))
    checked(manager, text([SOCKS]))
    assert abandoning.sweep() == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert abandoning.sweep() == 5  # one line, one row; a product, an article and a price that would be new
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert abandoning.sweep() == 3
    assert CatalogueImport.objects.count() == 2
