"""The page of components, and choosing several orders of today, in a browser: both languages, themes and shells."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from omni.staff.models import User
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.walk import Walk
from tests.conftest import House


def walk_as(person: User, walk: Walk) -> None:
    """Sign in without the form: what is looked at here begins behind it."""
    client = Client()
    client.force_login(person)
    walk.context.add_cookies(
        [{"name": name, "value": one.value, "url": walk.base_url} for name, one in client.cookies.items()]
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "dark", "density"), [("en-GB", False, "cosy"), ("fr-FR", True, "touch")])
def test_every_component_is_drawn_without_errors_in_light_and_dark(
    chromium: Any, live_server: Any, house: House, agent: User, settings: Any, language: str, dark: bool, density: str
) -> None:
    settings.DEMO = True
    agent.language = language[:2]
    agent.save()
    walk = Walk(chromium, live_server.url, 1440, 900, language=language, dark=dark)
    walk.page.emulate_media(reduced_motion="reduce", color_scheme="dark" if dark else "light")
    walk_as(agent, walk)
    page = walk.page
    page.goto(f"{live_server.url}/ui/?density={density}")
    assert page.locator("html").get_attribute("lang") == language[:2]
    walk.check("components", PICTURES)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 800, "height": 1280})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "rows become cards, nothing sideways"

    opener = page.locator('[hx-target="#dialog"]').first
    opener.click()
    page.wait_for_selector("dialog#dialog[open] h2")
    walk.check("components-dialog", PICTURES)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()  # where it was
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_several_orders_are_chosen_in_portrait_and_printed_as_one_list(
    chromium: Any, live_server: Any, house: House, clerk: User, manager: User
) -> None:
    orders = [journeys.placed(house.lille, {"SKU-1": number}, by=clerk) for number in (1, 2, 3)]
    taken = journeys.fulfilment_of(orders[2])
    journeys.picking.start_picking(fulfilment_id=taken.pk, actor_id=manager.pk)
    walk = Walk(chromium, live_server.url, 800, 1280, language="en-GB")
    walk_as(clerk, walk)
    page = walk.page
    page.goto(f"{live_server.url}/today/")
    page.click("text=Choose several")
    expect(page.locator('input[name="order"]')).to_have_count(2)
    expect(page.locator(".job-box > .icon")).to_have_count(1)
    button = page.locator("[data-choose-do][value=print]")
    expect(button).to_be_disabled()
    for card in page.locator("label.job-box").all():
        box = card.bounding_box()
        assert box is not None
        assert box["width"] >= 56
        card.click()
    expect(page.locator("[data-choose-count]")).to_have_text("2 orders, 3 items")
    bar = page.locator(".choose-bar").bounding_box()
    assert bar is not None
    assert (bar["x"], bar["width"]) == (0, 800), "the ink bar has the full width"
    assert bar["y"] + bar["height"] <= 1200, "above the bar of places"
    walk.check("today-choosing", PICTURES)
    button.click()
    page.wait_for_url("**/pick-lists/?order=*")
    expect(page.locator(".list-boxes li")).to_have_count(2)
    walk.check("pick-list", PICTURES)
    walk.finish()
