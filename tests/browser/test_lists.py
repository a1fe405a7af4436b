"""A list in a browser: narrow it down, keep the view, choose all that match, act, read what was done and refused."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import User
from orders.sales.models import Order
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.walk import Walk
from tests.conftest import House

PASSWORD = "a-long-password"
SIZES = [(1440, 900, "fr-FR"), (800, 1280, "en-GB")]
SENTENCES = {"fr": "Fait pour 54. Refusé pour 1.", "en": "Done for 54. Refused for 1."}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_from_a_filter_to_the_list_of_what_was_done(
    chromium: Any, live_server: Any, house: House, agent: User, clerk: User, width: int, height: int, language: str
) -> None:
    agent.set_password(PASSWORD)
    agent.language = language[:2]
    agent.save()
    late = [journeys.placed(house.lille, {"SKU-1": 1}, by=clerk) for _ in range(55)]
    journeys.placed(house.lens, {"SKU-1": 1}, by=clerk)
    walk = Walk(chromium, live_server.url, width, height, language=language)
    page = walk.page
    page.set_default_timeout(30_000)
    walk.sign_in(agent.login, PASSWORD)
    page.goto(f"{live_server.url}/orders/")

    page.click(".list-filter-menu summary")
    page.check("input[name=store][value=lille]")
    page.check("input[name=status][value=to_pick]")
    page.click(".list-filter-menu button")
    page.wait_for_url("**store=lille**")
    expect(page.locator("[data-list-count]")).to_contain_text("55")
    expect(page.locator(".filter-chip")).to_have_count(2)
    walk.check("list-1-filtered", PICTURES)

    page.click(".list-views details summary")
    page.fill("#view-name", "Lille")
    page.click(".list-views details button.button:not([name])")
    page.wait_for_url("**view=**")
    expect(page.locator(".list-tab[aria-current]")).to_have_text(re.compile(r"^\s*Lille\s+55\s*$"))

    assert not page.is_visible(".bulk-bar")
    page.keyboard.press("j")
    page.wait_for_selector("a.cover:focus", state="attached")
    page.keyboard.press("x")
    page.wait_for_selector(".bulk-bar", state="visible")
    expect(page.locator("input[name=row]:checked")).to_have_count(1)
    page.check("[data-select-page]:visible")
    expect(page.locator("input[name=row]:checked")).to_have_count(50)
    page.check("[data-select-all]")
    expect(page.locator("[data-bulk-count]")).to_contain_text("55")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    walk.check("list-2-chosen", PICTURES)

    page.click("button[name=action][value=cancel]")
    page.wait_for_url("**/runs/**")
    journeys.handed_over(late[3], by=clerk)  # in the meantime
    page.check("input[name=reason][value=mistake]", force=True)
    walk.check("list-3-asked", PICTURES)
    page.click("form[action$='/steps/'] button")
    page.wait_for_selector(".run-group", timeout=30_000)
    page.wait_for_selector(f"text={SENTENCES[language[:2]]}", timeout=30_000)
    expect(page.locator(".run-group .rows").first).to_contain_text(late[3].order.number)
    walk.check("list-4-done", PICTURES)
    assert Order.objects.filter(status="cancelled").count() == 54
    walk.finish()
