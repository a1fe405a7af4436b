"""A tablet that many hands touch: tile, six digits, lock, somebody else; and nothing of the one before."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from omni.staff.devices import COOKIE
from omni.staff.models import User
from orders.fulfilment.services import picking
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.walk import Walk
from tests.house import House
from tests.staff.tablets import PIN, enrolled, with_pin

OTHER_PIN = "904417"
ABOUT_CLARA = "zq-clara-was-here"


@pytest.fixture
def tablet(chromium: Any, live_server: Any, house: House, clerk: User, manager: User) -> Any:
    """Walks on one tablet on which the clerk and the manager have PINs."""
    device = enrolled(house.lille, by=manager)
    with_pin(device, clerk)
    with_pin(device, manager, OTHER_PIN)

    def walk(width: int, height: int, language: str, *, dark: bool = False) -> Walk:
        walk = Walk(chromium, live_server.url, width, height, language=language, dark=dark)
        cookie = {"name": COOKIE, "value": device.secret, "url": live_server.url, "httpOnly": True, "sameSite": "Lax"}
        walk.context.add_cookies([cookie])
        return walk

    return walk


def press(walk: Walk, pin: str) -> None:
    """Press six keys on the screen; the sixth one opens."""
    for digit in pin:
        walk.page.click(f"[data-digit='{digit}']")
    walk.page.wait_for_url(lambda url: "/sign-in/" not in url)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height", "language"), [(1280, 800, "fr-FR"), (800, 1280, "en-GB")])
def test_from_hand_to_hand(
    tablet: Any, live_server: Any, clerk: User, manager: User, width: int, height: int, language: str
) -> None:
    walk = tablet(width, height, language)
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    walk.check("tablet-1-tiles", PICTURES)
    page.click(f"a:has-text('{clerk.name}')")  # tap 1; then six digits
    page.wait_for_selector("[data-pin-form].is-alive")
    walk.check("tablet-2-pin", PICTURES)
    press(walk, PIN)
    page.goto(f"{live_server.url}/orders/?text={ABOUT_CLARA}")
    page.evaluate("sessionStorage.setItem('left', 'behind')")

    page.click("details.person summary")  # tap 1
    page.click("details.person form[action='/lock/'] button")  # tap 2
    page.wait_for_selector(".who")
    assert ABOUT_CLARA not in page.content()
    page.click(f"a:has-text('{manager.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, OTHER_PIN)
    assert ABOUT_CLARA not in page.url
    assert clerk.name not in page.content()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "left" not in stored
    assert ABOUT_CLARA not in stored

    page.go_back()  # through the tiles, into the page of the one before: it is asked for anew, by the new person
    page.go_back()
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("details.person summary")).to_have_attribute("aria-label", re.compile(f"^{manager.name}"))
    assert clerk.name not in page.content()
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_after_a_lock_the_back_button_shows_nothing(tablet: Any, live_server: Any, clerk: User) -> None:
    walk = tablet(1280, 800, "fr-FR")
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    page.click(f"a:has-text('{clerk.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, PIN)
    page.goto(f"{live_server.url}/orders/?text={ABOUT_CLARA}")
    other = walk.context.new_page()  # a second tab of the same person
    other.goto(f"{live_server.url}/today/")
    page.click("details.person summary")
    page.click("details.person form[action='/lock/'] button")
    page.wait_for_selector(".who")
    other.wait_for_selector(".who")
    page.go_back()
    page.wait_for_selector(".who")
    assert ABOUT_CLARA not in page.content()
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_nobody_touches_leaves_by_itself(tablet: Any, live_server: Any, clerk: User, settings: Any) -> None:
    settings.DEVICE_IDLE_SECONDS = 6
    walk = tablet(1280, 800, "fr-FR")
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    page.click(f"a:has-text('{clerk.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, PIN)
    page.wait_for_selector(".who", timeout=15_000)
    assert page.url == f"{live_server.url}/sign-in/"
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_a_half_filled_form_waits_for_its_person(
    tablet: Any, live_server: Any, house: House, clerk: User, manager: User, settings: Any
) -> None:
    waiting = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 2}, by=clerk))
    picking.start_picking(fulfilment_id=waiting.pk, actor_id=clerk.pk)
    short = f"{live_server.url}{reverse('short-line', args=[waiting.public_id, 1])}"
    walk = tablet(1280, 800, "fr-FR")
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    page.click(f"a:has-text('{clerk.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, PIN)
    page.goto(short)
    page.check("input[value=other]", force=True)  # it asks for a sentence
    with page.expect_response("**/drafts/"):
        page.fill("#note", ABOUT_CLARA)
    page.evaluate("document.querySelector(\"form[action='/lock/']\").submit()")
    page.wait_for_selector(".who")
    assert ABOUT_CLARA not in page.content()
    page.click(f"a:has-text('{manager.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, OTHER_PIN)
    with page.expect_response("**/drafts/?*"):
        page.goto(short)
    expect(page.locator("#note")).to_have_value("")
    page.evaluate("document.querySelector(\"form[action='/lock/']\").submit()")
    page.wait_for_selector(".who")
    page.click(f"a:has-text('{clerk.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    press(walk, PIN)
    page.goto(short)
    expect(page.locator("#note")).to_have_value(ABOUT_CLARA)
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_six_digits_can_be_pasted(tablet: Any, live_server: Any, clerk: User) -> None:
    walk = tablet(1280, 800, "fr-FR")
    page = walk.page
    page.goto(f"{live_server.url}/sign-in/")
    page.click(f"a:has-text('{clerk.name}')")
    page.wait_for_selector("[data-pin-form].is-alive")
    page.evaluate(
        """(pin) => {
            const pasted = new DataTransfer();
            pasted.setData("text", `${pin.slice(0, 3)} ${pin.slice(3)}`);
            const event = new ClipboardEvent("paste", { clipboardData: pasted, bubbles: true, cancelable: true });
            document.getElementById("pin").dispatchEvent(event);
        }""",
        PIN,
    )
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    walk.finish()
