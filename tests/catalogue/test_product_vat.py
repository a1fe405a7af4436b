"""The VAT of a product: its class, the rate of each territory today, and the next one where one is dated."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from inventory.catalog.models import Product
from inventory.places.models import Location
from omni.desk import product_page
from omni.lib import reference
from omni.staff.models import User
from orders.pricing.models import VatRate
from orders.pricing.queries import next_vat_rate
from tests import factories
from tests.conftest import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(house: House) -> Product:
    """Bread at 5.5 % in France, where 7 % is decided for 2031; Lens is in Belgium."""
    VatRate.objects.all().delete()
    Location.objects.filter(pk=house.lens.pk).update(territory="BE")
    for territory, rate, on in (("FR", 550, "2014-01-01"), ("FR", 700, "2031-01-01"), ("BE", 600, "2000-01-01")):
        VatRate.objects.create(territory=territory, vat_class="reduced", rate=rate, starts_on=on)
    reference.forget()
    return factories.ProductFactory(code="BREAD", vat_class="reduced")


def section(clerk: User) -> str:
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("product", args=["BREAD"])).content.decode()
    panel = page[page.index('aria-labelledby="vat"') :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", panel[: panel.index("</section>")]))


@time_machine.travel("2030-06-01T10:00:00Z", tick=False)
def test_every_territory_with_a_store_has_its_rate_and_the_next_one(clerk: User, bread: Product) -> None:
    said = section(clerk)
    assert "VAT Reduced" in said
    assert "Belgium 6% France 7% from 1 Jan 2031 5.5%" in said


@time_machine.travel("2030-12-31T23:30:00Z", tick=False)
def test_a_rate_begins_on_the_clock_of_the_house(clerk: User, bread: Product) -> None:
    said = section(clerk)
    assert "France 7%" in said
    assert "from" not in said


def test_a_territory_without_a_rate_is_said(clerk: User, bread: Product) -> None:
    VatRate.objects.filter(territory="BE").delete()
    reference.forget()
    assert "Belgium No rate: nothing of it can be sold here" in section(clerk)


def test_the_same_rate_written_again_is_no_next_one(bread: Product) -> None:
    VatRate.objects.create(territory="BE", vat_class="reduced", rate=600, starts_on="2031-01-01")
    VatRate.objects.create(territory="BE", vat_class="reduced", rate=900, starts_on="2032-01-01")
    reference.forget()
    keys = {"territory": "BE", "vat_class": "reduced"}
    assert next_vat_rate(**keys, after=date(2030, 1, 1)) == (date(2032, 1, 1), 900)
    assert next_vat_rate(**keys, after=date(2032, 1, 1)) is None


def test_the_page_stands_when_the_panel_fails(
    clerk_client: Client, bread: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_found: Product) -> None:
        raise ValueError

    monkeypatch.setattr(product_page, "_vat", broken)
    answer = clerk_client.get(reverse("product", args=["BREAD"]))
    assert answer.status_code == 200
    assert "This part could not be read." in answer.content.decode()
