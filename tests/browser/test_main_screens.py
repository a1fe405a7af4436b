"""The main screens on a house with a past: how fast they stand still, and a picture of each in both languages and both
themes, kept in `var/screenshots/main/`."""

import json
from typing import Any

import pytest
from django.urls import reverse

from customers.models import Customer
from tests import history
from tests.browser.conftest import PICTURES
from tests.browser.visit import DESK, PORTRAIT, TABLET, Visit
from tests.conftest import House
from tests.permissions.routes import patterns
from tests.permissions.things import Things
from tests.permissions.world import World, build

LARGEST_PAINT_MS = 1_500
LAYOUT_SHIFT = 0.1
WATCH = """
window.__paint = 0; window.__shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.__paint = one.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
const shifted = (one) => one.hadRecentInput || (window.__shift += one.value);
new PerformanceObserver((list) => list.getEntries().forEach(shifted))
  .observe({ type: "layout-shift", buffered: true });
"""
TRIES = 3
"""The best of three is the page's own time; the others are what else the machine was doing."""


@pytest.fixture
def world(house: House, settings: Any) -> World:
    """Two hundred purchases of the past beside today's orders."""
    settings.DEMO = True
    world = build(house, foreign=False)
    known = Customer.objects.get(pk=world.own.customer.pk)
    for number in range(200):
        day = f"2026-{1 + number % 10:02d}-{1 + number % 28:02d} {9 + number % 9:02d}:30"
        history.bought(house, house.lille, day, paid=500 + number * 37, customer=known if number % 3 == 0 else None)
    return world


def main_screens(things: Things) -> dict[str, dict[str, str]]:
    """Return role → name → address of the screens where people spend their day."""
    pickup = {"waiting": things.begun.public_id, "unpaid": things.unpaid.public_id, "given": things.given.public_id}
    screens = {
        "clerk": {
            "today": reverse("today"),
            "pick": reverse("picking", args=[pickup["waiting"]]),
            "short": reverse("short-line", args=[pickup["waiting"], 1]),
            "hand-over": reverse("hand-over", args=[pickup["unpaid"]]),
            "handed-over": reverse("handed-over", args=[pickup["given"]]),
            "scan": reverse("scan"),
        },
        "agent": {
            "customers": reverse("customers"),
            "customer": reverse("customer", args=[things.customer.code]),
            "orders": reverse("orders"),
            "order": reverse("order", args=[things.waiting.order.number]),
        },
        "manager": {
            "day": reverse("day"),
            "messages": reverse("outbox"),
            "store": reverse("store-settings", args=[things.store.code]),
        },
        "administrator": {},
    }
    there = patterns()
    if "stock" in there:
        screens["clerk"]["stock"] = f"{reverse('stock')}?q=SKU-1"
    screens["administrator"] |= {name: reverse(name) for name in ("more", "people", "roles", "audit") if name in there}
    return screens


SIZES = {"clerk": TABLET, "agent": DESK, "manager": DESK, "administrator": DESK}


@pytest.mark.django_db(transaction=True)
def test_the_main_screens_stand_still_within_a_second_and_a_half(chromium: Any, live_server: Any, world: World) -> None:
    measured: dict[str, dict[str, float]] = {}
    problems: list[str] = []
    for who, screens in main_screens(world.own).items():
        visit = Visit(chromium, live_server.url, world.callers[who], who, size=SIZES[who])
        visit.context.add_init_script(WATCH)
        for name, address in screens.items():
            tries = []
            while len(tries) < TRIES and not (tries and min(tries)[0] <= LARGEST_PAINT_MS):
                visit.open(address)
                visit.page.wait_for_timeout(250)
                tries.append(tuple(visit.page.evaluate("[window.__paint, window.__shift]")))
            paint, shift = min(tries)[0], max(one[1] for one in tries)
            measured[name] = {"largest paint, ms": round(paint), "layout shift": round(shift, 3)}
            if not 0 < paint <= LARGEST_PAINT_MS or shift > LAYOUT_SHIFT:
                problems.append(f"{name}: {measured[name]}")
        visit.context.close()
        problems += visit.errors
    PICTURES.parent.mkdir(parents=True, exist_ok=True)
    (PICTURES.parent / "main-screens.json").write_text(json.dumps(measured, indent=2))
    assert not problems, "\n".join(problems)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_picture_of_each_main_screen_is_kept(chromium: Any, live_server: Any, world: World, language: str) -> None:
    folder = PICTURES / "main"
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    for who, screens in main_screens(world.own).items():
        visit = Visit(chromium, live_server.url, world.callers[who], who, size=SIZES[who])
        visit.context.add_cookies([{"name": "omni_language", "value": language, "url": live_server.url}])
        for name, address in screens.items():
            visit.open(address)
            assert visit.page.get_attribute("html", "lang") == language, address
            for theme in ("light", "dark"):
                visit.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
                visit.page.screenshot(path=str(folder / f"{name}-{language}-{theme}.png"))
                taken += 1
            if name in {"today", "pick", "hand-over"}:
                visit.page.set_viewport_size({"width": PORTRAIT[0], "height": PORTRAIT[1]})
                visit.page.screenshot(path=str(folder / f"{name}-{language}-portrait.png"))
                visit.page.set_viewport_size({"width": TABLET[0], "height": TABLET[1]})
        visit.context.close()
        assert not visit.errors, visit.errors
    assert taken >= 24
