"""Stock lookup on one screen: one's own store and the nearest five, with no tap and no scroll."""

from typing import Any

import pytest
from django.test import Client

from inventory.stock.models import StockLevel
from omni.lib import reference
from omni.staff.models import User
from tests import factories, journeys
from tests.browser.visit import PORTRAIT, TABLET, Visit
from tests.conftest import House
from tests.permissions.world import Caller

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "innerWidth > innerHeight ? innerHeight : document.querySelector('.rail').getBoundingClientRect().top"
"""Where the page goes under: the screen's edge, or the bar at its foot."""


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("size", [TABLET, PORTRAIT], ids=["landscape", "portrait"])
def test_one_s_own_store_and_the_nearest_five_are_seen_at_once(
    chromium: Any, live_server: Any, house: House, clerk: User, size: tuple[int, int], language: str
) -> None:
    clerk.language = language[:2]
    clerk.save(update_fields=["language"])
    for number in range(4):
        store = factories.LocationFactory(
            name=f"Villeneuve-d’Ascq {number}", code=f"far-{number}", short_code=f"F{number}", latitude=44.0 + number
        )
        StockLevel.objects.create(location=store, variant=house.variants[0], on_hand=120 + number)
    reference.forget()
    journeys.placed(house.lille, {"SKU-1": 3}, by=clerk)
    client = Client()
    client.force_login(clerk)
    caller = Caller(client, frozenset(), signed_in=True)
    visit = Visit(chromium, live_server.url, caller, "clerk", size=size, language=language)
    page = visit.page
    page.goto(f"{live_server.url}/stock/?q=SKU-1")
    rows = page.locator(".stock-other")
    assert rows.count() == 5
    for one in (page.locator(".stock-figure"), rows.last):
        box = one.bounding_box()
        assert 0 <= box["y"] <= page.evaluate(SEEN) - box["height"]
    assert rows.first.locator("a.button").count() == 2
