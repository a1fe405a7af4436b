"""Views of a list: kept by their maker, shared with a team or a store, and to everybody else not there."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from omni.staff.list_models import ChosenColumns, SavedView
from omni.staff.models import User
from tests import factories, history
from tests.conftest import House


def keep(client: Client, name: str, query: str = "status=open&store=lille", share: str = "me", **more: Any) -> str:
    """Keep a view as the form does; return where that led."""
    form = {"name": name, "query": query, "share": share, "idempotency_key": str(uuid4()), **more}
    answer = client.post("/lists/orders/views/", form)
    assert answer.status_code == 303
    return answer["Location"]


def tabs(client: Client, query: str = "") -> list[str]:
    return [tab["name"] for tab in client.get(f"/orders/{query}").context["views"]]


@pytest.fixture
def colleague(house: House) -> Client:
    """A second agent, of Lens only."""
    client = Client()
    client.force_login(factories.PersonFactory(login="second", role="agent", stores=[house.lens]))
    return client


def test_a_view_keeps_what_is_asked_and_opens_it_again(agent_client: Client, house: House) -> None:
    order = history.bought(house, house.lens, "2017-03-04 10:00", paid=1000)
    address = keep(agent_client, "Lens, dear first", "status=completed&store=lens&sort=-total")
    view = SavedView.objects.get()
    assert (view.query, view.listing, view.columns) == ("status=completed&store=lens&sort=-total", "orders", None)
    for opened in (address, f"/orders/?view={view.public_id}"):
        context = agent_client.get(opened).context
        assert [row["number"] for row in context["rows"]] == [order.number]
        assert (context["list"]["sort"], context["list"]["view_changed"]) == ("-total", False)
        assert [tab["name"] for tab in context["views"] if tab["current"]] == ["Lens, dear first"]
    changed = agent_client.get(f"/orders/?status=completed&view={view.public_id}").context
    assert changed["list"]["view_changed"]


def test_a_private_view_does_not_exist_for_anybody_else(
    agent_client: Client, manager_client: Client, house: House
) -> None:
    keep(agent_client, "Mine")
    view = SavedView.objects.get()
    assert tabs(manager_client) == ["All"]
    for listed in ("/orders/", "/lists/orders/export/", "/lists/orders/news/"):
        assert manager_client.get(f"{listed}?view={view.public_id}&since=0").status_code == 404
    for method, address in (
        ("get", f"/lists/orders/views/{view.public_id}/"),
        ("post", f"/lists/orders/views/{view.public_id}/"),
        ("post", f"/lists/orders/views/{view.public_id}/deletion/"),
    ):
        assert getattr(manager_client, method)(address, {"name": "Theirs"}).status_code == 404, address
    answer = manager_client.post("/lists/orders/columns/", {"query": f"view={view.public_id}", "column": "total"})
    assert answer.status_code == 404
    assert SavedView.objects.get().name == "Mine"


def test_a_team_and_a_store_see_what_is_shared_with_them(
    agent_client: Client, clerk_client: Client, manager_client: Client, colleague: Client, house: House
) -> None:
    keep(agent_client, "For agents", share="team")
    keep(agent_client, "For Lille", share=str(house.lille.pk))
    assert tabs(agent_client) == ["All", "For agents", "For Lille"]
    assert tabs(colleague) == ["All", "For agents"]
    assert tabs(clerk_client) == tabs(manager_client) == ["All", "For Lille"]


def test_a_shared_view_shows_its_reader_s_stores_only(agent_client: Client, colleague: Client, house: House) -> None:
    lille = history.bought(house, house.lille, "2017-03-04 10:00", paid=1000)
    lens = history.bought(house, house.lens, "2017-03-04 10:00", paid=1000)
    keep(agent_client, "All that is done", "status=completed", share="team")
    view = SavedView.objects.get()
    body = colleague.get(f"/orders/?view={view.public_id}").content.decode()
    assert lens.number in body
    assert lille.number not in body


def test_nobody_shares_with_a_store_that_is_not_theirs(agent_client: Client, house: House) -> None:
    for share in (str(house.amiens.pk), "x", "-1", "٣"):
        keep(agent_client, "Far away", share=share)
    assert not SavedView.objects.exists()


def test_only_the_maker_and_who_may_change_shared_views_do_so(
    agent_client: Client, clerk_client: Client, manager_client: Client, house: House
) -> None:
    keep(agent_client, "Ours", share=str(house.lille.pk))
    view = SavedView.objects.get()
    address = f"/lists/orders/views/{view.public_id}/"
    for method in ("get", "post"):
        assert getattr(clerk_client, method)(address, {"name": "Clerks'"}).status_code == 403
    assert clerk_client.post(f"{address}deletion/").status_code == 403
    assert SavedView.objects.get().name == "Ours"
    assert manager_client.post(address, {"name": "Everybody's"}).status_code == 303
    assert SavedView.objects.get().name == "Everybody's"
    assert agent_client.post(address, {"name": "Mine again", "share": "me"}).status_code == 303
    assert manager_client.get(address).status_code == 404
    assert agent_client.post(f"{address}deletion/").status_code == 302
    assert not SavedView.objects.exists()


def test_a_form_sent_twice_keeps_one_view_and_a_name_is_taken_once(agent_client: Client, house: House) -> None:
    key = str(uuid4())
    first, second = keep(agent_client, "Once", idempotency_key=key), keep(agent_client, "Once", idempotency_key=key)
    assert first == second
    keep(agent_client, "Once", "status=cancelled")
    assert SavedView.objects.get().query == "status=open&store=lille"
    assert "You already have a view with this name." in agent_client.get("/orders/").content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u200bb"])
def test_a_view_without_a_proper_name_is_not_kept(agent_client: Client, house: House, name: str) -> None:
    keep(agent_client, name)
    assert not SavedView.objects.exists()


def test_columns_are_kept_on_the_server_for_each_person_and_view(
    agent_client: Client, colleague: Client, house: House
) -> None:
    def shown(client: Client, query: str = "") -> list[str]:
        return [head["column"].name for head in client.get(f"/orders/{query}").context["columns"]]

    whole = shown(agent_client)
    agent_client.post("/lists/orders/columns/", {"query": "", "column": ["total", "nonsense", "placed"]})
    assert shown(agent_client) == ["number", "total", "placed"]
    assert shown(colleague) == whole
    keep(agent_client, "Short", "status=completed", share="team", column=["number", "store"])
    view = f"?view={SavedView.objects.get().public_id}"
    assert shown(agent_client, view) == shown(colleague, view) == ["number", "store"]
    colleague.post("/lists/orders/columns/", {"query": view[1:], "column": ["kind"]})
    assert (shown(colleague, view), shown(agent_client, view)) == (["number", "kind"], ["number", "store"])
    agent_client.post("/lists/orders/columns/", {"query": view[1:], "column": ["status"]})
    assert (shown(colleague, view), shown(agent_client, view)) == (["number", "kind"], ["number", "status"])
    agent_client.post("/lists/orders/columns/", {"query": "", "reset": "1"})
    assert shown(agent_client) == whole
    assert ChosenColumns.objects.count() == 1


def test_a_list_one_may_not_read_has_no_views(house: House, agent: User) -> None:
    client = Client()
    client.force_login(factories.PersonFactory(login="integrates", role="integrator", stores=[house.lille]))
    assert client.post("/lists/outbox/views/", {"name": "x", "query": ""}).status_code == 403
