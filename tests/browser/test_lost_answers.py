"""A form over a bad network: its answer may be lost, its effect is neither lost nor doubled, what was typed stays."""

from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import AnsweredRequest, User
from orders.fulfilment.models import FulfilmentLine, HandOver
from tests import journeys
from tests.browser.sitting import seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)
HAND_OVER = "**/hand-over/"


@pytest.fixture
def counter(chromium: Any, live_server: Any, house: House, clerk: User) -> Any:
    """A clerk who has seen the identity of somebody whose order waits, paid."""
    fulfilment = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, paid=1000), by=clerk)
    walk = seat(chromium, live_server.url, clerk, f"/pickups/{fulfilment.public_id}/hand-over/")
    walk.page.locator(".verify > form[action*='identity'] button").click()
    walk.page.locator(".hand-form .button-main:not([disabled])").wait_for()
    yield walk
    walk.context.close()


def _only_posts(treat: Any) -> Any:
    return lambda route: treat(route) if route.request.method == "POST" else route.continue_()


def test_an_answer_lost_after_the_effect_is_fetched_again(counter: Any) -> None:
    page = counter.page
    lost: list[int] = []

    def treat(route: Any) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)  # the house has handed over, the answer never arrives
        return route.abort("connectionreset")

    page.route(HAND_OVER, _only_posts(treat))
    page.click(".hand-form .button-main")
    page.wait_for_url("**/handed-over/")
    assert lost == [204]
    assert HandOver.objects.count() == 1
    assert AnsweredRequest.objects.filter(client__startswith="user:").count() >= 1


def test_what_never_arrived_is_offered_again_and_done_once(counter: Any) -> None:
    page = counter.page
    page.route(HAND_OVER, _only_posts(lambda route: route.abort("connectionrefused")))
    key = page.input_value(".hand-form [name=idempotency_key]")
    page.click(".hand-form .button-main")
    again = page.locator("[data-send-again]:visible")
    again.wait_for()
    expect(page.locator("#unsent")).to_contain_text("It was not done")
    assert HandOver.objects.count() == 0
    page.unroute(HAND_OVER)
    again.click()
    page.wait_for_url("**/handed-over/")
    assert HandOver.objects.count() == 1
    assert AnsweredRequest.objects.filter(key=key).count() == 1


def test_without_a_network_nothing_is_offered_before_the_house_was_asked(counter: Any) -> None:
    page = counter.page
    counter.context.set_offline(True)
    page.evaluate("document.querySelector('.hand-form').requestSubmit()")  # pressed as the network went
    page.locator("[data-said=waiting]:visible").wait_for()
    expect(page.locator("[data-send-again]")).to_be_hidden()
    expect(page.locator(".hand-form")).to_be_hidden()  # what cannot wait is absent, not grey
    counter.context.set_offline(False)
    page.locator("[data-send-again]:visible").wait_for()
    page.click("[data-send-again]")
    page.wait_for_url("**/handed-over/")
    assert HandOver.objects.count() == 1


def test_what_was_typed_stays_when_the_network_goes(chromium: Any, live_server: Any, house: House, clerk: User) -> None:
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 2}, by=clerk))
    walk = seat(chromium, live_server.url, clerk, f"/pickups/{fulfilment.public_id}/lines/1/short/?reason=other")
    page = walk.page
    page.fill("[name=note]", "behind the mirror")
    walk.context.set_offline(True)
    page.click("button.button-main")
    page.locator("[data-said=waiting]:visible").wait_for()
    expect(page.locator("[name=note]")).to_have_value("behind the mirror")
    walk.context.set_offline(False)
    page.locator("[data-send-again]:visible").wait_for()
    page.click("[data-send-again]")
    page.wait_for_url("**/picking/")
    line = FulfilmentLine.objects.get(fulfilment=fulfilment)
    assert (line.short, line.short_note) == (2, "behind the mirror")
    walk.context.close()


def test_two_presses_hand_over_once(counter: Any) -> None:
    page = counter.page
    page.evaluate("() => { const one = document.querySelector('.hand-form .button-main'); one.click(); one.click(); }")
    page.wait_for_url("**/handed-over/")
    assert HandOver.objects.count() == 1


def test_a_refused_form_comes_back_with_its_problem_on_the_same_page(
    chromium: Any, live_server: Any, house: House, clerk: User
) -> None:
    fulfilment = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    walk = seat(chromium, live_server.url, clerk, f"/pickups/{fulfilment.public_id}/hand-over/")
    page = walk.page
    page.fill("#code", "000 000")
    page.click(".verify-code button")
    page.locator("#code-error").wait_for()
    assert page.evaluate("document.activeElement.id") == "code"
    page.fill("#code", "000 001")  # and the form works again
    page.click(".verify-code button")
    page.wait_for_timeout(500)
    page.locator("#code-error").wait_for()
    walk.context.close()
