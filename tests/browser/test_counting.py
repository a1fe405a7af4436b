"""A count by scan on the tablet that stands upright: pieces, an unknown code, why one is missing, closed."""

from typing import Any

import pytest
from playwright.sync_api import expect

from inventory.stock.models import StockCount, StockLevel
from omni.staff.models import User
from tests.browser.conftest import PICTURES
from tests.browser.sitting import on_qwerty, press, seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_shelf_is_counted_by_scan_and_closed(chromium: Any, live_server: Any, house: House, clerk: User) -> None:
    StockLevel.objects.filter(location=house.lille, variant=house.variants[0]).update(on_hand=3)
    walk = seat(chromium, live_server.url, clerk, "/more/", width=800, height=1280)
    page = walk.page
    page.get_by_role("link", name="Counts").click()
    page.get_by_label("Where, if you like").fill("Shelf H-04")
    page.get_by_role("button", name="Begin a count").click()
    expect(page.get_by_role("heading", name="Shelf H-04")).to_be_visible()
    tally = page.locator(".count-tally output")
    for number in ("1", "2"):
        press(page, on_qwerty(str(house.variants[0].gtin)))
        expect(tally).to_have_text(number)
    press(page, on_qwerty("3760012845026"))
    expect(page.get_by_text("Parked, 1 piece")).to_be_visible()
    page.get_by_role("button", name="One more").click()
    expect(tally).to_have_text("3")
    page.get_by_role("button", name="One less").click()
    expect(tally).to_have_text("2")
    main = page.get_by_role("link", name="Close the count")
    box = main.bounding_box()
    assert box["x"] + box["width"] > 700, "the main action is not at the right"
    assert box["y"] + box["height"] > 1100, "the main action is not at the bottom"
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
    walk.check("count", PICTURES)
    main.click()
    expect(page.get_by_text("1 piece fewer at Lille")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 800
    page.get_by_role("radio", name="Not found").check()
    walk.check("count-end", PICTURES)
    page.get_by_role("button", name="Close: 2 of 3, 1 difference").click()
    expect(page.get_by_text("The count is closed")).to_be_visible()
    assert StockCount.objects.get().status == "closed"
    assert house.level("SKU-1").on_hand == 2
    walk.page.goto(f"{live_server.url}/stock/SKU-1/damaged/")
    walk.check("damage", PICTURES)
    walk.finish()
