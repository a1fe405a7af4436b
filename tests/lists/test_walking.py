"""From one order to the next of the list somebody works through: filter and order stay, and its end is said."""

import re
from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from tests import journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(house: House, clerk: User) -> list[str]:
    """Four orders, the newest first: Lille, Lens, Lille, Lille."""
    stores = [house.lille, house.lille, house.lens, house.lille]
    return [journeys.placed(store, {"SKU-1": 1}, by=clerk).order.number for store in stores][::-1]


def first_of(client: Client, query: str) -> str:
    """Return the address of the first row of the list, as the list writes it."""
    page = client.get(f"/orders/{query}").content.decode()
    found = re.search(r'<a class="cover" href="([^"]+)"', page)
    assert found
    return unescape(found[1])


def walked(client: Client, start: str) -> tuple[list[str], str, str]:
    """Return the orders one comes by with `e`, where that ends, and what is said there."""
    seen, url = [], start
    while url.startswith("/orders/") and "?list=" in url:
        page = client.get(url)
        seen.append(page.context["order"]["number"])
        answer = client.get(page.context["next_url"])
        url = answer["Location"]
    done = f"from={seen[-1]}"
    assert url.endswith(done)
    client.get(url)
    return seen, url.removesuffix(done)[:-1], " ".join(str(one) for one in get_messages(answer.wsgi_request))


def test_next_keeps_the_filter_and_the_order_and_says_when_the_list_is_at_its_end(
    agent_client: Client, some: list[str]
) -> None:
    last = "That was the last one of this list."
    assert walked(agent_client, first_of(agent_client, "")) == (some, "/orders/", last)
    lille = [some[0], some[2], some[3]]
    assert walked(agent_client, first_of(agent_client, "?store=lille")) == (lille, "/orders/?store=lille", last)
    turned = "?store=lille&sort=placed"
    assert walked(agent_client, first_of(agent_client, turned)) == (lille[::-1], f"/orders/{turned}", last)


def test_an_order_that_no_longer_matches_does_not_lose_the_place(
    agent_client: Client, clerk: User, some: list[str]
) -> None:
    page = agent_client.get(first_of(agent_client, "?status=to_pick&sort=promised"))
    done = page.context["order"]["number"]
    order = Fulfilment.objects.get(order__number=done)
    giving_up.cancel(fulfilment_id=order.pk, actor_id=clerk.pk, reason="mistake")
    following = agent_client.get(agent_client.get(page.context["next_url"])["Location"])
    assert following.context["order"]["number"] == some[::-1][some[::-1].index(done) + 1]


def test_back_leads_to_the_list_as_it_was_asked(agent_client: Client, some: list[str]) -> None:
    page = agent_client.get(first_of(agent_client, "?store=lille&sort=-total"))
    assert page.context["back_url"] == "/orders/?store=lille&sort=-total"
    assert page.context["cancel_url"].startswith(f"/orders/{page.context['order']['number']}/cancellation/?list=")


def test_who_did_not_come_from_a_list_is_offered_no_next(agent_client: Client, some: list[str]) -> None:
    for place in ("", "?list=", "?list=store%3Dlille", "?list=%00"):
        page = agent_client.get(f"/orders/{some[0]}/{place}")
        assert (page.status_code, page.context["next_url"]) == (200, "")


def test_what_is_done_leaves_its_tab_and_what_was_open_stays(agent_client: Client, some: list[str]) -> None:
    agent_client.get(f"/orders/{some[3]}/")
    page = agent_client.get(first_of(agent_client, "?store=lille&sort=-placed"))
    assert [one["label"] for one in page.context["tabs"]] == [some[3], some[0]]
    page = agent_client.get(page.context["next_url"], follow=True)
    assert [one["label"] for one in page.context["tabs"]] == [some[3], some[2]]
    page = agent_client.get(page.context["next_url"], follow=True)
    assert [one["label"] for one in page.context["tabs"]] == [some[3]]
    page = agent_client.get(page.context["next_url"], follow=True)
    assert page.redirect_chain[-1][0].startswith("/orders/?store=lille&sort=-placed&from=")
    assert page.context["tabs"] == []


def test_the_walk_goes_by_one_s_own_stores(agent_client: Client, house: House, clerk: User, some: list[str]) -> None:
    foreign = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk).order.number
    assert foreign not in walked(agent_client, first_of(agent_client, ""))[0]


@pytest.mark.parametrize("place", ["x", "n1", "t99999999999999999999~1", "n1~x", "~"])
def test_a_place_that_makes_no_sense_begins_the_list(agent_client: Client, some: list[str], place: str) -> None:
    answer = agent_client.get("/lists/orders/next/", {"before": place})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"/orders/{some[0]}/")
