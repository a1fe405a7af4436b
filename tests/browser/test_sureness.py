"""How sure a figure is, on the stock page with its reason on a tap; what to count, and its count by one tap."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.confidence.models import CountAdvice, CountList
from inventory.stock.models import StockCount
from omni.staff.models import User
from tests.browser.conftest import PICTURES
from tests.browser.sitting import seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_the_reason_is_a_tap_away_and_a_count_begins_with_one(
    chromium: Any, live_server: Any, house: House, clerk: User, width: int
) -> None:
    made = CountList.objects.create(location=house.lille, listed_on=timezone.now().date())
    for position, variant in enumerate(house.variants, start=1):
        CountAdvice.objects.create(count_list=made, variant=variant, position=position, value=4200, missing=12)
    walk = seat(chromium, live_server.url, clerk, "/stock/?q=SKU-1", width=width, height=1280)
    page = walk.page
    own = page.locator(".stock-here .stock-sure")
    expect(own.get_by_text("sure, 99 %")).to_be_visible()
    expect(own.get_by_text("Not counted yet")).to_be_hidden()
    own.locator("summary").click()
    expect(own.get_by_text("Not counted yet")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    walk.check(f"stock-sure-{width}", PICTURES)
    page.goto(f"{live_server.url}/counts/")
    page.get_by_role("link", name="What to count").click()
    expect(page.get_by_text("99 % sure that none is missing").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    walk.check(f"counts-suggested-{width}", PICTURES)
    page.get_by_role("button", name="Begin a count of these").click()
    page.wait_for_url(re.compile("/counts/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", name="Count these")).to_be_visible()
    assert StockCount.objects.get().location_id == house.lille.pk
    walk.finish()
