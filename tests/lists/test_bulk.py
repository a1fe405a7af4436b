"""Many rows at once: frozen, asked, done row by row, and told, also what was refused and why."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from omni.staff.list_models import BulkItem, BulkRun
from omni.staff.models import Role, User
from omni.staff.services import bulk
from orders.payments.models import Payment
from orders.sales.models import Order, OrderEvent
from tests import journeys
from tests.conftest import House


def choose(client: Client, *numbers: str, query: str = "", action: str = "cancel", **more: Any) -> Any:
    form = {"action": action, "row": list(numbers), "query": query, "idempotency_key": str(uuid4()), **more}
    return client.post("/lists/orders/bulk/", form)


def steps(client: Client, reason: str = "mistake") -> None:
    run = BulkRun.objects.get()
    answer = client.post(f"/lists/orders/runs/{run.public_id}/steps/", {"reason": reason})
    assert answer.status_code == 303


def outcomes() -> dict[str, str]:
    return dict(BulkItem.objects.values_list("label", "outcome"))


@pytest.fixture
def some(house: House, clerk: User) -> list[str]:
    """Three paid orders of Lille; the second was handed over."""
    made = [journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000) for _ in range(3)]
    journeys.handed_over(made[1], by=clerk)
    return [one.order.number for one in made]


def test_what_can_be_done_is_done_and_what_cannot_says_why(agent_client: Client, house: House, some: list[str]) -> None:
    answer = choose(agent_client, *some, query="status=open")
    assert answer.status_code == 303
    page = agent_client.get(answer["Location"])
    assert (page.context["number"], page.context["told"]) == (3, [])
    assert Order.objects.filter(status="cancelled").count() == 0
    steps(agent_client)
    assert outcomes() == {some[0]: "done", some[1]: "refused", some[2]: "done"}
    told = agent_client.get(answer["Location"]).context
    assert (told["done"], told["refused_number"], told["worked"]) == (2, 1, 3)
    (refused,) = told["told"][0]["rows"]
    assert refused["label"] == some[1]
    assert refused["words"]
    assert told["back_url"] == "/orders/?status=open"
    assert set(Order.objects.filter(status="cancelled").values_list("number", flat=True)) == {some[0], some[2]}
    assert house.level("SKU-1").reserved == 0
    assert Payment.objects.filter(kind="refund").count() == 2
    assert set(OrderEvent.objects.filter(kind="order_cancelled").values_list("data__reason", flat=True)) == {"mistake"}


def test_giving_money_back_to_many_begins_with_a_proof(agent: User, some: list[str]) -> None:
    with time_machine.travel(1_795_000_000, tick=False) as traveller:
        client = Client()
        client.force_login(agent)
        choose(client, *some)
        traveller.shift(300)
        run = BulkRun.objects.get()
        asked = client.post(f"/lists/orders/runs/{run.public_id}/steps/", {"reason": "mistake"})
    assert (asked.status_code, "step_up_proof" in asked.content.decode()) == (422, True)
    assert not Payment.objects.filter(kind="refund").exists()


def test_a_form_sent_twice_is_one_run_and_a_step_sent_twice_cancels_once(agent_client: Client, some: list[str]) -> None:
    key = str(uuid4())
    first, second = (choose(agent_client, *some, idempotency_key=key)["Location"] for _ in range(2))
    assert first == second
    assert BulkRun.objects.count() == 1
    for _ in range(3):
        steps(agent_client)
    assert Payment.objects.filter(kind="refund").count() == 2
    assert OrderEvent.objects.filter(kind="order_cancelled").count() == 2


def test_a_run_goes_on_where_it_ended(
    agent_client: Client, house: House, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.number for _ in range(7)]
    monkeypatch.setattr(bulk.go_on, "__kwdefaults__", {"limit": 3})
    choose(agent_client, *numbers)
    progress = []
    while BulkRun.objects.get().ended_at is None and len(progress) < 9:
        steps(agent_client)
        progress.append(Order.objects.filter(status="cancelled").count())
    assert progress == [3, 6, 7]


def test_all_that_match_are_those_of_one_s_own_stores(
    agent_client: Client, house: House, clerk: User, some: list[str]
) -> None:
    canary = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk).order.number
    choose(agent_client, all="1", query="status=open")
    assert set(outcomes()) == {some[0], some[2]}
    steps(agent_client)
    assert Order.objects.get(number=canary).status == "open"


def test_a_foreign_number_in_the_form_chooses_nothing(agent_client: Client, house: House, clerk: User) -> None:
    canary = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk).order.number
    answer = choose(agent_client, canary, query="status=open")
    assert answer["Location"] == "/orders/?status=open"
    assert not BulkRun.objects.exists()
    for query in ("store=amiens", "status=nonsense"):
        choose(agent_client, all="1", query=query)
    assert not BulkRun.objects.exists()


def test_who_loses_a_store_or_the_right_before_the_step_does_nothing_there(
    agent: User, agent_client: Client, house: House, clerk: User, some: list[str]
) -> None:
    lens = journeys.placed(house.lens, {"SKU-1": 1}, by=clerk).order.number
    choose(agent_client, some[0], lens)
    agent.storeaccess_set.filter(location=house.lens).delete()
    from omni.lib import reference

    reference.forget()
    steps(agent_client)
    assert outcomes() == {some[0]: "done", lens: "refused"}
    assert Order.objects.get(number=lens).status == "open"
    Role.objects.filter(code="agent").update(permissions=["orders.view"])
    reference.forget()
    run = BulkRun.objects.get()
    assert agent_client.post(f"/lists/orders/runs/{run.public_id}/steps/").status_code == 403


def test_who_may_not_cancel_is_refused_and_a_run_is_its_maker_s_alone(
    clerk_client: Client, agent_client: Client, manager_client: Client, some: list[str]
) -> None:
    assert choose(clerk_client, *some).status_code == 403
    assert not BulkRun.objects.exists()
    address = choose(agent_client, *some)["Location"]
    assert manager_client.get(address).status_code == 404
    assert manager_client.post(f"{address}steps/", {"reason": "mistake"}).status_code == 404
    assert set(outcomes().values()) == {"waiting"}


def test_a_run_that_does_not_say_why_does_not_begin(agent_client: Client, some: list[str]) -> None:
    address = choose(agent_client, *some)["Location"]
    assert agent_client.post(f"{address}steps/", {"reason": "boredom"}).status_code == 422
    assert BulkRun.objects.get().begun_at is None
    assert Order.objects.filter(status="cancelled").count() == 0


def test_a_row_that_breaks_is_told_and_does_not_stop_the_others(
    agent_client: Client, some: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.fulfilment.services import giving_up

    real, broken = giving_up.cancel_order, Order.objects.get(number=some[0]).pk

    def sometimes(*, order_id: int, actor_id: int, reason: str) -> Any:
        real(order_id=order_id, actor_id=actor_id, reason=reason)
        if order_id == broken:
            raise RuntimeError("after half of it")

    monkeypatch.setattr(giving_up, "cancel_order", sometimes)
    choose(agent_client, *some)
    steps(agent_client)
    assert outcomes() == {some[0]: "failed", some[1]: "refused", some[2]: "done"}
    assert Order.objects.get(number=some[0]).status == "open"


def test_pick_lists_are_those_of_what_is_still_to_be_prepared(manager_client: Client, some: list[str]) -> None:
    waiting = Order.objects.get(number=some[0]).fulfilments.get()
    address = choose(manager_client, some[0], some[1], action="pick_lists")["Location"]
    assert address.endswith(f"?id={waiting.public_id}")
    assert not BulkRun.objects.exists()
    assert choose(manager_client, some[1], action="pick_lists")["Location"] == "/orders/"
    assert choose(manager_client, *some, action="explode")["Location"] == "/orders/"
