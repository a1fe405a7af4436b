"""An order's own page on a phone: every state of it accessible in both languages and both themes, and "I am here" seen
by the clerk a moment later. Pictures are kept in `var/screenshots/own/`."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from inventory.places.models import Location
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import finishing, giving_up, handing_over, picking, readying, shorting
from orders.fulfilment.waiting import links
from orders.fulfilment.waiting.services import arriving, extending, rating
from orders.placing.services.placing import PlacedOrder
from tests import journeys
from tests.browser.conftest import PICTURES
from tests.browser.sitting import seat
from tests.browser.visit import Visit
from tests.conftest import House
from tests.permissions.world import Caller

PHONE = (390, 844)


def placed(house: House, clerk: Any, **more: Any) -> PlacedOrder:
    return journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, **{"paid": 4000, **more})


def states(house: House, clerk: Any) -> dict[str, Fulfilment]:
    """Return a fulfilment in each state that a customer may find their order in."""
    Location.objects.filter(pk=house.lille.pk).update(
        address="12 rue Esquermoise",
        postal_code="59000",
        town="Lille",
        opening_hours="Mo-Sa 09:00-19:30; Su 10:00-18:00",
    )
    sent = {"street": "1 rue Nationale", "postal_code": "59000", "town": "Roubaix"}
    made = {
        "received": journeys.fulfilment_of(placed(house, clerk)),
        "preparing": journeys.picked(placed(house, clerk), by=clerk),
        "late": journeys.fulfilment_of(placed(house, clerk)),
        "ready": journeys.ready(placed(house, clerk), by=clerk),
        "ready-unpaid": journeys.ready(placed(house, clerk, paid=None), by=clerk),
        "here": journeys.ready(placed(house, clerk), by=clerk),
        "longer": journeys.ready(placed(house, clerk), by=clerk),
        "short": _with_one_missing(house, clerk),
        "collected": _collected(placed(house, clerk), clerk),
        "rated": _collected(placed(house, clerk), clerk),
        "dispatched": journeys.picked(placed(house, clerk, kind="ship", ship_to=sent), by=clerk),
        "expired": journeys.ready(placed(house, clerk), by=clerk),
        "cancelled": journeys.fulfilment_of(placed(house, clerk)),
    }
    Fulfilment.objects.filter(pk=made["late"].pk).update(promised_at=timezone.now() - timedelta(minutes=9))
    arriving.arrive(fulfilment_id=made["here"].pk, spot="door", note="Blue car, place 4")
    extending.extend(fulfilment_id=made["longer"].pk, actor_id=None)
    rating.rate(fulfilment_id=made["rated"].pk, stars=4, sentence="Quick")
    finishing.dispatch(fulfilment_id=made["dispatched"].pk, actor_id=clerk.pk)
    Fulfilment.objects.filter(pk=made["expired"].pk).update(keep_until=timezone.now() - timedelta(minutes=1))
    giving_up.expire(fulfilment_id=made["expired"].pk)
    giving_up.cancel(fulfilment_id=made["cancelled"].pk, actor_id=None, reason="by_customer")
    return made


def _collected(order: PlacedOrder, clerk: Any) -> Fulfilment:
    given: HandOver = journeys.handed_over(order, by=clerk)
    return given.fulfilment


def _with_one_missing(house: House, clerk: Any) -> Fulfilment:
    order = placed(house, clerk)
    line = journeys.fulfilment_of(order).lines.order_by("order_line__position").last()
    assert line is not None
    shorting.report_short(
        fulfilment_id=line.fulfilment_id, line_id=line.pk, quantity=1, reason="other", note="-", actor_id=clerk.pk
    )
    first = journeys.fulfilment_of(order)
    for other in first.lines.exclude(pk=line.pk):
        picking.pick(fulfilment_id=first.pk, line_id=other.pk, pieces=other.quantity, actor_id=clerk.pk)
    spot = house.places(house.lille)[0].pk
    return readying.declare_ready(fulfilment_id=first.pk, hold_place_id=spot, actor_id=clerk.pk)


def address(fulfilment: Fulfilment, language: str) -> str:
    return reverse("customer-order", args=[links.token(fulfilment.order.number)]) + f"?in={language}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_state_of_an_order_s_own_page_is_accessible_on_a_phone(
    chromium: Any, live_server: Any, house: House, clerk: Any, language: str
) -> None:
    folder = PICTURES / "own"
    folder.mkdir(parents=True, exist_ok=True)
    nobody = Caller(Client(), frozenset(), signed_in=False)
    visit = Visit(chromium, live_server.url, nobody, "customer", size=PHONE)
    for name, one in states(house, clerk).items():
        visit.open(address(one, language))
        visit.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert visit.page.get_attribute("html", "lang") == language
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE[0], f"{name} is {wide} wide"
        visit.listen()
        visit.examine(f"{name} in {language}")
        for theme in ("light", "dark"):
            visit.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
            visit.page.screenshot(path=str(folder / f"{name}-{language}-{theme}.png"), full_page=True)
    visit.context.close()
    assert not visit.findings, visit.findings
    assert not visit.errors, visit.errors


@pytest.mark.django_db(transaction=True)
def test_i_am_here_is_seen_by_the_clerk_and_gone_when_it_is_handed_over(
    chromium: Any, live_server: Any, house: House, clerk: Any
) -> None:
    ready = journeys.ready(placed(house, clerk, paid=None), by=clerk)
    nobody = Caller(Client(), frozenset(), signed_in=False)
    phone = Visit(chromium, live_server.url, nobody, "customer", size=PHONE)
    tablet = seat(chromium, live_server.url, clerk, reverse("today"))
    expect(tablet.page.locator(".here-row")).to_have_count(0)
    queue = tablet.page.locator(".today-queue")
    stood = queue.bounding_box()
    phone.open(address(ready, "en"))
    phone.page.locator("label", has_text="In front of the door").click()
    phone.page.get_by_label("How we find you").fill("Blue car, place 4")
    phone.page.get_by_role("button", name="I am here").click()
    expect(phone.page.get_by_text("The store knows that you are here.")).to_be_visible()
    assert phone.context.cookies() == []
    expect(tablet.page.locator(".here-row")).to_contain_text("Blue car, place 4", timeout=30_000)
    assert queue.bounding_box() == stood, "who comes does not move what is to be prepared"
    tablet.page.locator(".here-row a").click()
    expect(tablet.page.locator(".hand-here")).to_contain_text("Outside, in front of the store")
    handing_over.hand_over(fulfilment_id=ready.pk, proof="identity", actor_id=clerk.pk, tender="cash")
    tablet.page.goto(f"{live_server.url}{reverse('today')}")
    expect(tablet.page.locator(".here-row")).to_have_count(0)
    phone.page.reload()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Camille, thank you.")
    tablet.finish()
    phone.listen()
    phone.context.close()
    assert not phone.errors, phone.errors
