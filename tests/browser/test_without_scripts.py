"""No page takes over the browser's own navigation, and the day's work is done where no script runs."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment
from tests.browser.visit import TABLET
from tests.browser.walk import Walk
from tests.canaries.bodies import text
from tests.canaries.test_foreign import screens
from tests.conftest import House
from tests.permissions import routes
from tests.permissions.world import World, build

TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.fixture
def world(house: House) -> World:
    return build(house, foreign=False)


def test_no_template_boosts_navigation() -> None:
    files = list(TEMPLATES.rglob("*.html"))
    assert len(files) > 30
    assert [str(file) for file in files if "hx-boost" in file.read_text()] == []


@pytest.mark.django_db
def test_every_form_that_htmx_sends_can_be_sent_without_it(world: World) -> None:
    lame, seen = set(), 0
    for who in ("manager", "administrator"):
        caller = world.callers[who]
        for name in screens(caller):
            for address in routes.addresses(name, world.own):
                answer = caller.call("GET", address)
                if not answer.get("Content-Type", "").startswith("text/html"):
                    continue
                for tag in re.findall(r"<form\b[^>]*>", text(answer)):
                    seen += 1
                    if "hx-post" in tag and not ('method="post"' in tag and "action=" in tag):
                        lame.add(f"{name}: {tag[:120]}")
    assert not lame, "\n".join(sorted(lame))
    assert seen > 50


@pytest.mark.django_db(transaction=True)
def test_an_order_is_prepared_and_handed_over_without_a_script(chromium: Any, live_server: Any, world: World) -> None:
    clerk, waiting = world.callers["clerk"], world.own.waiting
    walk = Walk(chromium, live_server.url, *TABLET, language="en-GB", javascript=False)
    cookies = [{"name": name, "value": one.value, "url": live_server.url} for name, one in clerk.client.cookies.items()]
    walk.context.add_cookies(cookies)
    page = walk.page
    page.goto(live_server.url + reverse("today"))
    page.click(f"li:has-text('{waiting.short_id}') button")
    for line, pieces in ((1, 2), (2, 1)):
        for _piece in range(pieces):
            page.click(f"#line-{line} form:has(input[name=change][value='1']) button")
    page.click("form.pick-ready button.button-main")
    page.wait_for_url("**/today/")
    waiting.refresh_from_db()
    assert waiting.status == Fulfilment.Status.READY
    page.goto(live_server.url + reverse("hand-over", args=[waiting.public_id]))
    page.fill("input[name=code]", codes.digits(waiting.public_id, waiting.code_round))
    page.press("input[name=code]", "Enter")
    page.click("form.hand-form button.button-main")
    page.wait_for_url("**/handed-over/")
    waiting.refresh_from_db()
    assert waiting.status == Fulfilment.Status.COLLECTED
    walk.finish()
