"""A clerk packs what is sent: everything in one parcel with two taps, or piece by piece by scan."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inventory.catalog.models import Variant
from orders.fulfilment.models import Fulfilment
from orders.parcels.carriers.files import FileCarrier
from orders.parcels.carriers.port import CarrierFailed
from orders.parcels.models import Parcel, ParcelLine
from tests import sent
from tests.browser.hands import Count, Hands
from tests.browser.visit import PORTRAIT, TABLET, Visit
from tests.conftest import House
from tests.permissions.world import person


@pytest.fixture
def picked(house: House, clerk: Any, settings: Any, tmp_path: Any) -> Fulfilment:
    """Two pieces and one, picked in Lille, where a courier takes parcels."""
    settings.CARRIERS = ["file"]
    settings.CARRIER_FOLDER = str(tmp_path)
    return sent.picked(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk)


def hands_of(chromium: Any, live_server: Any, house: House, size: tuple[int, int]) -> Hands:
    visit = Visit(chromium, live_server.url, person("clerk", stores=[house.lille]), "clerk", size=size)
    visit.page.set_default_timeout(20_000)
    return Hands(visit)


def gtin(sku: str) -> str:
    return str(Variant.objects.values_list("gtin", flat=True).get(sku=sku))


def status(fulfilment: Fulfilment) -> str:
    return str(Fulfilment.objects.values_list("status", flat=True).get(pk=fulfilment.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [TABLET, PORTRAIT], ids=["landscape", "portrait"])
def test_packed_labelled_and_gone_with_two_taps(
    chromium: Any, live_server: Any, house: House, picked: Fulfilment, size: tuple[int, int]
) -> None:
    hands = hands_of(chromium, live_server, house, size)
    hands.begin(reverse("picking", args=[picked.public_id]))
    with hands.page.expect_popup() as label:
        hands.tap("button:has-text('Pack and print the label')")
    hands.page.wait_for_url("**/packing/")
    parcel = Parcel.objects.get()
    assert parcel.tracking_number
    assert label.value.url == "about:blank" or str(parcel.public_id) in label.value.url
    label.value.close()
    expect(hands.page.locator(".parcel-row .code")).to_have_text(parcel.tracking_number)
    hands.tap("button:has-text('Hand to the carrier')")
    hands.page.wait_for_url("**/today/")
    hands.done("pack, label, hand over", Count(taps=2))
    assert status(picked) == "dispatched"
    hands.finish()


@pytest.mark.django_db(transaction=True)
def test_a_second_parcel_is_filled_by_scan_and_tap(
    chromium: Any, live_server: Any, house: House, picked: Fulfilment
) -> None:
    hands = hands_of(chromium, live_server, house, TABLET)
    hands.begin(reverse("picking", args=[picked.public_id]))
    hands.tap("a:has-text('Several parcels')")
    hands.page.wait_for_url("**/packing/")
    hands.scan(gtin("SKU-1"))
    expect(hands.page.locator("#line-1 output")).to_have_text("1/2")
    hands.tap("#more-2")
    expect(hands.page.locator("#line-2 output")).to_have_text("1/1")
    hands.tap("button:has-text('Close parcel 1: 2 items')")
    expect(hands.page.locator(".parcel-row")).to_have_count(1)
    hands.tap("button:has-text('Put all in parcel 2: 1 item')")
    expect(hands.page.locator(".parcel-row")).to_have_count(2)
    hands.done("two parcels", Count(taps=4, scans=1), "button:has-text('Hand to the carrier')")
    shared = ParcelLine.objects.order_by("parcel__number", "line").values_list("parcel__number", "quantity")
    assert list(shared) == [(1, 1), (1, 1), (2, 1)]
    hands.scan(gtin("SKU-1"))
    expect(hands.page.locator("#scan-feedback")).to_contain_text("All pieces of this article are in a parcel.")
    hands.finish()


@pytest.mark.django_db(transaction=True)
def test_a_carrier_that_says_nothing_is_said_and_asked_again(
    chromium: Any, live_server: Any, house: House, picked: Fulfilment, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = hands_of(chromium, live_server, house, TABLET)
    hands.begin(reverse("picking", args=[picked.public_id]))
    book = FileCarrier.book

    def silent(_self: Any, _consignment: Any) -> Any:
        raise CarrierFailed("answered 503")

    monkeypatch.setattr(FileCarrier, "book", silent)
    hands.tap("button:has-text('Pack and print the label')")
    hands.page.wait_for_selector(":text('Courier gives no label just now')")
    hands.page.wait_for_selector("button:has-text('It leaves without a label')")
    monkeypatch.setattr(FileCarrier, "book", book)
    hands.tap("button:has-text('Ask for the label again')")
    hands.page.wait_for_selector("button:has-text('Hand to the carrier')")
    assert Parcel.objects.get().tracking_number
    hands.finish()
