"""Beside an order stands its customer at a glance, as far as the reader may see them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.services.identifying import GivenCustomer
from omni.desk import customer_beside
from omni.staff.models import Role, User
from orders.fulfilment.services import giving_up
from orders.placing.services.placing import PlacedOrder
from tests import factories, history, journeys
from tests.conftest import House
from tests.permissions.world import sign_in

pytestmark = pytest.mark.django_db

AMINA = GivenCustomer({"phone": "+33639984567", "email": "amina@example.org"}, "Amina", "Benali")


def page(client: Client, order: PlacedOrder) -> str:
    answer = client.get(f"/orders/{order.order.number}/")
    assert answer.status_code == 200
    return str(answer.context["beside"])


def bought(store: Any, by: User, **more: Any) -> PlacedOrder:
    return journeys.placed(store, {"SKU-1": 1}, by=by, paid=1000, customer=AMINA, **more)


def test_it_says_how_they_are_reached_what_they_hold_and_what_else_they_ordered(
    agent_client: Client, house: House, clerk: User
) -> None:
    made = [bought(house.lille, clerk) for _ in range(5)]
    giving_up.cancel(fulfilment_id=journeys.fulfilment_of(made[3]).pk, actor_id=clerk.pk, reason="mistake")
    journeys.ready(made[2], by=clerk)
    journeys.handed_over(made[1], by=clerk)
    beside = page(agent_client, made[4])
    for words in ("Amina Benali", 'href="tel:+33639984567"', "06 39 98 45 67", "amina@example.org", "10 points"):
        assert words in beside
    wanted = [(made[3], "Cancelled"), (made[2], "Ready"), (made[1], "Completed")]
    places = [beside.index(f">{one.order.number}<") for one, _word in wanted]
    assert places == sorted(places)
    for (_one, word), place in zip(wanted, places, strict=True):
        row = beside[place:]
        assert word in row[: row.index("</li>")]
    assert made[4].order.number not in beside
    assert made[0].order.number not in beside


def test_another_store_s_orders_are_counted_and_not_shown(agent_client: Client, house: House, clerk: User) -> None:
    own, foreign = bought(house.lille, clerk), bought(house.amiens, clerk)
    beside = page(agent_client, own)
    assert foreign.order.number not in beside
    assert "Amiens" not in beside
    assert "1 more order is held by a store that is not yours." in beside
    assert "This is the only one." in beside


def test_who_may_not_see_customers_sees_none(house: House, clerk: User) -> None:
    Role.objects.create(code="packer", name="Packer", permissions=["orders.view"])
    packer = factories.PersonFactory(login="packer", role="packer", stores=[house.lille])
    client = Client()
    sign_in(client, packer)
    order = bought(house.lille, clerk)
    assert page(client, order) == ""
    whole = client.get(f"/orders/{order.order.number}/").content.decode()
    assert "amina@example.org" not in whole
    assert '<aside class="context" aria-label="Beside it"></aside>' in whole


def test_an_order_without_a_customer_stands_alone(agent_client: Client, house: House) -> None:
    order = history.bought(house, house.lille, "2017-03-04 10:00", paid=1234)
    answer = agent_client.get(reverse("order", args=[order.number]))
    assert (answer.status_code, answer.context["beside"]) == (200, "")


def test_the_order_stands_when_the_customer_cannot_be_read(
    agent_client: Client, house: House, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bought(house.lille, clerk)

    def broken(*_args: Any) -> None:
        raise RuntimeError("no customers today")

    monkeypatch.setattr(customer_beside, "others_of", broken)
    answer = agent_client.get(f"/orders/{order.order.number}/")
    assert answer.status_code == 200
    assert answer.context["lines"]
    assert "RuntimeError" not in answer.content.decode()
    assert answer.context["beside"]
