"""Transfers on the tablet: begun once, scanned once, each store its own part, blind until the end."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.stock.models import StockLevel
from inventory.transfers.models import Transfer, TransferLine, UnknownPiece
from inventory.transfers.services import receiving, sending, tallying
from omni import audit
from omni.lib import reference
from omni.staff.models import User
from tests import factories
from tests.conftest import House

pytestmark = pytest.mark.django_db


def send(client: Client, route: str, transfer: Transfer | None = None, key: str = "", *more: Any, **fields: Any) -> Any:
    """Post a form as a browser without scripts does, and read the page it leads to."""
    sent = {"idempotency_key": key or str(uuid.uuid4()), **fields}
    return client.post(reverse(route, args=[transfer.public_id, *more] if transfer else []), sent, follow=True)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def seen(client: Client, transfer: Transfer) -> str:
    return said(client.get(transfer.get_absolute_url()))


def status(transfer: Transfer) -> str:
    return Transfer.objects.get(pk=transfer.pk).status


@pytest.fixture
def there(house: House) -> Client:
    """Somebody of Amiens, and of no other store."""
    person = factories.PersonFactory(login="anne", role="clerk", stores=[house.amiens])
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def draft(house: House, clerk: User) -> Transfer:
    """Four of one article and one of another from Lille to Amiens."""
    return sending.open_transfer(
        origin_id=house.lille.pk, destination_id=house.amiens.pk, actor_id=clerk.pk, public_id=None,
        wanted={house.variants[0].pk: 4, house.variants[1].pk: 1},
    )  # fmt: skip


@pytest.fixture
def gone(draft: Transfer, clerk: User) -> Transfer:
    sending.make_ready(transfer_id=draft.pk)
    sending.send(transfer_id=draft.pk, actor_id=clerk.pk)
    return draft


def test_a_transfer_is_begun_once_however_often_the_form_arrives(clerk_client: Client, house: House) -> None:
    for _time in range(2):
        answer = send(clerk_client, "transfer-begin", key="the-form", way="send", store=str(house.amiens.pk))
    ends = Transfer.objects.values_list("origin__code", "destination__code", "status")
    assert list(ends) == [("lille", "amiens", "draft")]
    assert "to Amiens" in said(answer)
    send(clerk_client, "transfer-begin", way="ask", store=str(house.amiens.pk))
    assert Transfer.objects.filter(origin=house.amiens, destination=house.lille).count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "This field is required."),
        ({"way": "send"}, "Choose the other store."),
        ({"way": "delivery"}, "Say who delivers."),
        ({"way": "send", "store": "999999"}, "not one of the available choices"),
        ({"way": "fly", "store": "1"}, "not one of the available choices"),
        ({"way": "delivery", "supplier": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_begun_is_said(
    clerk_client: Client, house: House, fields: dict[str, str], sentence: str
) -> None:
    answer = send(clerk_client, "transfer-begin", **fields)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not Transfer.objects.exists()


def test_a_draft_takes_each_scan_once_and_refuses_what_nobody_knows(clerk_client: Client, draft: Transfer) -> None:
    for key, code in (("1", "SKU-1"), ("1", "SKU-1"), ("2", "sku-3")):
        send(clerk_client, "transfer-scans", draft, key, code=code)
    answer = send(clerk_client, "transfer-scans", draft, code="3760012845026")
    assert "Nothing is known under this code" in said(answer)
    assert list(draft.lines.order_by("variant__sku").values_list("variant__sku", "asked")) == [
        ("SKU-1", 5), ("SKU-2", 1), ("SKU-3", 1),
    ]  # fmt: skip
    assert not UnknownPiece.objects.exists()
    assert "100 available in Lille" in said(answer)
    assert re.findall(r'<output class="pick-figure">(\d+)', answer.content.decode()) == ["5", "1", "1"]


def test_a_line_is_changed_by_tap_and_by_hand_and_taken_off(clerk_client: Client, draft: Transfer) -> None:
    pk, figures = draft.lines.get(variant__sku="SKU-1").pk, []
    for fields in ({"change": "1"}, {"change": "-1"}, {"counted": "12"}, {"counted": "-1"}, {"change": "7"}, {}):
        send(clerk_client, "transfer-line", draft, "", pk, **fields)
        figures.append(TransferLine.objects.get(pk=pk).asked)
    assert figures == [5, 4, 12, 12, 12, 12]
    for _time in range(2):
        send(clerk_client, "transfer-line-removal", draft, "", pk)
    assert list(draft.lines.values_list("variant__sku", flat=True)) == ["SKU-2"]


def test_it_is_made_ready_and_leaves_once(clerk_client: Client, house: House, draft: Transfer) -> None:
    page = said(send(clerk_client, "transfer-readiness", draft, "ready"))
    assert "It leaves: 5 pieces" in page
    send(clerk_client, "transfer-readiness", draft, "ready")
    assert (status(draft), house.level("SKU-1").reserved) == ("ready", 4)
    for _time in range(2):
        send(clerk_client, "transfer-departure", draft, "leave")
    assert (status(draft), house.level("SKU-1").on_hand, house.level("SKU-1", house.amiens).incoming) == (
        "in_transit", 96, 4,
    )  # fmt: skip
    refused = send(clerk_client, "transfer-departure", draft)
    assert refused.status_code == 409
    assert "cannot become" in said(refused)


def test_what_is_short_is_named(clerk_client: Client, house: House, draft: Transfer) -> None:
    StockLevel.objects.filter(location=house.lille, variant=house.variants[0]).update(safety_stock=98)
    answer = send(clerk_client, "transfer-readiness", draft)
    assert answer.status_code == 409
    assert "Lille has 2 of SKU-1, 4 were asked for." in said(answer)
    assert status(draft) == "draft"


def test_each_store_does_its_own_part(clerk_client: Client, there: Client, house: House, draft: Transfer) -> None:
    assert send(there, "transfer-readiness", draft).status_code == 403
    sending.make_ready(transfer_id=draft.pk)
    for route in ("transfer-departure", "transfer-reopening", "transfer-cancellation"):
        assert send(there, route, draft).status_code == 403
    assert status(draft) == "ready"
    send(clerk_client, "transfer-departure", draft)
    assert send(clerk_client, "transfer-booking", draft).status_code == 403
    answer = send(clerk_client, "transfer-scans", draft, code="SKU-1")
    assert "This is for the other store to do." in said(answer)
    assert "Everything is scanned" not in seen(clerk_client, draft)
    assert (status(draft), draft.lines.filter(scanned__gt=0).count()) == ("in_transit", 0)


@pytest.fixture
def stranger(house: House) -> Client:
    """Somebody of a fourth store."""
    person = factories.PersonFactory(login="otto", role="clerk", stores=[factories.LocationFactory()])
    reference.forget()
    client = Client()
    client.force_login(person)
    return client


def test_a_third_store_does_not_know_it(stranger: Client, draft: Transfer) -> None:
    assert stranger.get(draft.get_absolute_url()).status_code == 404
    assert send(stranger, "transfer-cancellation", draft).status_code == 404
    assert draft.number not in said(stranger.get(reverse("transfers")))


def test_what_was_sent_is_said_at_the_end_only(there: Client, gone: Transfer) -> None:
    TransferLine.objects.filter(transfer=gone, variant__sku="SKU-1").update(sent=4321, asked=4321)
    tallying.set_scanned(transfer_id=gone.pk, variant_id=gone.lines.get(variant__sku="SKU-1").variant_id, pieces=4320)
    blind = seen(there, gone) + said(there.get(reverse("transfers")))
    assert "4,320" in blind
    assert not re.search("4,?321", blind)
    assert "4,321" in said(there.get(reverse("transfer-closing", args=[gone.public_id])))


def test_the_end_asks_why_says_what_follows_and_takes_everything_in(
    there: Client, house: House, gone: Transfer
) -> None:
    first, second = house.variants[:2]
    for number in range(3):
        send(there, "transfer-scans", gone, f"scan-{number}", code="SKU-1")
    send(there, "transfer-scans", gone, "scan-2", code="SKU-1")
    send(there, "transfer-scans", gone, code="SKU-2")
    send(there, "transfer-scans", gone, code="3760012845026")
    end = said(there.get(reverse("transfer-closing", args=[gone.public_id])))
    for sentence in ("4 pieces for sale at Amiens", "1 piece is no longer expected", "4 of 5, 1 difference", "Parked"):
        assert sentence in end
    refused = send(there, "transfer-closing", gone)
    assert (refused.status_code, house.level("SKU-1", house.amiens).on_hand) == (422, 100)
    assert "Choose why for each difference." in said(refused)
    for _time in range(2):
        done = send(there, "transfer-closing", gone, "the-end", **{f"reason-{first.pk}": "not_in_the_parcel"})
    assert "Not in the parcel" in said(done)
    assert [house.level(one.sku, house.amiens).on_hand for one in (first, second)] == [103, 101]
    assert audit.differences() == []


def test_the_rest_may_come_later(there: Client, house: House, gone: Transfer) -> None:
    send(there, "transfer-scans", gone, code="SKU-1")
    assert "the rest comes later" in said(there.get(reverse("transfer-closing", args=[gone.public_id])))
    for _time in range(2):
        send(there, "transfer-booking", gone, "first parcel")
    level = house.level("SKU-1", house.amiens)
    assert (status(gone), level.on_hand, level.incoming) == ("partly_received", 101, 3)


def test_a_delivery_is_received_where_it_is_begun(clerk_client: Client, house: House) -> None:
    begun = {"way": "delivery", "supplier": "Tissages", "delivery_note": "BL 7"}
    page = send(clerk_client, "transfer-begin", **begun)
    delivery = Transfer.objects.get()
    assert "from Tissages" in said(page)
    send(clerk_client, "transfer-scans", delivery, code="SKU-1")
    done = send(clerk_client, "transfer-closing", delivery)
    assert (done.status_code, house.level("SKU-1").on_hand) == (200, 101)
    assert audit.differences() == []


def test_the_list_says_what_is_to_be_done(clerk_client: Client, there: Client, draft: Transfer, clerk: User) -> None:
    assert "To prepare here" in said(clerk_client.get(reverse("transfers")))
    assert "Asked for" in said(there.get(reverse("transfers")))
    sending.make_ready(transfer_id=draft.pk)
    sending.send(transfer_id=draft.pk, actor_id=clerk.pk)
    assert "Gone from here" in said(clerk_client.get(reverse("transfers")))
    assert "On their way here" in said(there.get(reverse("transfers")))
    reasons = {line.variant_id: "other" for line in draft.lines.all()}
    receiving.close(transfer_id=draft.pk, reasons=reasons, actor_id=clerk.pk)
    assert "2 differences" in said(clerk_client.get(reverse("transfers")))


def test_the_parcel_s_number_opens_it_at_both_ends_and_nowhere_else(
    clerk_client: Client, there: Client, stranger: Client, gone: Transfer
) -> None:
    for client in (clerk_client, there):
        answer = client.post(reverse("scan"), {"code": gone.number.lower()})
        assert (answer.status_code, answer["Location"]) == (302, gone.get_absolute_url())
    assert gone.number in said(clerk_client.get(reverse("transfer-label", args=[gone.public_id])))
    assert "Nothing is known" in said(stranger.post(reverse("scan"), {"code": gone.number}))


def test_the_stock_page_tells_what_a_transfer_keeps_and_what_is_coming(
    clerk_client: Client, there: Client, draft: Transfer, clerk: User
) -> None:
    sending.make_ready(transfer_id=draft.pk)
    page = clerk_client.get(reverse("stock"), {"q": "SKU-1"})
    assert "kept for a transfer" in said(page)
    assert draft.get_absolute_url() in page.content.decode()
    sending.send(transfer_id=draft.pk, actor_id=clerk.pk)
    assert "4 are on their way here" in said(there.get(reverse("stock"), {"q": "SKU-1"}))
    ledger = clerk_client.get(reverse("stock-movements", args=["SKU-1"])).content.decode()
    assert f'<a class="link" href="{draft.get_absolute_url()}">Transfer</a>' in ledger


def test_pages_take_as_many_statements_for_many_lines_as_for_one(
    clerk_client: Client, house: House, draft: Transfer, django_assert_max_num_queries: Any
) -> None:
    clerk_client.get(draft.get_absolute_url())
    for variant in house.variants:
        tallying.ask(transfer_id=draft.pk, variant_id=variant.pk)
    with django_assert_max_num_queries(8):
        clerk_client.get(draft.get_absolute_url())
    with django_assert_max_num_queries(8):
        clerk_client.get(reverse("transfers"))
