"""What users of other houses complain about: fast scans dropped, AZERTY garbage, slow Bluetooth, doubled scans."""

import random
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from tests import journeys
from tests.browser.sitting import on_azerty, on_qwerty, pill, press, seat
from tests.browser.walk import Walk
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)
SCANS = "**/picking/scans/"


@pytest.fixture
def picking(chromium: Any, live_server: Any, house: House, clerk: User) -> Any:
    """A clerk who picks an order of 8 pieces of the first article and 4 of the second."""
    order = journeys.placed(house.lille, {house.skus[0]: 8, house.skus[1]: 4}, by=clerk)
    fulfilment = journeys.fulfilment_of(order)
    walk = seat(chromium, live_server.url, clerk, f"/pickups/{fulfilment.public_id}/picking/")
    yield walk, fulfilment
    walk.context.close()


def picked(fulfilment: Fulfilment) -> list[int]:
    return list(FulfilmentLine.objects.filter(fulfilment=fulfilment).order_by("pk").values_list("picked", flat=True))


def settled(walk: Walk, fulfilment: Fulfilment, expected: list[int], seconds: float = 15) -> list[int]:
    """Wait until the counts are as expected, then a moment longer, for what may come too often."""
    end = time.monotonic() + seconds
    while picked(fulfilment) != expected and time.monotonic() < end:
        walk.page.wait_for_timeout(100)
    walk.page.wait_for_timeout(500)
    return picked(fulfilment)


def test_scans_fifty_milliseconds_apart_are_all_counted_once(picking: tuple[Walk, Fulfilment], house: House) -> None:
    walk, fulfilment = picking
    luck = random.Random(7)  # noqa: S311
    walk.page.route(SCANS, lambda route: (time.sleep(luck.uniform(0, 0.2)), route.continue_()))
    first, second = house.variants[0].gtin, house.variants[1].gtin
    codes = [first] * 4 + [second] * 4 + [first] * 4
    keys = [key for code in codes for key in on_qwerty(str(code))]
    press(walk.page, keys, gap=3)  # 14 keys of 3 ms: a scan each 42 to 60 ms
    assert settled(walk, fulfilment, [8, 4], 60) == [8, 4]


def test_answers_that_are_lost_half_way_double_nothing(picking: tuple[Walk, Fulfilment], house: House) -> None:
    walk, fulfilment = picking
    turns = iter(["lost", "never sent", "kept"] * 10)

    def treat(route: Any) -> None:
        turn = next(turns)
        if turn == "lost":
            route.fetch()  # the house has counted it; the tablet never hears of it
        if turn == "kept":
            route.continue_()
        else:
            route.abort("connectionfailed")

    walk.page.route(SCANS, treat)
    for _ in range(3):
        press(walk.page, on_qwerty(str(house.variants[0].gtin)))
    assert settled(walk, fulfilment, [3, 0], 60) == [3, 0]
    for _ in range(100):
        if walk.page.evaluate("localStorage.getItem('omni.kept')") is None:
            break
        walk.page.wait_for_timeout(200)
    else:
        pytest.fail("what was counted is still kept")
    assert picked(fulfilment) == [3, 0]


def test_a_qwerty_scanner_on_a_french_machine_is_understood(picking: tuple[Walk, Fulfilment], house: House) -> None:
    walk, fulfilment = picking
    press(walk.page, on_azerty(str(house.variants[0].gtin)))
    assert settled(walk, fulfilment, [1, 0]) == [1, 0]
    # The same through a device that does not say which physical key it was.
    press(
        walk.page,
        [(key, "" if code != "Enter" else code, shift) for key, code, shift in on_azerty(str(house.variants[1].gtin))],
    )
    assert settled(walk, fulfilment, [1, 1]) == [1, 1]


def test_our_own_codes_are_understood_on_a_french_machine(
    chromium: Any, live_server: Any, house: House, clerk: User
) -> None:
    order = journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk)
    fulfilment = journeys.fulfilment_of(order)
    walk = seat(chromium, live_server.url, clerk, "/today/")
    press(walk.page, on_azerty(f"OMNI-B:{fulfilment.public_id.hex}"))
    walk.page.wait_for_url(f"**/pickups/{fulfilment.public_id}/picking/")
    walk.context.close()


def test_slow_bluetooth_is_heard_as_one_code(picking: tuple[Walk, Fulfilment], house: House) -> None:
    walk, fulfilment = picking
    press(walk.page, on_qwerty(str(house.variants[0].gtin)), gap=100)
    assert settled(walk, fulfilment, [1, 0]) == [1, 0]
    press(walk.page, on_qwerty(str(house.variants[0].gtin), end="Tab"), gap=90)
    assert settled(walk, fulfilment, [2, 0]) == [2, 0]


def test_a_scan_without_ending_counts_when_its_check_digit_is_right(
    picking: tuple[Walk, Fulfilment], house: House
) -> None:
    walk, fulfilment = picking
    press(walk.page, on_qwerty(str(house.variants[0].gtin))[:-1])
    assert settled(walk, fulfilment, [1, 0]) == [1, 0]


def test_scans_without_a_network_outlive_a_reload_and_are_sent_once(
    picking: tuple[Walk, Fulfilment], house: House
) -> None:
    walk, fulfilment = picking
    page = walk.page
    walk.context.set_offline(True)
    for _ in range(3):
        press(page, on_qwerty(str(house.variants[0].gtin)))
    page.wait_for_selector(".kept-row >> nth=2")
    expect(page.locator(".kept-row")).to_have_count(3)
    expect(pill(page)).to_contain_text("Offline since")
    expect(pill(page)).to_contain_text("3 scans kept")
    assert picked(fulfilment) == [0, 0]
    kept = page.evaluate("localStorage.getItem('omni.kept')")
    assert "Camille" not in kept
    assert "Martin" not in kept
    page.route(SCANS, lambda route: route.abort("connectionfailed"))  # the network is back, the house not yet
    walk.context.set_offline(False)
    page.reload()
    page.wait_for_selector(".kept-row >> nth=2")
    page.wait_for_timeout(300)
    expect(pill(page)).not_to_have_text("Online")
    page.unroute(SCANS)
    assert settled(walk, fulfilment, [3, 0]) == [3, 0]
    page.locator("[data-pill-words]", has_text="Online").wait_for()
    expect(page.locator(".kept-row")).to_have_count(0)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert settled(walk, fulfilment, [3, 0], 1) == [3, 0]


def test_a_tap_without_a_network_is_kept_like_a_scan(picking: tuple[Walk, Fulfilment]) -> None:
    walk, fulfilment = picking
    walk.context.set_offline(True)
    walk.page.click("#more-1")
    walk.page.wait_for_selector(".kept-row")
    expect(walk.page.locator("[data-kept-code]")).to_have_text("+1")
    walk.context.set_offline(False)
    assert settled(walk, fulfilment, [1, 0]) == [1, 0]


def test_what_was_refused_meanwhile_stays_in_the_list_with_its_reason(
    picking: tuple[Walk, Fulfilment], house: House
) -> None:
    walk, fulfilment = picking
    walk.context.set_offline(True)
    press(walk.page, on_qwerty(str(house.variants[4].gtin)))  # not in this order
    walk.page.wait_for_selector(".kept-row")
    walk.page.evaluate("history.replaceState(null, '', '/today/')")  # as if the clerk had gone on to another page
    walk.context.set_offline(False)
    walk.page.wait_for_selector("[data-kept-refused]:not(:empty)")
    walk.page.click("[data-kept-drop]")
    expect(walk.page.locator(".kept-row")).to_have_count(0)
    assert picked(fulfilment) == [0, 0]


def test_a_scan_into_a_text_field_types_there(chromium: Any, live_server: Any, house: House, clerk: User) -> None:
    walk = seat(chromium, live_server.url, clerk, "/orders/")
    field = walk.page.locator("input[type=search]:visible, input[type=text]:visible").first
    field.focus()
    walk.page.keyboard.type(str(house.variants[0].gtin), delay=5)
    expect(field).to_have_value(str(house.variants[0].gtin))
    walk.context.close()
