"""Counting on the tablet: each scan once, blind until the end, other stores' counts are not there."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.stock.models import CountLine, ParkedCode, StockCount, StockLevel, StockMovement
from inventory.stock.services import counting, reserving
from omni import audit
from omni.staff.models import User
from tests.conftest import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(house: House, clerk: User) -> StockCount:
    return counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk, name="Shelf H-04")


def send(client: Client, route: str, args: list[Any], key: str = "", **fields: Any) -> Any:
    """Post a form as a browser without scripts does, and read the page it leads to."""
    sent = {"idempotency_key": key or str(uuid.uuid4()), **fields}
    return client.post(reverse(route, args=args), sent, follow=True)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_count_is_begun_once_however_often_the_form_arrives(clerk_client: Client, house: House) -> None:
    for _time in range(2):
        answer = send(clerk_client, "counts", [], key="the-form", name="Shelf H-04")
    assert list(StockCount.objects.values_list("name", "location_id", "status")) == [
        ("Shelf H-04", house.lille.pk, "open")
    ]
    assert "Shelf H-04" in said(answer)


def test_each_scan_counts_once_and_an_unknown_code_is_parked(
    clerk_client: Client, house: House, count: StockCount
) -> None:
    gtin = house.variants[0].gtin
    for key in ("scan-1", "scan-2", "scan-2", "scan-1"):
        send(clerk_client, "count-scans", [count.public_id], key=key, code=gtin)
    for key in ("scan-3", "scan-3", "scan-4"):
        answer = send(clerk_client, "count-scans", [count.public_id], key=key, code="3760012845026")
    assert list(CountLine.objects.values_list("variant__sku", "counted")) == [("SKU-1", 2)]
    assert list(ParkedCode.objects.values_list("code", "times")) == [("3760012845026", 2)]
    assert "Parked, 2 pieces" in said(answer)


def test_what_a_scan_did_is_answered_with_the_page_and_aloud(
    clerk_client: Client, house: House, count: StockCount
) -> None:
    address = reverse("count-scans", args=[count.public_id])
    for code, result in ((house.variants[0].gtin, "ok"), ("sku-2", "ok"), ("376", "unknown"), ("", "wrong")):
        answer = clerk_client.post(
            address, {"code": code, "idempotency_key": str(uuid.uuid4())}, HTTP_HX_REQUEST="true"
        )
        assert f'data-scan-result="{result}"' in answer.content.decode(), code
        assert 'id="count-area"' in answer.content.decode()
    counting.abandon(count_id=count.pk, actor_id=count.opened_by_id)
    answer = clerk_client.post(address, {"code": "SKU-1", "idempotency_key": "late"}, HTTP_HX_REQUEST="true")
    assert "This count has ended" in said(answer)
    assert CountLine.objects.count() == 2


def test_a_line_is_changed_by_tap_and_by_hand_and_taken_off(
    clerk_client: Client, house: House, count: StockCount
) -> None:
    counting.count(count_id=count.pk, variant_id=house.variants[0].pk)
    args = [count.public_id, CountLine.objects.get().pk]
    figures = []
    for fields in ({"change": "1"}, {"change": "-1"}, {"counted": "12"}, {"counted": "-1"}, {"change": "7"}, {}):
        send(clerk_client, "count-line", args, **fields)
        figures.append(CountLine.objects.get().counted)
    assert figures == [2, 1, 12, 12, 12, 12]
    send(clerk_client, "count-line-removal", args)
    assert not CountLine.objects.exists()


def test_what_is_expected_is_said_at_the_end_only(clerk_client: Client, house: House, count: StockCount) -> None:
    StockLevel.objects.filter(location=house.lille).update(on_hand=4321)
    counting.set_counted(count_id=count.pk, variant_id=house.variants[0].pk, counted=4320)
    blind = said(clerk_client.get(reverse("count", args=[count.public_id])))
    assert "4,320" in blind
    assert "4,321" not in blind
    assert "4321" not in blind
    assert "4,321" in said(clerk_client.get(reverse("count-closing", args=[count.public_id])))


def test_the_end_asks_why_says_what_follows_and_puts_the_figures_right(
    clerk_client: Client, house: House, count: StockCount
) -> None:
    first, second = house.variants[:2]
    counting.set_counted(count_id=count.pk, variant_id=first.pk, counted=98)
    counting.set_counted(count_id=count.pk, variant_id=second.pk, counted=100)
    end = said(clerk_client.get(reverse("count-closing", args=[count.public_id])))
    assert "2 pieces fewer at Lille" in end
    assert "1 article agrees" in end
    assert "198 of 200, 1 difference" in end
    refused = send(clerk_client, "count-closing", [count.public_id])
    assert (refused.status_code, house.level("SKU-1").on_hand) == (422, 100)
    assert "Choose why for each difference." in said(refused)
    done = send(clerk_client, "count-closing", [count.public_id], **{f"reason-{first.pk}": "stolen_or_lost"})
    assert (done.status_code, house.level("SKU-1").on_hand) == (200, 98)
    assert "Stolen or lost" in said(done)
    send(clerk_client, "count-closing", [count.public_id], **{f"reason-{first.pk}": "other"})
    assert list(StockMovement.objects.filter(kind="counted_less").values_list("quantity", "reason")) == [
        (2, "stolen_or_lost")
    ]
    assert audit.differences() == []


def test_the_end_names_the_orders_whose_pieces_are_missing(
    clerk_client: Client, house: House, count: StockCount
) -> None:
    reserving.reserve(location_id=house.lille.pk, wanted={house.variants[0].pk: 60}, reference="ORD-77")
    counting.set_counted(count_id=count.pk, variant_id=house.variants[0].pk, counted=58)
    end = said(clerk_client.get(reverse("count-closing", args=[count.public_id])))
    assert "2 of them stay in the figures" in end
    assert "Report what is missing there: ORD-77." in end


def test_an_abandoned_count_changes_nothing(clerk_client: Client, house: House, count: StockCount) -> None:
    counting.set_counted(count_id=count.pk, variant_id=house.variants[0].pk, counted=1)
    listed = said(send(clerk_client, "count-abandonment", [count.public_id]))
    assert "Abandoned" in listed
    assert (house.level("SKU-1").on_hand, StockCount.objects.get().status) == (100, "abandoned")


def test_another_store_s_count_is_not_there(clerk_client: Client, house: House, manager: User) -> None:
    other = counting.open_count(location_id=house.amiens.pk, actor_id=manager.pk, name="Amiens shelf")
    counting.count(count_id=other.pk, variant_id=house.variants[0].pk)
    line = CountLine.objects.get()
    assert "Amiens shelf" not in said(clerk_client.get(reverse("counts")))
    for name in ("count", "count-closing"):
        assert clerk_client.get(reverse(name, args=[other.public_id])).status_code == 404
    for name in ("count-scans", "count-closing", "count-abandonment"):
        assert send(clerk_client, name, [other.public_id], code="SKU-1").status_code == 404
    assert send(clerk_client, "count-line", [other.public_id, line.pk], change="1").status_code == 404
    assert (CountLine.objects.get().counted, StockCount.objects.get().status) == (1, "open")


def test_a_line_of_another_count_is_not_there(
    clerk_client: Client, house: House, clerk: User, count: StockCount
) -> None:
    other = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    counting.count(count_id=other.pk, variant_id=house.variants[0].pk)
    args = [count.public_id, CountLine.objects.get().pk]
    assert send(clerk_client, "count-line", args, change="1").status_code == 404
    assert send(clerk_client, "count-line-removal", args).status_code == 404
    assert CountLine.objects.get().counted == 1


def test_pieces_are_set_aside_from_the_page_of_the_stock_and_put_back(clerk_client: Client, house: House) -> None:
    page = clerk_client.get(f"{reverse('stock')}?q=SKU-1").content.decode()
    assert reverse("stock-damage", args=["SKU-1"]) in page
    for _time in range(2):
        answer = send(clerk_client, "stock-damage", ["SKU-1"], key="once", quantity="3", reason="display_worn")
    assert "− 3 damaged" in said(answer)
    assert "3 set aside" in said(clerk_client.get(reverse("stock-damage", args=["SKU-1"])))
    send(clerk_client, "stock-repair", ["SKU-1"], quantity="2")
    level = house.level("SKU-1")
    assert (level.on_hand, level.damaged, house.level("SKU-1", house.lens).damaged) == (100, 1, 0)
    ledger = said(clerk_client.get(reverse("stock-movements", args=["SKU-1"])))
    assert "Worn on display" in ledger
    assert "For sale again" in ledger
    assert audit.differences() == []


@pytest.mark.parametrize(
    "wrong", [{"quantity": "101"}, {"quantity": "0"}, {"reason": ""}, {"reason": "sold_meanwhile"}]
)
def test_what_cannot_be_set_aside_is_said_on_the_page(
    clerk_client: Client, house: House, wrong: dict[str, str]
) -> None:
    answer = send(clerk_client, "stock-damage", ["SKU-1"], **{"quantity": "1", "reason": "damaged", **wrong})
    assert (answer.status_code, house.level("SKU-1").damaged) == (422, 0)
    assert 'role="alert"' in answer.content.decode()
    assert send(clerk_client, "stock-repair", ["SKU-1"], quantity="1").status_code == 422


def test_who_may_not_count_is_not_offered_it(agent_client: Client, house: House) -> None:
    page = agent_client.get(f"{reverse('stock')}?q=SKU-1").content.decode()
    assert reverse("counts") not in page
    assert "/damaged/" not in page
    assert agent_client.get(reverse("counts")).status_code == 403
    assert send(agent_client, "stock-damage", ["SKU-1"], quantity="1", reason="damaged").status_code == 403


def test_who_may_count_finds_it_under_more(clerk_client: Client, agent_client: Client) -> None:
    assert reverse("counts") in clerk_client.get(reverse("more")).content.decode()
    assert reverse("counts") not in agent_client.get(reverse("more")).content.decode()
