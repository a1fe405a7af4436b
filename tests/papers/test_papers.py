"""Paper: what stands on lists, labels and receipts, who may print them, and that printing changes nothing."""

import zlib
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from customers.models import Customer
from inventory.catalog.models import Variant
from inventory.places.queries import place
from omni.lib import paper
from omni.staff.models import User
from orders.fulfilment import codes, queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.printing import drawing, papers, pick_list
from orders.fulfilment.services import shorting
from orders.fulfilment.walking import walking_order
from orders.sales.models import OrderEvent
from tests import factories, journeys
from tests.conftest import House


@pytest.fixture
def shelves(house: House) -> None:
    for sku, shelf in {"SKU-1": "B-2", "SKU-2": "A-10", "SKU-3": "A-9", "SKU-4": ""}.items():
        Variant.objects.filter(sku=sku).update(shelf=shelf)


def placed(house: House, clerk: User, units: dict[str, int]) -> Fulfilment:
    found = journeys.fulfilment_of(journeys.placed(house.lille, units, by=clerk))
    return queries.in_hand().get(pk=found.pk)


def one_list(house: House, *orders: Fulfilment) -> papers.PickList:
    [found] = papers.pick_lists(orders, store=place(house.lille.pk), by="Clara", now=timezone.now())
    return found


def address(*orders: Fulfilment, pdf: bool = False) -> str:
    return "/pick-lists/?" + "&".join([f"order={one.public_id}" for one in orders] + ["format=pdf"] * pdf)


def test_a_list_is_in_the_order_of_the_walk_with_a_column_for_each_order(
    house: House, clerk: User, shelves: None
) -> None:
    one = placed(house, clerk, {"SKU-1": 2, "SKU-3": 1})
    two = placed(house, clerk, {"SKU-1": 1, "SKU-2": 1, "SKU-4": 3})
    found = one_list(house, one, two)
    assert [(stop.place, stop.name, stop.quantities) for stop in found.stops] == [
        ("A-9", "Article 3", (1, 0)),
        ("A-10", "Article 2", (0, 1)),
        ("B-2", "Article 1", (2, 1)),
        ("", "Article 4", (0, 3)),
    ]
    assert [(box.letter, box.short_id, box.pieces) for box in found.bins] == [
        ("A", one.short_id, 3),
        ("B", two.short_id, 5),
    ]
    assert found.pieces == 8
    assert [stop.zone_ends for stop in found.stops] == [False, True, True, False]


def test_what_is_picked_or_missing_is_no_longer_on_the_list(house: House, clerk: User) -> None:
    one = placed(house, clerk, {"SKU-1": 3, "SKU-2": 1})
    line = one.lines.get(order_line__position=1)
    journeys.picking.pick(fulfilment_id=one.pk, line_id=line.pk, pieces=1, actor_id=clerk.pk)
    shorting.report_short(
        fulfilment_id=one.pk, line_id=line.pk, quantity=1, reason="not_found", note="", actor_id=clerk.pk
    )
    assert [(stop.name, stop.quantities) for stop in one_list(house, one).stops] == [
        ("Article 1", (1,)),
        ("Article 2", (1,)),
    ]


def test_a_seventh_order_begins_another_list(house: House, clerk: User) -> None:
    orders = [placed(house, clerk, {"SKU-1": 1}) for _ in range(7)]
    found = papers.pick_lists(orders, store=place(house.lille.pk), by="Clara", now=timezone.now())
    assert [len(one.bins) for one in found] == [6, 1]


@pytest.mark.parametrize(
    ("shelf", "before"), [("A-2", "A-10"), ("A-10", "B-1"), ("Réserve 9", "Réserve 12"), ("Z-99", "")]
)
def test_numbers_of_places_are_numbers_and_what_has_no_place_is_last(shelf: str, before: str) -> None:
    assert walking_order(shelf) < walking_order(before)


def test_a_label_says_first_name_and_initial_and_never_more(house: House, clerk: User, clerk_client: Client) -> None:
    ready = journeys.ready(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk), by=clerk)
    label = papers.bag_label(queries.in_hand().get(pk=ready.pk))
    assert (label.short_id, label.place, label.who) == (ready.short_id, "Locker 1", "Camille M.")
    assert label.lines[:2] == ["Camille M., 2 items", "Bag 1 of 1"]
    for path in ("label", "hold-label"):
        page = clerk_client.get(f"/pickups/{ready.public_id}/{path}/").content.decode()
        assert "Camille M." in page
        assert "Martin" not in page


def test_the_code_on_a_bag_names_it_and_opens_nothing(house: House, clerk: User, clerk_client: Client) -> None:
    ready = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    label = papers.bag_label(queries.in_hand().get(pk=ready.pk))
    digits = codes.digits(ready.public_id, ready.code_round)
    assert label.code == f"OMNI-B:{ready.public_id.hex}"
    assert digits not in label.code
    clerk_client.post("/scan/", {"code": label.code})
    page = clerk_client.get(f"/pickups/{ready.public_id}/hand-over/").content.decode()
    assert "Verify first" in page


def test_the_qr_that_is_drawn_is_the_code_module_by_module() -> None:
    text = "OMNI-B:" + "0f" * 16
    sheet = paper.Paper(100, 100, title="t", language="en")
    sheet.add_page()
    sheet.qr(text, 0, 0, 90)
    matrix = paper.qr_matrix(text)
    module = 90 / (len(matrix) + 2 * paper.QUIET)
    content = zlib.decompress(
        bytes(sheet.output()).split(b"stream\r\n" if False else b"stream\n")[1].split(b"\nendstream")[0]
    )
    drawn = set()
    for line in content.decode("latin-1").splitlines():
        parts = line.split()
        if parts[-2:] == ["re", "f"] or parts[-1:] == ["f"]:
            x, y, width, _height = (float(part) * 25.4 / 72 for part in parts[:4])
            column, row = round(x / module) - paper.QUIET, round((100 - y) / module) - paper.QUIET
            drawn |= {(row, column + step) for step in range(round(width / module))}
    dark = {(row, column) for row, line in enumerate(matrix) for column, bit in enumerate(line) if bit}
    assert drawn == dark


def test_a_receipt_says_what_was_given_and_paid_in_the_customers_language(
    house: House, clerk: User, clerk_client: Client
) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000)
    Customer.objects.update(language="fr")
    given = journeys.handed_over(order, by=clerk)
    fulfilment = queries.in_hand().get(pk=given.fulfilment_id)
    with translation.override("fr"):
        one = papers.receipt(fulfilment, given)
    assert [(line.quantity, line.name, line.amount) for line in one.lines] == [(2, "Article 1", "20,00\xa0€")]
    assert (one.total, one.who) == ("20,00\xa0€", "Camille M.")
    assert one.sums == [("Carte, en ligne", "20,00\xa0€")]
    page = clerk_client.get(f"/pickups/{fulfilment.public_id}/receipt/").content.decode()
    assert 'lang="fr"' in page
    assert "Martin" not in page


def test_there_is_no_receipt_before_the_hand_over_and_no_place_label_before_a_place(
    house: House, clerk: User, clerk_client: Client
) -> None:
    one = placed(house, clerk, {"SKU-1": 1})
    assert clerk_client.get(f"/pickups/{one.public_id}/receipt/").status_code == 404
    assert clerk_client.get(f"/pickups/{one.public_id}/hold-label/").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_paper_is_a_pdf_in_both_languages(house: House, clerk: User, clerk_client: Client, language: str) -> None:
    clerk.language = language
    clerk.save()
    waiting = placed(house, clerk, {"SKU-1": 1, "SKU-2": 2})
    given = journeys.handed_over(journeys.placed(house.lille, {"SKU-3": 1}, by=clerk), by=clerk).fulfilment
    for where in (
        address(waiting, pdf=True),
        f"/pickups/{waiting.public_id}/label/?format=pdf",
        f"/pickups/{given.public_id}/hold-label/?format=pdf",
        f"/pickups/{given.public_id}/receipt/?format=pdf",
    ):
        answer = clerk_client.get(where)
        assert answer.status_code == 200, where
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-"), where
        assert answer.content.rstrip().endswith(b"%%EOF")
        assert b"Inter" in answer.content, "the house's own font is in the file"
        assert answer["Content-Disposition"].startswith("inline;")


def test_the_narrow_space_of_french_and_every_letter_of_a_name_are_in_the_font() -> None:
    sheet = paper.Paper(100, 100, title="t", language="fr")
    for style in ("", "B"):
        sheet.set_font("Inter", style, 10)
        missing = [
            sign
            for sign in "« 93 % »\u202f; Œuvre Łódź Ñandú ş Ω Я −12,50 €…"
            if ord(sign) not in sheet.current_font.cmap
        ]
        assert not missing, style


def test_a_long_list_goes_on_with_its_head_on_the_next_page(house: House, clerk: User) -> None:
    one = one_list(house, placed(house, clerk, {"SKU-1": 1}))
    long = papers.PickList(one.store, one.printed_at, one.by, one.bins, one.stops * 40)
    pdf = pick_list.draw([long], house="Omni", language="en")
    assert pdf.count(b"/Type /Page\n") == 3


def test_a_place_too_long_for_the_label_is_cut_and_not_lost() -> None:
    label = papers.Label("K4-71", "Réserve du fond, étagère 12", "Camille M.", ["Camille M., 2 items"] * 3, "OMNI-B:x")
    assert drawing.hold_label(label, title="t", language="fr").startswith(b"%PDF-")
    sheet = paper.Paper(62, 29, title="t", language="fr")
    sheet.set_font("Inter", "B", 23.5)
    assert sheet.fitted(label.place, 33).endswith("…")


def test_printing_changes_nothing(house: House, clerk: User, clerk_client: Client) -> None:
    one = placed(house, clerk, {"SKU-1": 1})
    before = (Fulfilment.objects.values().get(pk=one.pk), OrderEvent.objects.count())
    for where in (address(one), address(one, pdf=True), f"/pickups/{one.public_id}/label/"):
        assert clerk_client.get(where).status_code == 200
    assert (Fulfilment.objects.values().get(pk=one.pk), OrderEvent.objects.count()) == before


def test_a_list_with_one_order_of_another_store_does_not_exist(house: House, clerk: User, clerk_client: Client) -> None:
    own = placed(house, clerk, {"SKU-1": 1})
    seller = factories.PersonFactory(login="elsewhere", role="integrator", stores=house.stores)
    foreign = journeys.fulfilment_of(journeys.placed(house.amiens, {"SKU-1": 1}, by=seller))
    assert clerk_client.get(address(own)).status_code == 200
    assert clerk_client.get(address(own, foreign)).status_code == 404
    assert clerk_client.get("/pick-lists/?order=nonsense").status_code == 404


def test_nothing_to_prepare_is_said_instead_of_an_empty_sheet(house: House, clerk: User, clerk_client: Client) -> None:
    ready = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk), by=clerk)
    page: Any = clerk_client.get(address(ready))
    assert "Nothing is left to prepare" in page.content.decode()
