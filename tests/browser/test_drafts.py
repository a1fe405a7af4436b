"""A page of settings that nobody touches locks; what was typed waits for its person, and nobody else sees it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from omni.staff.models import Draft, User
from tests import factories
from tests.browser.sitting import seat
from tests.house import House

IDLE_SECONDS = 8


def change_store(page: Page) -> None:
    page.fill("#id_pickup_minutes", "77")
    page.uncheck("#id_offers_shipping")
    page.check("[name=sa_closed]")
    page.fill("[name=mo_from1]", "08:15")
    expect(page.locator("[data-changes-number]")).to_have_text("4 changes")


def change_role(page: Page) -> None:
    page.check("[value='stores.manage']")
    page.uncheck("[value='customers.view']")


def change_key(page: Page) -> None:
    page.fill("#id_name", "Till of the fair")
    page.check("[value='orders.place']")


FORMS = {"/stores/lille/": change_store, "/roles/clerk/": change_role, "/keys/new/": change_key}
KEPT = {
    "/stores/lille/": {"#id_pickup_minutes": "77", "[name=mo_from1]": "08:15", "#id_keep_days": "7"},
    "/roles/clerk/": {},
    "/keys/new/": {"#id_name": "Till of the fair"},
}
TICKS = {
    "/stores/lille/": {"#id_offers_shipping": False, "#id_offers_pickup": True, "[name=sa_closed]": True},
    "/roles/clerk/": {
        "[value='stores.manage']": True,
        "[value='customers.view']": False,
        "[value='orders.view']": True,
        "[value='people.manage']": False,
    },
    "/keys/new/": {"[value='orders.place']": True, "[value='orders.view']": False},
}


@pytest.mark.django_db(transaction=True)
def test_what_was_changed_in_settings_outlives_the_idle_lock_for_its_person_alone(
    chromium: Any, live_server: Any, house: House, settings: Any
) -> None:
    stores = [house.lille, house.lens]
    ada: User = factories.PersonFactory(login="ada", name="Ada Admin", role="administrator", stores=stores)
    other: User = factories.PersonFactory(login="otto", name="Otto Other", role="administrator", stores=stores)
    house.lille.opening_hours = "Mo-Sa 09:00-19:00"
    house.lille.save()
    settings.SESSION_IDLE_SECONDS = IDLE_SECONDS
    walk = seat(chromium, live_server.url, ada, "/stores/lille/")
    for number, (address, change) in enumerate(FORMS.items()):
        page = walk.page if number == 0 else walk.context.new_page()
        if number:
            page.goto(f"{live_server.url}{address}")
        with page.expect_response("**/drafts/"):
            change(page)
    for page in walk.context.pages:
        page.wait_for_url("**/sign-in/", timeout=15_000)
    walk.finish()
    assert Draft.objects.filter(person=ada).count() == len(FORMS)
    settings.SESSION_IDLE_SECONDS = 600
    assert shown(chromium, live_server, other) == {"kept": [], "lost": list(FORMS)}
    assert shown(chromium, live_server, ada) == {"kept": list(FORMS), "lost": []}


def shown(chromium: Any, live_server: Any, person: User) -> dict[str, list[str]]:
    """Return on which of the forms somebody finds everything that Ada changed."""
    walk = seat(chromium, live_server.url, person, "/more/")
    found: dict[str, list[str]] = {"kept": [], "lost": []}
    for address in FORMS:
        with walk.page.expect_response("**/drafts/?*"):
            walk.page.goto(f"{live_server.url}{address}")
        walk.page.wait_for_load_state("networkidle")
        values = {one: walk.page.input_value(one) for one in KEPT[address]}
        ticks = {one: walk.page.is_checked(one) for one in TICKS[address]}
        found["kept" if (values, ticks) == (KEPT[address], TICKS[address]) else "lost"].append(address)
    walk.finish()
    return found


@pytest.mark.django_db(transaction=True)
def test_a_tab_that_rests_does_not_lock_the_one_somebody_works_in(
    chromium: Any, live_server: Any, house: House, agent: User, settings: Any
) -> None:
    settings.SESSION_IDLE_SECONDS = 6
    walk = seat(chromium, live_server.url, agent, "/orders/")
    resting, working = walk.page, walk.context.new_page()
    working.goto(f"{live_server.url}/customers/")
    for _second in range(8):
        working.keyboard.press("Shift")
        working.wait_for_timeout(1000)
    assert [page.url.removeprefix(live_server.url) for page in (resting, working)] == ["/orders/", "/customers/"]
    for page in (resting, working):
        page.wait_for_url("**/sign-in/", timeout=15_000)
    walk.finish()


@pytest.mark.django_db(transaction=True)
def test_a_day_is_copied_and_the_bars_follow(chromium: Any, live_server: Any, house: House, manager: User) -> None:
    house.lille.opening_hours = "Mo 09:00-12:00,14:00-18:00; Tu-Sa 10:00-19:00"
    house.lille.save()
    walk = seat(chromium, live_server.url, manager, "/stores/lille/")
    page = walk.page
    page.select_option("#copy_from", "mo")
    page.select_option("#copy_to", "mo,tu,we,th,fr")
    page.click("[data-copy-day]")
    expect(page.locator("[name=fr_until2]")).to_have_value("18:00")
    expect(page.locator("#bar-fr svg")).to_have_attribute("aria-label", "09:00–12:00, 14:00–18:00")
    expect(page.locator("#bar-sa svg")).to_have_attribute("aria-label", "10:00–19:00")
    expect(page.locator("#store-preview")).to_contain_text("Mon–Fri 09:00–12:00, 14:00–18:00 · Sat 10:00–19:00")
    page.fill("#id_keep_days", "5")
    page.press("#id_keep_days", "Enter")  # the way to save without a mouse; it copies nothing
    expect(page.locator(".toast, .messages")).to_contain_text("Saved")
    house.lille.refresh_from_db()
    assert house.lille.opening_hours == "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-19:00"
    assert house.lille.keep_days == 5
    walk.finish()
