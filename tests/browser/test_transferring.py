"""Pieces go from one store to another by scan: listed, kept, gone; at the other end scanned, explained, for sale."""

from typing import Any

import pytest
from playwright.sync_api import expect

from inventory.transfers.models import Transfer
from omni.staff.models import User
from tests import factories
from tests.browser.conftest import PICTURES
from tests.browser.sitting import on_azerty, on_qwerty, press, seat
from tests.browser.walk import Walk
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def fits(walk: Walk, name: str) -> None:
    """Nothing stands beyond the edge, and nothing is wrong with the page."""
    width = walk.page.viewport_size["width"]
    assert walk.page.evaluate("document.documentElement.scrollWidth") <= width, name
    walk.check(name, PICTURES)


def test_pieces_are_sent_and_received_by_scan(chromium: Any, live_server: Any, house: House, clerk: User) -> None:
    gtins = [str(variant.gtin) for variant in house.variants]
    here = seat(chromium, live_server.url, clerk, "/transfers/")
    page = here.page
    fits(here, "transfers-none")
    page.get_by_role("link", name="Send, ask for or receive").click()
    expect(page.get_by_label("Other store", exact=True)).to_be_visible()
    expect(page.get_by_label("Supplier")).to_be_hidden()
    page.get_by_label("Other store", exact=True).select_option(label="Amiens")
    fits(here, "transfer-begin")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Scan what shall go")).to_be_visible()
    tally = page.locator(".count-tally output")
    for code, figures in ((gtins[0], ["1"]), (gtins[0], ["2"]), (gtins[1], ["2", "1"])):
        press(page, on_qwerty(code))
        expect(tally).to_have_text(figures)
    press(page, on_qwerty("3760012845026"))
    expect(page.get_by_text("Nothing is known under this code")).to_be_visible()
    fits(here, "transfer-draft")
    page.get_by_role("button", name="Ready: keep these pieces").click()
    expect(page.get_by_role("button", name="It leaves: 3 pieces")).to_be_visible()
    fits(here, "transfer-ready")
    page.get_by_role("button", name="It leaves: 3 pieces").click()
    expect(page.get_by_text("On its way")).to_be_visible()
    transfer = Transfer.objects.get()
    here.finish()

    colleague = factories.PersonFactory(login="anne", role="clerk", stores=[house.amiens])
    there = seat(chromium, live_server.url, colleague, "/today/", width=800, height=1280)
    page = there.page
    press(page, on_azerty(transfer.number))
    expect(page.get_by_text("Scan the first piece")).to_be_visible()
    tally = page.locator(".count-tally output")
    press(page, on_qwerty(gtins[0]))
    expect(tally).to_have_text(["1"])
    press(page, on_qwerty("3760012845026"))
    expect(page.get_by_text("Parked, 1 piece")).to_be_visible()
    fits(there, "transfer-reception")
    page.get_by_role("link", name="Everything is scanned").click()
    expect(page.get_by_text("2 pieces are no longer expected")).to_be_visible()
    page.get_by_role("radio", name="Came damaged").first.check()
    page.get_by_role("radio", name="Not in the parcel").last.check()
    fits(there, "transfer-closing")
    page.get_by_role("button", name="Close: 1 of 3, 2 differences").click()
    expect(page.get_by_text("The transfer is received")).to_be_visible()
    fits(there, "transfer-received")
    there.finish()
    level = house.level("SKU-1", house.amiens)
    assert (level.on_hand, level.damaged, level.incoming) == (102, 1, 0)
    assert house.level("SKU-2", house.amiens).on_hand == 100
