"""The list of orders and the page of one: of one's stores only, in a fixed number of statements, page by page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from customers.models import Customer
from omni.staff.models import User
from orders.fulfilment.services import giving_up, shorting
from orders.sales.models import Order
from tests import factories, history, journeys
from tests.conftest import House
from tests.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]
EMAIL = "camille@example.org"


def numbers(client: Client, query: str = "") -> list[str]:
    """The order numbers on a page of the list, from top to bottom."""
    answer = client.get(f"/orders/{query}")
    assert answer.status_code == 200
    return [row["number"] for row in answer.context["rows"]]


@pytest.fixture
def past(house: House) -> list[Order]:
    """Orders of 4 March 2017 in all three stores, the newest first; two of them at the same instant."""
    stores = [house.lille, house.lens, house.lille, house.amiens, house.lens]
    times = ["09:00", "10:00", "10:00", "11:00", "23:45"]
    made = [
        history.bought(house, store, f"2017-03-04 {time}", paid=1000 + number)
        for number, (store, time) in enumerate(zip(stores, times, strict=True))
    ]
    return sorted(made, key=lambda order: (order.placed_at, order.pk), reverse=True)


def test_the_list_holds_ones_own_stores_newest_first(agent_client: Client, house: House, past: list[Order]) -> None:
    assert numbers(agent_client) == [order.number for order in past if order.location != house.amiens]


def test_filters_narrow_it_down(agent_client: Client, house: House, clerk: User, past: list[Order]) -> None:
    web = journeys.placed(house.lens, {"SKU-1": 1}, by=clerk, email=EMAIL, external_ref="shop-77").order.number
    done = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000, email=EMAIL)
    journeys.handed_over(done, by=clerk)
    old = [order.number for order in past if order.location == house.lens]
    code = Customer.objects.get(identities__value=EMAIL).code
    assert numbers(agent_client, "?store=lens") == [web, *old]
    assert numbers(agent_client, "?status=open") == [web]
    assert numbers(agent_client, "?status=cancelled") == []
    assert numbers(agent_client, "?channel=web&store=lille") == [done.order.number]
    assert numbers(agent_client, "?day=2017-03-04&store=lens") == old
    assert numbers(agent_client, "?day=2017-03-05") == []
    assert numbers(agent_client, f"?text={web.lower()}") == [web]
    assert numbers(agent_client, "?text=shop-77") == [web]
    assert numbers(agent_client, "?text=camille+martin&status=open") == [web]
    assert (
        numbers(agent_client, f"?text={EMAIL}")
        == numbers(agent_client, f"?customer={code}")
        == [done.order.number, web]
    )
    assert numbers(agent_client, "?text=nobody-at-all") == []


def test_a_filter_opens_no_other_store(agent_client: Client, house: House, past: list[Order], clerk: User) -> None:
    canary = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk, email=EMAIL, external_ref="canary").order.number
    for query in (f"?text={canary}", "?text=canary", f"?text={EMAIL}", "?status=open"):
        assert numbers(agent_client, query) == []
    answer = agent_client.get("/orders/?store=amiens")
    assert (answer.status_code, answer.context["rows"]) == (400, [])
    assert b"Amiens" not in answer.content


@pytest.mark.parametrize("query", ["?store=nowhere", "?channel=x", "?status=x", "?day=31-12", "?text=" + "x" * 500])
def test_a_filter_that_makes_no_sense_is_said_and_finds_nothing(
    agent_client: Client, past: list[Order], query: str
) -> None:
    answer = agent_client.get(f"/orders/{query}")
    assert (answer.status_code, answer.context["rows"]) == (400, [])


def test_pages_follow_each_other_while_new_orders_come_in(agent_client: Client, house: House) -> None:
    made = [history.bought(house, house.lille, "2017-03-04 10:00", paid=1000).number for _ in range(120)]
    seen: list[str] = []
    query = ""
    for _page in range(3):
        answer = agent_client.get(f"/orders/{query}")
        seen += [row["number"] for row in answer.context["rows"]]
        history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
        query = answer.context["next_url"].removeprefix("/orders/")
    assert seen == made[::-1]
    assert query == ""
    assert answer.context["list"]["url"] == "/orders/"


def test_pages_keep_their_filter(agent_client: Client, house: House) -> None:
    for _ in range(60):
        history.bought(house, house.lens, "2017-03-04 10:00", paid=1000)
        history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
    answer = agent_client.get("/orders/?store=lens&day=2017-03-04")
    assert (answer.context["list"]["count_line"], answer.context["list"]["amount"]) == ("60 orders", 60000)
    following = agent_client.get(answer.context["next_url"])
    assert {row["store"] for row in following.context["rows"]} == {"Lens"}
    assert len(following.context["rows"]) == 10
    assert following.context["list"]["query"] == "store=lens&day=2017-03-04"
    assert following.context["next_url"] == ""


def test_the_list_costs_the_same_statements_for_one_row_and_for_fifty(
    agent_client: Client, house: House, clerk: User, statements: Counting
) -> None:
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email=EMAIL)
    numbers(agent_client)
    with statements() as one:
        assert len(numbers(agent_client)) == 1
    for number in range(49):
        order = journeys.placed(house.lens, {"SKU-1": 1, "SKU-2": 1}, by=clerk, email=f"buyer-{number}@example.com")
        if number % 2:
            journeys.ready(order, by=clerk)
    with statements() as fifty:
        assert len(numbers(agent_client)) == 50
    assert len(fifty) == len(one) == 10, fifty


def test_a_day_is_the_day_of_the_store(agent_client: Client, house: House) -> None:
    late = history.bought(
        house, house.lille, "2017-03-26 00:10", paid=1000
    )  # 25 March, 23:10 UTC; the clock changes at 2
    assert late.placed_at == datetime(2017, 3, 25, 23, 10, tzinfo=UTC)
    assert numbers(agent_client, "?day=2017-03-26") == [late.number]
    assert numbers(agent_client, "?day=2017-03-25") == []


def test_a_row_says_how_an_open_order_stands(agent_client: Client, house: House, clerk: User) -> None:
    journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3), tick=False):
        agent_client.force_login(User.objects.get(login="agent"))
        (row,) = agent_client.get("/orders/").context["rows"]
    assert (row["status"]["state"], row["status"]["label"], row["late"]) == ("late", "Late", True)
    assert (row["pieces"], row["total"], row["short_id"]) == (3, 4000, "L1-1")


def test_the_fragment_holds_the_rows_only(agent_client: Client, past: list[Order]) -> None:
    answer = agent_client.get("/orders/", headers={"HX-Request": "true"})
    assert answer.content.strip().startswith(b'<div id="list"')
    assert past[0].number.encode() in answer.content


def test_an_order_says_what_was_bought_paid_and_done(agent_client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(
        house.lille, {"SKU-1": 2, "SKU-3": 1}, by=clerk, paid=5000, email=EMAIL, external_ref="shop-1"
    )
    fulfilment = journeys.fulfilment_of(order)
    line = fulfilment.lines.get(order_line__position=1)
    shorting.report_short(
        fulfilment_id=fulfilment.pk, line_id=line.pk, quantity=1, reason="not_found", actor_id=clerk.pk
    )
    shown = agent_client.get(f"/orders/{order.order.number}/")
    context = shown.context
    assert (context["order"]["external_ref"], context["order"]["total"], context["order"]["dropped"]) == (
        "shop-1",
        5000,
        1000,
    )
    assert [(one["name"], one["quantity"], one["note"]) for one in context["lines"]] == [
        ("Article 1", 2, "1 not delivered"),
        ("Article 3", 1, ""),
    ]
    assert [one["vat_label"] for one in context["lines"]] == ["20%", "5.5%"]
    assert [(one["label"], one["amount"]) for one in context["payments"]] == [("Card, online", 5000)]
    assert [ticket["title"] for ticket in context["tickets"]] == [order.ways[0].short_id]
    assert [row.title for row in context["timeline"]] == [
        "Missing: Article 1 × 1",
        "Preparation started",
        "Order, Web shop, 3 items",
    ]
    assert context["points_line"] == "50 points to come"


def test_what_was_refunded_is_shown_as_given_back(agent_client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000, email=EMAIL)
    giving_up.cancel(fulfilment_id=journeys.fulfilment_of(order).pk, actor_id=clerk.pk, reason="changed mind")
    context = agent_client.get(f"/orders/{order.order.number}/").context
    assert [one["amount"] for one in context["payments"]] == [1000, -1000]
    assert context["order"]["status"] == {"state": "neutral", "label": "Cancelled"}
    assert [(one["state"], one["title"]) for one in context["fulfilments"]] == [("neutral", order.ways[0].short_id)]
    assert context["points_line"] == ""
    assert context["timeline"][0].amount == -1000


def test_an_imported_order_has_a_page_too(agent_client: Client, house: House) -> None:
    person = factories.CustomerFactory()
    order = history.bought(house, house.lille, "2017-03-04 10:00", paid=1234, customer=person)
    shown = agent_client.get(f"/orders/{order.number}/").context
    assert shown["order"]["imported"]
    assert [line["unit_price"] for line in shown["lines"]] == [None]
    assert [row.title for row in shown["timeline"]] == ["Purchase, 1 item"]
    assert shown["points_line"] == "12 points earned"


@pytest.mark.parametrize("others", [0, 5])
def test_the_page_of_an_order_costs_ten_statements_with_its_customer_beside_it(
    agent_client: Client, house: House, clerk: User, statements: Counting, others: int
) -> None:
    order = journeys.placed(house.lille, {sku: 1 for sku in house.skus}, by=clerk, paid=15000, email=EMAIL)
    journeys.handed_over(order, by=clerk)
    for _ in range(others):
        journeys.placed(house.lens, {"SKU-1": 1}, by=clerk, email=EMAIL)
    url = f"/orders/{order.order.number}/"
    agent_client.get(url)
    with statements() as seen:
        assert agent_client.get(url).status_code == 200
    assert len(seen) == 10, seen


def test_an_order_of_another_store_does_not_exist(agent_client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk)
    assert agent_client.get(f"/orders/{order.order.number}/").status_code == 404
    assert agent_client.get("/orders/W-999999999/").status_code == 404


def test_names_of_people_are_data(agent_client: Client, house: House) -> None:
    person = factories.CustomerFactory(given_name="<script>alert(1)</script>", family_name="&")
    history.bought(house, house.lille, "2017-03-04 10:00", paid=1234, customer=person)
    for url in ("/orders/", f"/customers/{person.code}/", "/customers/?q=script"):
        shown = agent_client.get(url, follow=True).content.decode()
        assert "<script>alert" not in shown
        assert re.search(r"&lt;script&gt;alert", shown), unescape(shown)[:200]
