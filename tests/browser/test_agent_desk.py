"""The agent's desk by keyboard: find, open, go back, cancel; also when the proof is old, and where no script runs."""

import re
import time
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from omni.staff import sessions
from orders.fulfilment.models import Fulfilment
from tests.browser.visit import DESK, Visit
from tests.browser.walk import Walk
from tests.conftest import House
from tests.factories import PASSWORD
from tests.permissions.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(house: House) -> World:
    return build(house, foreign=False)


@pytest.fixture
def visit(chromium: Any, live_server: Any, world: World) -> Any:
    """An agent at the desk."""
    seated = Visit(chromium, live_server.url, world.callers["agent"], "agent", size=DESK)
    yield seated
    seated.listen()
    seated.context.close()
    assert not seated.findings, "\n".join(seated.findings)
    assert not seated.errors, "\n".join(seated.errors)


def letter(page: Any, key: str) -> None:
    """Press a key when it is clear that nobody scans."""
    page.wait_for_timeout(200)
    page.keyboard.press(key)


def status(fulfilment: Fulfilment) -> str:
    return str(Fulfilment.objects.values_list("status", flat=True).get(pk=fulfilment.pk))


def test_enter_in_the_omnibox_opens_the_only_hit_and_escape_leaves_the_field(visit: Visit, world: World) -> None:
    page, words = visit.page, world.own.words
    visit.open(reverse("orders"))
    field = page.locator("[data-omnibox]")
    letter(page, "/")
    expect(field).to_be_focused()
    page.keyboard.type("gone")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    letter(page, "/")
    page.keyboard.type(words.phone[-4:])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"{words.given_name} {words.family_name}")
    visit.open(f"{reverse('customers')}?q={words.family_name[:2]}")
    results = page.locator("[data-search-field]")
    expect(results).to_be_focused()
    results.fill(words.family_name)
    expect(page.locator(f"#results[data-query='{words.family_name}'] a.cover")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(f"{words.given_name} {words.family_name}")


def test_escape_closes_the_question_and_goes_back_to_the_list_as_it_was_asked(visit: Visit, world: World) -> None:
    page, listed = visit.page, f"{reverse('orders')}?status=to_pick&sort=placed"
    visit.open(listed)
    letter(page, "j")
    letter(page, "Enter")
    expect(page.locator("h1")).to_have_text(world.own.waiting.order.number)
    letter(page, "c")
    expect(page.locator("dialog[open] input[name=reason]").first).to_be_focused()
    visit.examine("the question before a cancellation")
    page.keyboard.press("Control+Enter")  # no reason yet: nothing is sent
    expect(page.locator("dialog[open] input[name=reason]:checked")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("[data-key=c]")).to_be_focused()
    assert status(world.own.waiting) == "to_pick"
    letter(page, "Escape")
    page.wait_for_url(f"**{listed}")


def test_an_old_proof_is_asked_for_over_the_dialog_and_nothing_chosen_is_lost(visit: Visit, world: World) -> None:
    page, waiting = visit.page, world.own.waiting
    visit.open(reverse("order", args=[waiting.order.number]))
    grow_old(visit)
    letter(page, "c")
    expect(page.locator("dialog[open] input[name=reason]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Is it still you?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#proof")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".page-head .chip").first).to_have_text("Cancelled")
    expect(page.locator(".thread")).to_contain_text("Cancelled: It cannot be delivered")
    assert status(waiting) == "cancelled"
    visit.errors = [one for one in visit.errors if "status of 422" not in one]  # the question's own status


def grow_old(visit: Visit) -> None:
    """Let the person's last proof be more than five minutes ago."""
    key = next(one["value"] for one in visit.context.cookies() if "session" in one["name"])
    session = SessionStore(key)
    session[sessions.FRESH_AT] = int(time.time()) - sessions.FRESH_SECONDS - 1
    session.save()


def test_an_order_is_cancelled_without_a_script(chromium: Any, live_server: Any, world: World) -> None:
    agent, waiting = world.callers["agent"], world.own.waiting
    walk = Walk(chromium, live_server.url, *DESK, language="en-GB", javascript=False)
    walk.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in agent.client.cookies.items()]
    )
    page = walk.page
    page.goto(live_server.url + reverse("order", args=[waiting.order.number]))
    page.click("a:has-text('Cancel the order')")
    page.wait_for_url("**/cancellation/")
    page.check("input[name=reason][value=mistake]", force=True)
    page.click("button.button-destroy")
    page.wait_for_url(re.compile(rf"/orders/{waiting.order.number}/$"))
    expect(page.locator(".page-head .chip").first).to_have_text("Cancelled")
    assert status(waiting) == "cancelled"
    walk.finish()
