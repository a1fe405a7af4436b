"""Sold here, collected there: in three taps from the stock when the card is scanned. A reservation is tried in few."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from inventory.stock.models import StockLevel
from omni.staff.models import User
from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment
from orders.sales.models import Order
from tests import factories, journeys
from tests.browser.conftest import PICTURES
from tests.browser.hands import Count, Hands
from tests.browser.visit import PORTRAIT, TABLET, Visit
from tests.conftest import House
from tests.permissions.world import Caller

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "2900000004242"
SIZES = pytest.mark.parametrize("size", [TABLET, PORTRAIT], ids=["landscape", "portrait"])


def hands_of(chromium: Any, live_server: Any, clerk: User, size: tuple[int, int], language: str = "en-GB") -> Hands:
    client = Client()
    client.force_login(clerk)
    caller = Caller(client, frozenset(), signed_in=True)
    visit = Visit(chromium, live_server.url, caller, "clerk", size=size, language=language)
    visit.page.set_default_timeout(20_000)
    return Hands(visit)


def look(hands: Hands, name: str) -> None:
    """Nothing stands beyond the edge, axe has nothing to say; pictures in the light and in the dark."""
    page, folder = hands.page, PICTURES / "endless-aisle"
    folder.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    for theme in ("light", "dark"):
        page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        page.screenshot(path=str(folder / f"{name}-{width}-{theme}.png"), full_page=True)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    hands.visit.examine(name)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert not hands.visit.findings, hands.visit.findings


@pytest.fixture
def somebody(house: House) -> str:
    """Lille has none of the first article; a customer has a card."""
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(safety_stock=1000)
    person = factories.CustomerFactory(given_name="Camille", family_name="Durand")
    factories.IdentityFactory(customer=person, kind="card", value=CARD)
    factories.AddressFactory(customer=person)
    return str(person.name)


@SIZES
def test_it_is_sold_in_three_taps_from_the_stock(
    chromium: Any, live_server: Any, house: House, clerk: User, somebody: str, size: tuple[int, int]
) -> None:
    hands = hands_of(chromium, live_server, clerk, size)
    page = hands.page
    hands.begin("/stock/?q=SKU-1")
    look(hands, "stock")
    hands.tap(".stock-sell a:has-text('Collect')")
    expect(page.get_by_role("heading", name="Sell", exact=True)).to_be_visible()
    look(hands, "sell-nobody")
    hands.scan(CARD)
    expect(page.get_by_text(somebody)).to_be_visible()
    look(hands, "sell-known")
    hands.tap("label:has-text('Cash')")
    hands.tap("button:has-text('Sell for €10.00')")
    hands.done("endless aisle", Count(taps=3, scans=1), "text='See the order'")
    look(hands, "sold")
    order = Order.objects.get()
    assert (order.location_id, order.fulfilments.get().location_id) == (house.lille.pk, house.lens.pk)
    hands.finish()


def test_a_second_article_is_scanned_and_all_of_it_is_sent_home(
    chromium: Any, live_server: Any, house: House, clerk: User, somebody: str
) -> None:
    hands = hands_of(chromium, live_server, clerk, TABLET)
    page = hands.page
    hands.begin("/stock/?q=SKU-1")
    hands.tap(".stock-sell a:has-text('Send')")
    hands.scan(str(house.variants[1].gtin))
    expect(page.get_by_role("button", name="Sell for €30.00")).to_be_visible()
    hands.scan(str(house.variants[1].gtin))
    expect(page.get_by_role("button", name="Sell for €50.00")).to_be_visible()
    look(hands, "sell-home")
    hands.scan(CARD)
    expect(page.get_by_label("Town")).to_have_value("Lille")
    hands.tap("label:has-text('Card, terminal')")
    hands.tap("button:has-text('Sell for')")
    hands.done("sent home", Count(taps=3, scans=3), "text='See the order'")
    assert Fulfilment.objects.filter(kind="ship").count() == 1
    hands.finish()


@SIZES
def test_a_reservation_is_tried_in_a_tap_a_line(
    chromium: Any, live_server: Any, house: House, clerk: User, size: tuple[int, int]
) -> None:
    placed = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1, "SKU-3": 1}, by=clerk, kind="reservation")
    bag = journeys.ready(placed, by=clerk)
    hands = hands_of(chromium, live_server, clerk, size)
    page = hands.page
    hands.begin("/today/")
    look(hands, "today-reservation")
    hands.scan(codes.digits(bag.public_id, bag.code_round))
    page.wait_for_url("**/hand-over/")
    look(hands, "tried")
    hands.tap("li:has-text('Article 1') label:has-text('Takes all 2')")
    hands.tap("li:has-text('Article 2') label:has-text('Takes it')")
    hands.tap("li:has-text('Article 3') label:has-text('Leaves it')")
    expect(page.get_by_role("button", name="Sell for €40.00")).to_be_visible()
    hands.tap(".tenders label:has-text('Cash')")
    look(hands, "tried-decided")
    hands.tap("button:has-text('Sell for')")
    hands.done("tried", Count(taps=5, scans=1), "form[action*='/undo/']")
    bag.refresh_from_db()
    assert bag.status == "collected"
    hands.finish()


def test_wanting_none_of_it_is_one_tap(chromium: Any, live_server: Any, house: House, clerk: User) -> None:
    bag = journeys.ready(journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, kind="reservation"), by=clerk)
    hands = hands_of(chromium, live_server, clerk, TABLET)
    hands.begin("/today/")
    hands.scan(codes.digits(bag.public_id, bag.code_round))
    hands.page.wait_for_url("**/hand-over/")
    hands.tap("button:has-text('Wants none of it')")
    hands.done("none of it", Count(taps=1, scans=1), "text=is released")
    bag.refresh_from_db()
    assert bag.status == "cancelled"
    hands.finish()
