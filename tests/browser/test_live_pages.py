"""Pages that freshen by themselves: announced, never inserted under a finger, never called fresh when they are not."""

from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import User
from orders.fulfilment.services import picking
from tests import journeys
from tests.browser.sitting import pill, seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)
REFRESH = "document.dispatchEvent(new Event('omni:refresh'))"
TABS = 9


@pytest.fixture
def seated(chromium: Any, live_server: Any, house: House, clerk: User) -> Any:
    """A clerk in front of today's queue with one order in it."""
    first = journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk)
    walk = seat(chromium, live_server.url, clerk, "/today/")
    yield walk, first
    walk.context.close()


def test_a_new_order_is_announced_and_waits_for_a_press(seated: Any, house: House, clerk: User) -> None:
    walk, first = seated
    page = walk.page
    known = journeys.fulfilment_of(first).short_id
    second = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[1]: 1}, by=clerk)).short_id
    page.evaluate(REFRESH)
    page.wait_for_selector("[data-new-rows]:not([hidden])")
    expect(page.locator("[data-new-words]")).to_have_text("1 new order")
    expect(page.locator("#live-words")).to_have_text("1 new order")
    assert [row.get_attribute("data-row") for row in page.locator("[data-row]").all()] == [known]
    expect(page.locator(".counts .state-new b")).to_have_text("2")
    page.click("[data-show-new]")
    page.wait_for_selector(f"[data-row='{second}']")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[data-new-rows]")).to_be_hidden()
    expect(page.locator(f"[data-row='{second}'] a.cover")).to_be_focused()


def test_a_known_row_changes_in_place_but_not_under_a_hand(seated: Any, clerk: User) -> None:
    walk, first = seated
    page = walk.page
    fulfilment = journeys.fulfilment_of(first)
    page.locator("[data-row] a.cover").focus()
    picking.start_picking(fulfilment_id=fulfilment.pk, actor_id=clerk.pk)
    page.keyboard.press("Shift")  # a hand on the keyboard
    page.evaluate(REFRESH)
    page.wait_for_timeout(1500)
    assert "state-in_progress" not in str(page.get_attribute("[data-row]", "class"))
    page.wait_for_selector("[data-row].state-in_progress", timeout=20_000)
    assert page.evaluate("document.activeElement.matches('[data-row] a.cover')")  # the focus stayed


def test_polls_name_themselves_are_answered_204_and_stop_while_nobody_looks(seated: Any) -> None:
    walk, _first = seated
    page = walk.page
    with page.expect_response(lambda answer: "/today/?version=" in answer.url) as polled:
        page.evaluate(REFRESH)
    assert polled.value.status == 204
    assert polled.value.request.headers["x-omni-poll"] == "1"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(700)
    assert asked == []


def test_a_lost_network_is_said_with_the_age_of_the_page_and_never_green(seated: Any) -> None:
    walk, _first = seated
    page = walk.page
    expect(pill(page)).to_have_text("Online")
    walk.context.set_offline(True)
    page.wait_for_selector(".lost [data-age]")
    expect(pill(page)).to_contain_text("Offline since ")
    expect(page.locator(".lost [data-age]")).to_contain_text("Offline, as of ")
    page.evaluate("window.dispatchEvent(new Event('online'))")  # the tablet has a network, but it leads nowhere
    page.click("[data-try-now]")
    page.wait_for_timeout(500)
    expect(pill(page)).to_contain_text("Offline since ")
    expect(page.locator("[data-row]")).to_have_count(1)  # the list can still be read
    walk.context.set_offline(False)
    page.locator("[data-pill-words]", has_text="Online").wait_for()
    expect(page.locator(".lost")).to_have_count(0)


def test_a_house_that_does_not_answer_is_not_green_although_the_tablet_is_online(seated: Any) -> None:
    walk, _first = seated
    page = walk.page
    page.route("**/today/?version=*", lambda route: route.fulfill(status=503, body=""))
    page.route("**/pulse/", lambda route: route.abort("timedout"))
    page.evaluate(REFRESH)
    page.wait_for_selector(".lost")
    expect(pill(page)).to_contain_text("Offline since ")


def test_a_slow_house_is_called_slow_while_one_waits(seated: Any) -> None:
    walk, _first = seated
    page = walk.page
    page.evaluate(
        """() => { const real = window.fetch; window.fetch = async (...wish) => {
        await new Promise((go) => setTimeout(go, 3000)); return real(...wish); }; }"""
    )
    page.evaluate(REFRESH)
    page.locator("[data-pill-words]", has_text="Slow, 3 s").wait_for()


def test_nine_tabs_of_the_same_person_all_answer(seated: Any) -> None:
    walk, _first = seated
    pages = [walk.page]
    for _ in range(TABS - 1):
        page = walk.context.new_page()
        page.goto(f"{walk.base_url}/today/")
        pages.append(page)
    for page in pages:
        with page.expect_response(lambda answer: "/today/?version=" in answer.url, timeout=20_000) as polled:
            page.evaluate(REFRESH)
        assert polled.value.status == 204
    last = pages[-1]
    last.goto(f"{walk.base_url}/scan/")
    expect(last.locator("#scan-code")).to_be_visible()
