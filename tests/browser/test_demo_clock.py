"""The demonstration's clock in a browser: its page in both languages and lights, and a press that moves it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from inventory.places.models import Location
from omni.demo.models import Clock
from tests.browser.conftest import PICTURES
from tests.browser.visit import PORTRAIT, TABLET, Visit
from tests.house import House
from tests.permissions.world import person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(house: House, settings: Any) -> House:
    settings.DEMO = True
    Location.objects.update(invented=True)
    now = timezone.now()
    Clock.objects.create(past_until=now - timedelta(days=10), opened_at=now - timedelta(hours=1))
    return house


@pytest.mark.parametrize("size", [TABLET, PORTRAIT], ids=["landscape", "portrait"])
def test_the_clock_is_moved_by_a_press_and_says_how_far(
    chromium: Any, live_server: Any, demo: House, size: tuple[int, int]
) -> None:
    folder = PICTURES / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    visit = Visit(chromium, live_server.url, person("clerk", stores=[demo.lille]), "clerk", size=size)
    visit.open("/more/")
    visit.page.locator("main").get_by_role("link", name="Its clock", exact=True).click()
    page = visit.page
    expect(page.get_by_text("not moved so far")).to_be_visible()
    visit.examine("the demo's clock")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Forward by 1 hour").click()
    expect(page.get_by_text("1 h in all so far")).to_be_visible(timeout=30_000)
    expect(page.locator("#toasts")).to_contain_text("The clock is 1 h further.")
    page.screenshot(path=str(folder / f"clock-{size[0]}.png"))
    visit.listen()
    visit.context.close()
    assert not visit.errors + visit.findings
    assert Clock.objects.get().moved == timedelta(hours=1)
