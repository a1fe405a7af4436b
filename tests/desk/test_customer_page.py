"""The customer's page: one person over all channels, in a fixed number of statements, as far as its reader may see."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from loyalty import panels as loyalty
from omni.desk import customer_page
from omni.staff.models import Role, User
from orders.fulfilment.services import handing_over
from orders.sales import panels as sales
from tests import factories, history, journeys
from tests.conftest import House
from tests.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]
EMAIL = "camille@example.org"


def code_of(email: str = EMAIL) -> str:
    return str(Customer.objects.get(identities__value=email).code)


def page(client: Client, query: str = "", email: str = EMAIL) -> str:
    answer = client.get(f"/customers/{code_of(email)}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def thread(shown: str) -> list[str]:
    """The rows of the thread as one reads them: title, who, reference, amount."""
    rows = re.findall(r"<li(?: class=\"row-link\")?><time class=\"quiet\".*?</li>", shown, re.S)
    return [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row.split("</time>")[1]))).strip() for row in rows]


@pytest.fixture
def camille(house: House, clerk: User) -> Customer:
    """Somebody with an open order, one that is ready, and one that was handed over, all in Lille."""
    journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000, email=EMAIL)
    journeys.ready(journeys.placed(house.lille, {"SKU-2": 1}, by=clerk, email=EMAIL), by=clerk)
    journeys.handed_over(journeys.placed(house.lille, {"SKU-3": 1}, by=clerk, paid=3000, email=EMAIL), by=clerk)
    person = Customer.objects.get(identities__value=EMAIL)
    factories.IdentityFactory(customer=person, kind="phone", value="+33639984567")
    factories.IdentityFactory(customer=person, kind="card", value="2900000000017")
    factories.AddressFactory(customer=person)
    return person


def test_who_it_is_and_what_they_come_to(agent_client: Client, camille: Customer) -> None:
    answer = agent_client.get(f"/customers/{camille.code}/")
    who, figures = answer.context["customer"], answer.context["figures"]
    assert (who["name"], who["initials"], who["place"]) == ("Camille Martin", "CM", "Lille")
    assert [identity["value"] for identity in who["identities"]] == ["06 39 98 45 67", EMAIL, "2900000000017"]
    assert figures["value"] == 7000
    assert (figures["orders"], figures["average"]) == (3, 2333)
    assert (figures["points"], figures["pending"]) == (30, 40)


def test_open_promises_are_tickets_and_the_rest_is_not(agent_client: Client, camille: Customer) -> None:
    shown = page(agent_client)
    tickets = re.findall(r'<article class="ticket[^"]*">.*?</article>', shown, re.S)
    assert len(tickets) == 2
    assert "2 items, paid." in tickets[0]
    assert "Lille, Locker 1" in tickets[1]
    assert "1 item, to pay: €20.00. Kept until" in tickets[1]
    assert [re.findall(r'is-now" aria-current="step">([^<]+)<', ticket) for ticket in tickets] == [
        ["Ordered"],
        ["Ready"],
    ]


def test_the_page_costs_nine_statements_however_much_there_is(
    agent_client: Client, house: House, camille: Customer, clerk: User, statements: Counting
) -> None:
    page(agent_client)
    with statements() as few:
        page(agent_client)
    code = code_of()
    for number in range(12):
        history.bought(house, house.lens, f"2017-03-{1 + number:02d} 10:00", paid=1234, customer=camille)
        journeys.placed(house.lens, {"SKU-1": 1, "SKU-2": 2}, by=clerk, email=EMAIL)
        factories.MessageFactory(customer=camille, location=house.lille)
    with statements() as many:
        assert agent_client.get(f"/customers/{code}/").status_code == 200
    assert len(few) == 10, few  # the test itself asks for the code
    assert len(many) == 9, many


def test_the_thread_tells_every_channel_newest_first(
    agent_client: Client, house: House, clerk: User, integrator: User
) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=integrator, paid=4000, email=EMAIL)
    person = Customer.objects.get(identities__value=EMAIL)
    history.bought(house, house.lens, "2017-03-04 18:30", paid=1234, customer=person)
    fulfilment = journeys.ready(order, by=clerk)
    factories.MessageFactory(customer=person, location=house.lille, subject="Your order is ready")
    handing_over.hand_over(fulfilment_id=fulfilment.pk, proof="code", actor_id=clerk.pk)
    number = order.order.number
    assert thread(page(agent_client)) == [
        f"Handed over Clara Clerk {number}",
        f"Points earned: +40 {number}",
        "Your order is ready E-mail",
        f"Ready, Locker 1 Clara Clerk {number}",
        f"Preparation started Clara Clerk {number}",
        f"Points to come: +40 {number}",
        f"Order, Web shop, 3 items Lille {number} €40.00",
        "Purchase, 1 item Lens H-1 €12.34".replace("H-1", person.orders.get(imported=True).number),
    ]


def test_older_rows_come_by_the_link_each_of_them_once(
    agent_client: Client, house: House, camille: Customer, clerk: User
) -> None:
    for number in range(40):
        history.bought(house, house.lens, "2017-03-04 10:00", paid=100 + number, customer=camille)
        factories.MessageFactory(customer=camille, location=house.lille, subject=f"Letter {number}")
    seen: list[str] = []
    query = ""
    for _page in range(10):
        shown = page(agent_client, query)
        seen += thread(shown)
        more = re.search(r'<a class="row-more" href="[^"?]*(\?before=[^"#]+)#thread-title"', shown)
        if more is None:
            break
        query = unescape(more[1])
    letters = [row for row in seen if row.startswith("Letter")]
    purchases = [row for row in seen if row.startswith("Purchase")]
    assert letters == [f"Letter {number} E-mail" for number in reversed(range(40))]
    assert sorted(int(re.sub(r"\D", "", row.split("€")[1])) for row in purchases) == list(range(100, 140))
    assert len(seen) - 80 == 8 + 4  # events of three orders, moves of their points


@pytest.mark.parametrize("before", ["", "nonsense", "-1-2-3", "9" * 40, "1-1-1"])
def test_a_strange_place_in_the_thread_is_no_error(agent_client: Client, camille: Customer, before: str) -> None:
    page(agent_client, f"?before={before}")


def test_what_other_stores_hold_is_counted_and_not_told(
    agent_client: Client, house: House, camille: Customer, clerk: User
) -> None:
    canary = journeys.placed(house.amiens, {"SKU-5": 1}, by=clerk, paid=5000, email=EMAIL)
    journeys.handed_over(canary, by=clerk)
    past = history.bought(house, house.amiens, "2017-03-04 10:00", paid=4321, customer=camille)
    factories.MessageFactory(customer=camille, location=house.amiens, subject="Canary letter")
    answer = agent_client.get(f"/customers/{camille.code}/")
    shown = answer.content.decode()
    assert "2 more orders are held by stores that are not yours." in shown
    for word in (canary.order.number, canary.ways[0].short_id, past.number, "Amiens", "50.00", "43.21", "Canary"):
        assert word not in shown, word
    assert (answer.context["figures"]["orders"], answer.context["figures"]["value"]) == (3, 7000)
    assert answer.context["figures"]["points"] == 30 + 50 + 43  # one account, whoever's till it was


def test_who_may_not_see_orders_still_sees_the_person(client: Client, house: House, camille: Customer) -> None:
    person = factories.PersonFactory(role="clerk", stores=[house.lille])
    Role.objects.filter(code="clerk").update(permissions=["customers.view"])
    client.force_login(person)
    shown = page(client)
    assert "Camille Martin" in shown
    assert "points-title" in shown
    for absent in ("orders-title", "thread-title", "open-now", "W-1"):
        assert absent not in shown


@pytest.mark.parametrize(
    ("module", "name", "gone", "left"),
    [
        (loyalty, "points_of", "points-title", ["orders-title", "thread-title", "open-now"]),
        (sales, "orders_of", "orders-title", ["points-title", "thread-title", "open-now"]),
        (sales, "thread", "thread-title", ["points-title", "orders-title", "open-now"]),
        (customer_page.fulfilment, "open_of_customer", "open-now", ["points-title", "orders-title", "thread-title"]),
        (loyalty, "context", "points-title", ["orders-title", "thread-title", "open-now"]),
    ],
)
def test_a_panel_that_fails_does_not_take_the_page_down(
    agent_client: Client,
    camille: Customer,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    gone: str,
    left: list[str],
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("secret of the inside")

    monkeypatch.setattr(module, name, fail)
    shown = page(agent_client)
    assert gone not in shown
    for panel in left:
        assert panel in shown
    assert shown.count("This part could not be read.") == 1
    assert "secret of the inside" not in shown


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_does_not_take_the_page_down(
    agent_client: Client, camille: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loyalty, "WALLET", "SELECT 1 / 0 AS posted, %(customer)s, %(limit)s, %(at)s, %(rank)s, %(id)s")
    shown = page(agent_client)
    assert "points-title" not in shown
    assert "orders-title" in shown


def test_a_code_that_nobody_has_is_not_found(agent_client: Client, house: House) -> None:
    assert agent_client.get("/customers/000000000000/").status_code == 404
