"""Pages of a list follow each other in every order, both ways, in a fixed number of statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from omni.staff.models import User
from tests import history, journeys
from tests.conftest import House
from tests.statements import Statements


@pytest.mark.parametrize("sort", ["-placed", "placed", "total", "-total", "promised", "-promised"])
def test_pages_go_down_and_back_up_without_losing_or_doubling_a_row(
    agent_client: Client, house: House, clerk: User, sort: str
) -> None:
    for number in range(110):
        history.bought(house, house.lille, "2017-03-04 10:00", paid=1000 + number % 7)
    for _ in range(15):
        journeys.placed(house.lens, {"SKU-1": 1}, by=clerk)
    pages, address = [], f"/orders/?sort={sort}"
    while address and len(pages) < 4:
        context = agent_client.get(address).context
        pages.append([row["number"] for row in context["rows"]])
        last, address = context, context["next_url"]
    assert [len(page) for page in pages] == [50, 50, 25]
    assert len({number for page in pages for number in page}) == 125
    back = [pages[-1]]
    while last["previous_url"] and len(back) < 4:
        last = agent_client.get(last["previous_url"]).context
        back.append([row["number"] for row in last["rows"]])
    assert back == pages[::-1]


def test_the_heads_say_how_the_list_is_sorted(agent_client: Client, house: House) -> None:
    history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
    body = agent_client.get("/orders/?sort=-total&status=completed").content.decode()
    assert body.count("aria-sort=") == 1
    assert (
        'number" aria-sort="descending"><a class="list-sort" href="/orders/?status=completed&amp;sort=total">Total'
        in body
    )


def test_a_list_costs_the_same_statements_whatever_is_asked(
    agent_client: Client, house: House, clerk: User, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    counts = {}
    for rows in (1, 60):
        for _ in range(rows - (rows > 1)):
            journeys.placed(house.lille, {"SKU-1": 1, "SKU-2": 1}, by=clerk)
        for query in ("", "?sort=promised", "?status=to_pick&kind=pickup&promise=at_risk", "?sort=-total&store=lille"):
            agent_client.get(f"/orders/{query}")
            with statements() as seen:
                agent_client.get(f"/orders/{query}")
            counts[rows, query] = len(seen)
    assert {query: counts[1, query] for rows, query in counts if rows == 1} == {
        query: counts[60, query] for rows, query in counts if rows == 60
    }
    assert max(counts.values()) <= 10, counts


def test_the_file_costs_three_statements_for_each_five_hundred_rows(
    manager_client: Client, house: House, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    counts = []
    manager_client.get("/lists/orders/export/").getvalue()
    for _ in range(2):
        for _row in range(40):
            history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
        with statements() as seen:
            manager_client.get("/lists/orders/export/").getvalue()
        counts.append(seen)
    assert len(counts[0]) == len(counts[1]), f"{counts[0]}\n\n{counts[1]}"


def test_new_rows_are_announced_and_nothing_is_answered_when_there_are_none(
    agent_client: Client, house: House, clerk: User
) -> None:
    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    news = agent_client.get("/orders/?store=lille&sort=total").context["list"]["news_url"]
    assert agent_client.get(news).status_code == 204
    journeys.placed(house.lens, {"SKU-1": 1}, by=clerk)
    journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk)
    assert agent_client.get(news).status_code == 204
    for _ in range(2):
        journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    answer = agent_client.get(news)
    assert (answer.status_code, answer.context["words"], answer.context["url"]) == (
        200,
        "2 new orders",
        "/orders/?store=lille&sort=total",
    )


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 30, "%00"])
def test_a_word_that_is_no_version_announces_nothing(agent_client: Client, house: House, since: str) -> None:
    history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
    assert agent_client.get(f"/lists/orders/news/?since={since}").status_code == 204
