"""What narrows a list down lives in its address, reads as words, and never shows more than one may see."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.test import Client

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from tests import journeys
from tests.conftest import House


def numbers(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/orders/{query}")
    assert answer.status_code == 200, answer.context["list"]["problem"]
    return [row["number"] for row in answer.context["rows"]]


@pytest.fixture
def three(house: House, clerk: User) -> dict[str, str]:
    """One order to prepare, one in somebody's hands, one ready; the last two of Lens, one of them a parcel."""
    waiting = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, external_ref="first")
    begun = journeys.placed(house.lens, {"SKU-2": 1}, by=clerk, kind="ship", ship_to={"town": "Arras"})
    journeys.picked(begun, by=clerk)
    ready = journeys.placed(house.lens, {"SKU-3": 1}, by=clerk)
    journeys.ready(ready, by=clerk)
    return {"waiting": waiting.order.number, "begun": begun.order.number, "ready": ready.order.number}


def test_a_step_a_way_and_a_store_narrow_it_down(agent_client: Client, three: dict[str, str]) -> None:
    waiting, begun, ready = three["waiting"], three["begun"], three["ready"]
    assert numbers(agent_client, "?status=to_pick") == [waiting]
    assert numbers(agent_client, "?status=picking&status=ready") == [ready, begun]
    assert numbers(agent_client, "?status=open") == [ready, begun, waiting]
    assert numbers(agent_client, "?status=to_pick&status=cancelled") == [waiting]
    assert numbers(agent_client, "?kind=ship") == [begun]
    assert numbers(agent_client, "?kind=pickup&store=lens") == [ready]
    assert numbers(agent_client, "?store=lens&store=lille") == [ready, begun, waiting]
    assert numbers(agent_client, "?channel=phone&channel=web") == [ready, begun, waiting]
    assert numbers(agent_client, "?channel=phone") == []


def test_late_is_what_the_row_calls_late_and_at_risk_what_it_calls_at_risk(
    agent: User, house: House, three: dict[str, str]
) -> None:
    promised = Fulfilment.objects.get(order__number=three["waiting"]).promised_at
    for minutes, expected in ((-30, ""), (-10, "at_risk"), (1, "late")):
        with time_machine.travel(promised + timedelta(minutes=minutes), tick=False):
            client = Client()
            client.force_login(agent)
            rows = client.get("/orders/?store=lille").context["rows"]
            for wanted in ("late", "at_risk"):
                found = numbers(client, f"?promise={wanted}&store=lille")
                assert found == ([three["waiting"]] if wanted == expected else [])
            assert rows[0]["status"]["state"] == (expected or "new")


def test_what_is_ready_is_neither_late_nor_at_risk(agent: User, three: dict[str, str]) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3), tick=False):
        client = Client()
        client.force_login(agent)
        late = numbers(client, "?promise=late&promise=at_risk")
    assert three["ready"] not in late
    assert set(late) == {three["waiting"], three["begun"]}


def test_an_address_says_what_it_shows_and_takes_each_filter_away(agent_client: Client, three: dict[str, str]) -> None:
    query = "?text=first&store=lille&status=to_pick&status=ready&placed_from=2020-01-01&sort=-total"
    answer = agent_client.get(f"/orders/{query}")
    chips = answer.context["list"]["chips"]
    assert [(chip.name, chip.words) for chip in chips] == [
        ("text", "first"),
        ("store", "Lille"),
        ("status", "To prepare, Ready"),
        ("placed_from", "1 Jan 2020"),
    ]
    assert [row["number"] for row in answer.context["rows"]] == [three["waiting"]]
    everything = parse_qsl(query[1:])
    for chip in chips:
        assert sorted(parse_qsl(chip.query)) == sorted(pair for pair in everything if pair[0] != chip.name)
        assert chip.name == "text" or f'href="/orders/?{chip.query}"'.replace("&", "&amp;") in answer.content.decode()
    again = agent_client.get(f"/orders/?{answer.context['list']['query']}")
    assert [row["number"] for row in again.context["rows"]] == [three["waiting"]]
    assert again.context["list"]["count_line"] == "1 order"


def test_three_of_a_kind_are_counted_instead_of_named(agent_client: Client, house: House) -> None:
    (chip,) = agent_client.get("/orders/?status=open&status=completed&status=cancelled").context["list"]["chips"]
    assert chip.words == "3 chosen"


WRONG = [
    "?status=x",
    "?status=open&status=x",
    "?kind=teleport",
    "?promise=soon",
    "?store=amiens",
    "?store=lille&store=amiens",
    "?channel=%00",
    "?placed_from=31-12",
    "?placed_to=99999-01-01",
    "?text=" + "x" * 500,
]


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("address", ["/orders/", "/lists/orders/export/", "/lists/orders/news/"])
def test_what_makes_no_sense_is_said_and_widens_nothing(
    manager_client: Client, three: dict[str, str], query: str, address: str
) -> None:
    more = "&since=0" if "news" in address else ""
    answer = manager_client.get(f"{address}{query}{more}")
    body = answer.getvalue().decode() if answer.streaming else answer.content.decode()
    assert answer.status_code == (204 if "news" in address else 400)
    assert not [number for number in three.values() if number in body]
    if address == "/orders/":
        assert "This list cannot be narrowed down so" in body
        assert answer.context["list"]["count_line"] == ""


@pytest.mark.parametrize(
    "query", ["?sort=nonsense", "?before=x~1", "?before=n5", "?before=t" + "9" * 30 + "~1", "?after=%00", "?sort=-"]
)
def test_a_place_or_an_order_that_makes_no_sense_is_the_first_page(
    agent_client: Client, three: dict[str, str], query: str
) -> None:
    assert numbers(agent_client, query) == [three["ready"], three["begun"], three["waiting"]]


def test_years_that_no_calendar_tells_find_nothing(agent_client: Client, three: dict[str, str]) -> None:
    assert numbers(agent_client, "?placed_from=0001-01-01") == []
    assert numbers(agent_client, "?placed_to=9999-12-31") == []


def test_the_same_filters_serve_messages(agent_client: Client, house: House, clerk: User) -> None:
    from customers.models import Customer
    from customers.services.writing import queue_message

    journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email="camille@example.org")
    person = Customer.objects.get(identities__value="camille@example.org")
    facts: dict[str, Any] = {"fulfilment": 1, "order": "W-1"}
    for number, store in enumerate((house.lille, house.lens, house.amiens)):
        queue_message(
            customer=person, template="pickup_ready", subject="s", reference=f"r{number}", facts=facts,
            location_id=store.pk,
        )  # fmt: skip
    seen = agent_client.get("/messages/?status=queued&template=pickup_ready").context
    assert (len(seen["rows"]), seen["list"]["count_line"]) == (2, "2 messages")
    assert len(agent_client.get("/messages/?store=lens").context["rows"]) == 1
    assert agent_client.get("/messages/?status=sent").context["rows"] == []
    assert agent_client.get("/messages/?store=amiens").status_code == 400
