"""A clerk who misses a piece reads which other store could serve it, before anything happens."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from inventory.sourcing.models import RuleSet
from inventory.stock.models import Reservation, StockLevel
from omni.lib import reference
from omni.staff.models import User
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


def told(client: Client, house: House, clerk: User, kind: str = "pickup") -> str:
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, kind=kind, paid=2000)
    short = reverse("short-line", args=[journeys.fulfilment_of(order).public_id, 1])
    answer = client.get(short, {"reason": "not_found"})
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_store_that_sourcing_would_choose_is_named_and_nothing_is_kept_there(
    clerk_client: Client, house: House, clerk: User
) -> None:
    page = told(clerk_client, house, clerk)
    assert "Lens could serve it, 28 km from here" in page
    assert "Nothing is kept there yet." in page
    assert set(Reservation.objects.values_list("location__code", flat=True)) == {"lille"}


def test_a_store_without_enough_is_not_named(clerk_client: Client, house: House, clerk: User) -> None:
    StockLevel.objects.filter(location=house.lens).update(on_hand=1)
    assert "Amiens could serve it, 99 km from here" in told(clerk_client, house, clerk)
    StockLevel.objects.filter(location=house.amiens).update(on_hand=1)
    assert "No other store can serve all of it" in told(clerk_client, house, clerk)


def test_parcels_come_from_stores_that_ship(clerk_client: Client, house: House, clerk: User) -> None:
    house.lens.offers_shipping = False
    house.lens.save()
    reference.forget()
    assert "Amiens could serve it" in told(clerk_client, house, clerk, kind="ship")
    assert "Lens could serve it" in told(clerk_client, house, clerk)


def test_without_rules_the_page_says_so(clerk_client: Client, house: House, clerk: User) -> None:
    RuleSet.objects.all().delete()
    reference.forget()
    assert "No rule says which other store serves" in told(clerk_client, house, clerk)
