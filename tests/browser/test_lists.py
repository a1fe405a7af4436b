"""A list in a browser: narrow it down, keep the view, choose all that match, act, read what was done and refused."""

from typing import Any

import pytest

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
    assert "55" in page.inner_text("[data-list-count]")
    assert page.locator(".filter-chip").count() == 2
    walk.check("list-1-filtered", PICTURES)

    page.click(".list-views details summary")
    page.fill("#view-name", "Lille")
    page.click(".list-views details button.button:not([name])")
    page.wait_for_url("**view=**")
    assert page.inner_text(".list-tab[aria-current]").split() == ["Lille", "55"]

    assert not page.is_visible(".bulk-bar")
    page.keyboard.press("j")
    page.wait_for_selector("a.cover:focus", state="attached")
    page.keyboard.press("x")
    page.wait_for_selector(".bulk-bar", state="visible")
    assert page.locator("input[name=row]:checked").count() == 1
    page.check("[data-select-page]:visible")
    assert page.locator("input[name=row]:checked").count() == 50
    page.check("[data-select-all]")
    assert "55" in page.inner_text("[data-bulk-count]")
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
    assert page.inner_text(".run-group .rows >> nth=0").startswith(late[3].order.number)
    walk.check("list-4-done", PICTURES)
    assert Order.objects.filter(status="cancelled").count() == 54
    walk.finish()
