"""A missing piece, and what may come instead: the clerk asks, the customer answers on a phone, the list hears of it.
Pictures are kept in `var/screenshots/substitutes/`."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from inventory.catalog.models import Product
from omni.lib import reference
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.waiting import links
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.sitting import seat
from tests.browser.visit import DESK, PORTRAIT, TABLET, Visit
from tests.conftest import House
from tests.permissions.world import Caller

PHONE = (390, 844)
FOLDER = PICTURES / "substitutes"


@pytest.fixture
def order(house: House, clerk: Any) -> Any:
    Product.objects.filter(variants__in=house.variants).update(category="Mugs")
    reference.forget()
    return journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-2": 2, "SKU-4": 1}, by=clerk, paid=8000))


def pictured(visit: Any, name: str) -> None:
    """Keep the page in both themes, and run axe over it."""
    for theme in ("dark", "light"):
        visit.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        visit.check(f"{name}-{theme}", FOLDER)


@pytest.mark.django_db(transaction=True)
def test_a_clerk_asks_and_the_customer_s_answer_comes_into_the_list(
    chromium: Any, live_server: Any, order: Any, clerk: Any
) -> None:
    tablet = seat(chromium, live_server.url, clerk, reverse("short-line", args=[order.public_id, 1]))
    tablet.page.locator("label.tile").first.click()
    ask = tablet.page.locator("label.choice", has_text="Ask the customer")
    expect(tablet.page.locator(".offers")).to_be_hidden()
    ask.click()
    expect(tablet.page.locator(".offer")).to_have_count(2)
    pictured(tablet, "asking")
    tablet.page.locator("button.button-main").click()
    expect(tablet.page.locator(".asked-question")).to_contain_text("What may come instead of Article 2?")
    pictured(tablet, "asked")

    phone = Visit(chromium, live_server.url, Caller(Client(), frozenset(), signed_in=False), "customer", size=PHONE)
    for language in ("fr", "en"):
        phone.open(reverse("customer-order", args=[links.token(order.order.number)]) + f"?in={language}")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        pictured(phone, f"question-{language}")
    phone.page.locator("label.choice", has_text="Article 1").click()
    phone.page.get_by_role("button", name="Answer").click()
    expect(phone.page.get_by_text("It comes instead. The store has it in hand.")).to_be_visible()
    pictured(phone, "answered")

    expect(tablet.page.get_by_text("There is an answer.")).to_be_visible(timeout=30_000)
    tablet.page.get_by_role("link", name="Show it").click()
    expect(tablet.page.locator(".pick-line", has_text="Instead of Article 2")).to_contain_text("Article 1")
    pictured(tablet, "in-the-list")
    assert SubstituteQuestion.objects.get().status == "accepted"
    tablet.finish()
    phone.listen()
    phone.context.close()
    assert not phone.findings + phone.errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [TABLET, PORTRAIT, DESK], ids=["landscape", "portrait", "desk"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_question_fits_every_screen(
    chromium: Any, live_server: Any, order: Any, clerk: Any, size: tuple[int, int], language: str
) -> None:
    clerk.language = language
    clerk.save()
    tablet = seat(
        chromium,
        live_server.url,
        clerk,
        reverse("short-line", args=[order.public_id, 1]),
        width=size[0],
        height=size[1],
    )
    tablet.page.locator("label.tile").first.click()
    tablet.page.locator("label.choice", has=tablet.page.locator("input[value=ask]")).click()
    pictured(tablet, f"asking-{language}-{size[0]}")
    tablet.page.locator("button.button-main").click()
    expect(tablet.page.locator(".asked-question")).to_be_visible()
    assert tablet.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    pictured(tablet, f"asked-{language}-{size[0]}")
    tablet.finish()
