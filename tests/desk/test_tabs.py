"""Workspace tabs of the desk: at most eight, each an address, kept with the session and never in the browser."""

import re
from html import unescape

from django.test import Client

from customers.models import Customer
from omni.desk import tabs
from omni.staff.models import User
from tests import factories, journeys
from tests.conftest import House


def shown(page: str) -> list[str]:
    """Return the addresses of the tabs of a page, in their order."""
    strip = re.search(r'<nav class="tabs".*?</nav>', page, re.S)
    return re.findall(r'<a href="([^"]+)"', unescape(strip[0])) if strip else []


def orders(house: House, by: User, number: int) -> list[str]:
    return [f"/orders/{journeys.placed(house.lille, {'SKU-1': 1}, by=by).order.number}/" for _ in range(number)]


def test_what_is_read_at_the_desk_becomes_a_tab(house: House, clerk: User, agent_client: Client) -> None:
    first, second = orders(house, clerk, 2)
    person = f"/customers/{Customer.objects.order_by('pk').values_list('code', flat=True)[0]}/"
    for address in (first, person, second, first):
        page = agent_client.get(address).content.decode()
    assert shown(page) == [first, person, second]
    assert page.count('data-key="]"') == 1, "the first tab has a neighbour on its right only"
    assert page.count('data-key="["') == 0


def test_the_ninth_closes_the_oldest(house: House, clerk: User, agent_client: Client) -> None:
    opened = orders(house, clerk, 9)
    for address in opened:
        page = agent_client.get(address).content.decode()
    assert shown(page) == opened[1:]
    assert len(shown(page)) == tabs.MOST


def test_closing_the_tab_one_reads_goes_on_to_its_neighbour(house: House, clerk: User, agent_client: Client) -> None:
    first, second = orders(house, clerk, 2)
    agent_client.get(first)
    agent_client.get(second)
    answer = agent_client.post("/tabs/close/", {"tab": first, "here": first})
    assert answer["Location"] == second
    assert shown(agent_client.get("/orders/").content.decode()) == [second]
    again = agent_client.post("/tabs/close/", {"tab": first, "here": second})
    assert again["Location"] == second, "closing twice closes once"
    last = agent_client.post("/tabs/close/", {"tab": second, "here": second})
    assert last["Location"] == "/orders/"


def test_closing_leads_nowhere_else(house: House, clerk: User, agent_client: Client) -> None:
    [one] = orders(house, clerk, 1)
    agent_client.get(one)
    for elsewhere in ("https://evil.example/", "//evil.example/", "today", ""):
        answer = agent_client.post("/tabs/close/", {"tab": one, "here": elsewhere})
        assert answer["Location"] == "/", elsewhere


def test_a_page_that_is_not_one_s_own_opens_no_tab(house: House, agent_client: Client) -> None:
    seller = factories.PersonFactory(login="elsewhere", role="integrator", stores=house.stores)
    foreign = journeys.placed(house.amiens, {"SKU-1": 1}, by=seller)
    assert agent_client.get(f"/orders/{foreign.order.number}/").status_code == 404
    assert agent_client.session.get(tabs.SESSION_KEY) is None


def test_a_store_s_tablet_keeps_no_tabs(house: House, clerk: User, clerk_client: Client) -> None:
    [one] = orders(house, clerk, 1)
    page = clerk_client.get(one).content.decode()
    assert shown(page) == []
    assert clerk_client.session.get(tabs.SESSION_KEY) is None
