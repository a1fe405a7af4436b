"""Letters that act: only alone, only outside fields, never with Ctrl or Alt, and never for who switched them off."""

from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import User
from tests import journeys
from tests.browser.sitting import on_qwerty, press, seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seated(chromium: Any, live_server: Any, house: House, manager: User) -> Any:
    """A manager with two orders to prepare."""
    for sku in house.skus[:2]:
        journeys.placed(house.lille, {sku: 1}, by=manager)
    walk = seat(chromium, live_server.url, manager, "/today/", width=1440, height=900)
    yield walk
    walk.context.close()


def type_slowly(page: Any, letters: str) -> None:
    for letter in letters:
        page.keyboard.press(letter)
        page.wait_for_timeout(250)


def test_letters_go_and_move_and_open(seated: Any) -> None:
    page = seated.page
    type_slowly(page, "jj")
    expect(page.locator("[data-list] a.cover").nth(1)).to_be_focused()
    type_slowly(page, "k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/picking/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/today/")
    for letters, address in [("go", "**/orders/"), ("gc", "**/customers/"), ("gs", "**/scan/"), ("gk", "**/day/**")]:
        page.evaluate("document.activeElement.blur()")
        type_slowly(page, letters)
        page.wait_for_url(address)


def test_the_list_of_keys_names_what_works_on_this_page_and_no_more(seated: Any) -> None:
    page = seated.page
    type_slowly(page, "?")
    page.locator("#shortcuts[open]").wait_for()
    shown = page.locator("#shortcuts dt:visible").all_inner_texts()
    keys = {" ".join(text.split()) for text in shown}
    assert {"/", "?", "j k", "g t", "g o"} <= {key.replace("\n", " ") for key in keys}
    page.goto(f"{seated.base_url}/scanner/")
    type_slowly(page, "?")
    expect(page.locator("#shortcuts [data-when='[data-list] a.cover']").first).to_be_hidden()


def test_letters_are_off_in_fields_with_ctrl_or_alt_and_for_a_scanner(seated: Any) -> None:
    page = seated.page
    page.focus("[data-omnibox]")
    type_slowly(page, "go")
    expect(page.locator("[data-omnibox]")).to_have_value("go")
    page.evaluate("document.activeElement.blur()")
    for combination in ("Alt+g", "Alt+o", "Control+j", "Control+k"):
        page.keyboard.press(combination)
        page.wait_for_timeout(200)
    press(page, on_qwerty("gogcgs", end="x"), gap=20)  # letters of a code, without its end
    page.wait_for_timeout(600)
    assert page.url.endswith("/today/")
    assert page.evaluate("document.activeElement === document.body")


def test_who_switched_letters_off_keeps_them_off_after_signing_in_again(seated: Any) -> None:
    page = seated.page
    type_slowly(page, "?")
    page.uncheck("[data-letters-toggle]")
    page.keyboard.press("Escape")
    assert {one["name"]: one["value"] for one in seated.context.cookies()}["omni_shortcuts"] == "off"
    page.reload()
    type_slowly(page, "go")
    assert page.url.endswith("/today/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()  # the first stop is the way to the content
