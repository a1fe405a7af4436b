"""The catalogue in the hand: a photo is added from the device, and a large file says by itself how far it is."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inventory.catalog.models import ImportWork, Product, ProductPhoto
from inventory.catalog.services import working
from tests import factories
from tests.browser.visit import PORTRAIT, Visit
from tests.catalogue import files, pictures
from tests.conftest import House
from tests.permissions.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(house: House) -> World:
    return build(house, foreign=False)


def visit_of(chromium: Any, live_server: Any, world: World, **options: Any) -> Visit:
    return Visit(chromium, live_server.url, world.callers["manager"], "manager", size=PORTRAIT, **options)


def nothing_was_refused(visit: Visit, where: str) -> None:
    visit.listen()
    visit.examine(where)
    assert not visit.errors + visit.findings, "\n".join(visit.errors + visit.findings)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_is_added_and_shown(
    chromium: Any, live_server: Any, world: World, tmp_path: Path, scripts: bool
) -> None:
    file = tmp_path / "shirt.jpg"
    file.write_bytes(pictures.made(size=(600, 400)))
    visit = visit_of(chromium, live_server, world, javascript=scripts)
    visit.open(reverse("product", args=["product-1"]))
    visit.page.get_by_label("Photo", exact=True).set_input_files(file)
    visit.page.get_by_label("What it shows").fill("A red square")
    visit.page.get_by_role("button", name="Add the photo").click()
    shown = visit.page.get_by_role("img", name="A red square")
    expect(shown).to_be_visible()
    assert ProductPhoto.objects.get(position=2).alternative == "A red square"
    if scripts:
        expect(shown).to_have_js_property("naturalWidth", 320)
        nothing_was_refused(visit, "a product with a photo")


def test_a_large_file_says_how_far_it_is_until_it_is_applied(
    chromium: Any, live_server: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 0)
    found = files.checked(world.own.staff, files.text([f"NEW;Newcomer;;;NEW-2;{factories.gtin(901)};5"]))
    visit = visit_of(chromium, live_server, world)
    visit.open(reverse("catalogue-import", args=[found.public_id]))
    visit.page.get_by_role("button", name="Apply").click()
    expect(visit.page.get_by_text("Waits for its turn")).to_be_visible()
    ImportWork.objects.update(stage="prices", done=3, total=4)
    expect(visit.page.get_by_text("Writing prices")).to_be_visible()
    expect(visit.page.get_by_text("75%", exact=True)).to_be_visible()
    nothing_was_refused(visit, "a file that is applied")
    working.work_on_due()
    expect(visit.page.get_by_role("button", name="Undo the whole file")).to_be_visible()
    assert Product.objects.filter(code="NEW").exists()
