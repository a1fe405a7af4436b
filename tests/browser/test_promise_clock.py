"""The manager sees promises in danger, and what the figures of the clock make of today; the clerk sees what was put
off."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orders.fulfilment import outlook
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import escalating, lowering, picking
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.visit import PORTRAIT, TABLET, Visit
from tests.house import House
from tests.permissions.world import Caller, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(house: House) -> dict[str, Caller]:
    """Twelve orders wait in Lille: some late, one put off, one in hand."""
    callers = {role: person(role, stores=[house.lille, house.lens]) for role in ("clerk", "manager")}
    clerk = callers["clerk"].client.session["_auth_user_id"]
    by = type(house.lille).objects.get(pk=house.lille.pk).people.get(pk=clerk)
    now = timezone.now()
    for minutes in (-45, -5, 9, 14, 25, 40, 50, 70, 80, 90, 95, 100):
        store = house.lens if minutes == 25 else house.lille
        order = journeys.placed(store, {"SKU-1": 2, "SKU-2": 1}, by=by)
        Fulfilment.objects.filter(order=order.order.id).update(promised_at=now + timedelta(minutes=minutes))
        served = journeys.fulfilment_of(order)
        if minutes == -5:
            picking.start_picking(fulfilment_id=served.pk, actor_id=by.pk)
        if minutes == 14:
            [found] = [one for one in outlook.of([store.pk], now) if one.open.id == served.pk]
            lowering.lower(found=found, after=served.promised_at + timedelta(minutes=21))
    escalating.tell_due(outlook.still_open([house.lille.pk, house.lens.pk]), now)
    return callers


SCREENS = {
    "manager": {"today": "/today/", "promises": "/promises/", "store": "/stores/lille/"},
    "clerk": {"today": "/today/"},
}


@pytest.mark.parametrize("size", [TABLET, PORTRAIT], ids=["landscape", "portrait"])
def test_pictures_of_the_clock(chromium: Any, live_server: Any, busy: dict[str, Caller], size: tuple[int, int]) -> None:
    folder = PICTURES / "promise"
    folder.mkdir(parents=True, exist_ok=True)
    for who, screens in SCREENS.items():
        visit = Visit(chromium, live_server.url, busy[who], who, size=size)
        visit.context.add_cookies([{"name": "omni_language", "value": "fr", "url": live_server.url}])
        for name, address in screens.items():
            visit.open(address)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], (name, width)
            for theme in ("light", "dark"):
                visit.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
                visit.page.screenshot(path=str(folder / f"{who}-{name}-{size[0]}-{theme}.png"), full_page=True)
            visit.page.evaluate("document.documentElement.dataset.theme = 'light'")
            visit.examine(name)
        visit.context.close()
        assert not visit.errors + visit.findings, visit.errors + visit.findings


def test_the_page_of_a_store_says_what_decides_while_one_types(
    chromium: Any, live_server: Any, busy: dict[str, Caller]
) -> None:
    visit = Visit(chromium, live_server.url, busy["manager"], "manager", size=TABLET)
    visit.open("/stores/lille/")
    preview = visit.page.locator("#store-preview")
    expect(preview).to_contain_text("The queue decides: 82 minutes")
    visit.page.fill("#id_minutes_per_order", "1")
    expect(preview).to_contain_text("The preparation decides: 60 minutes, since the queue needs no more than 46.")
    for day in ("mo", "tu", "we", "th", "fr", "sa", "su"):
        visit.page.fill(f"#id_people_{day}", "2")
    expect(preview).to_contain_text("2 people share them: 23 minutes.")
    visit.page.get_by_role("button", name="Save Lille").click()
    expect(visit.page.get_by_text("Saved.")).to_be_visible()
    expect(visit.page.locator("#id_people_we")).to_have_value("2")
    visit.open("/today/")
    visit.page.get_by_role("link", name="See them").click()
    expect(visit.page.get_by_role("heading", name="Promises in danger")).to_be_visible()
    visit.context.close()
    assert not visit.errors, visit.errors
