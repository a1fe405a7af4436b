"""One field finds a person by whatever is known of them, and orders of one's stores; an index answers every look-up."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

import pytest
from django.db import connection
from django.test import Client

from customers.models import Customer, NameWord
from customers.queries import finding
from omni.staff.models import Role, User
from tests import factories, journeys
from tests.conftest import House
from tests.statements import Statements

Counting = Callable[[], AbstractContextManager[Statements]]


def somebody(given: str, family: str, **identities: str) -> Customer:
    person = factories.CustomerFactory(given_name=given, family_name=family)
    for kind, value in identities.items():
        factories.IdentityFactory(customer=person, kind=kind, value=value)
    return person


@pytest.fixture
def amina(house: House) -> Customer:
    """The person looked for, among people who resemble her."""
    somebody("Aminata", "Bertrand", phone="+33639984568", email="aminata@example.org", card="2900000000017")
    somebody("Jean-Noël", "Lefèvre", phone="+33199004567", email="jn.lefevre@example.org", card="2900000000024")
    somebody("Mohamed", "Martin", email="momo@example.net")
    return somebody(
        "Amina", "Benali", phone="+33639984567", email="a.benali@example.org", card="2900000000031", web="amina-92"
    )


def names(client: Client, text: str) -> list[str]:
    """The names that the fragment shows while somebody types."""
    return [unescape(name) for name in re.findall(r'class="cover name" href="[^"]+">([^<]*)<', typed(client, text))]


def typed(client: Client, text: str) -> str:
    """The fragment that comes while somebody types."""
    answer = client.get("/customers/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "+33639984567", "06 39 98 45 67", "0639984567", "06.39.98.45.67", "06-39-98-45-67", "0033 6 39 98 45 67",
        "+33 (0)6 39 98 45 67", "06/39/98/45/67", "a.benali@example.org", "A.Benali@Example.ORG", "a.benali@", "a.ben",
        "2900000000031", "29 0000 0000 031", "amina-92", "benali", "Amina Benali", "benali amina", "AMINA BENALI",
        "ben ami", "benalli", "amina bennali", "bénali",
    ],
)  # fmt: skip
def test_a_person_is_found_by(agent_client: Client, amina: Customer, text: str) -> None:
    assert names(agent_client, text) == ["Amina Benali"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4567", {"Amina Benali", "Jean-Noël Lefèvre"}),
        ("984567", {"Amina Benali"}),
        ("0031", {"Amina Benali"}),
        ("063998", {"Amina Benali", "Aminata Bertrand"}),
        ("+33 6 39 98", {"Amina Benali", "Aminata Bertrand"}),
        ("amina", {"Amina Benali", "Aminata Bertrand"}),
        ("am", {"Amina Benali", "Aminata Bertrand"}),
        ("lefevre", {"Jean-Noël Lefèvre"}),
        ("LEFÈVRE jean noel", {"Jean-Noël Lefèvre"}),
        ("lefebvre", {"Jean-Noël Lefèvre"}),
        ("bertrnad", {"Aminata Bertrand"}),
        ("martin m", {"Mohamed Martin"}),
        ("456", set()),
        ("zzzzzz", set()),
        ("benali martin", set()),
    ],
)
def test_a_part_finds_everybody_who_has_it(agent_client: Client, amina: Customer, text: str, found: set[str]) -> None:
    assert set(names(agent_client, text)) == found


def test_whole_words_come_before_beginnings(agent_client: Client, amina: Customer) -> None:
    assert names(agent_client, "amina") == ["Amina Benali", "Aminata Bertrand"]


@pytest.mark.parametrize("text", ["", "a", " ", "%", "__", "';--", "\x00", "&|!:*()", "((((", "a" * 500])
def test_nonsense_finds_nobody_and_breaks_nothing(agent_client: Client, amina: Customer, text: str) -> None:
    assert names(agent_client, text) == []


def test_names_are_searched_from_three_letters_on(agent_client: Client, house: House) -> None:
    somebody("Lia", "Wu")
    assert names(agent_client, "li") == []
    assert names(agent_client, "wu") == []
    assert names(agent_client, "lia") == ["Lia Wu"]
    assert names(agent_client, "wu lia") == ["Lia Wu"]


def test_a_renamed_person_is_found_by_the_new_name_also_mistyped(agent_client: Client, amina: Customer) -> None:
    Customer.objects.filter(pk=amina.pk).update(family_name="Desrousseaux")
    assert NameWord.objects.filter(word="desrousseaux").exists()
    assert names(agent_client, "desrouseaux") == ["Amina Desrousseaux"]
    assert names(agent_client, "benali") == []


def test_enter_on_a_single_hit_opens_it(agent_client: Client, amina: Customer) -> None:
    answer = agent_client.get("/customers/", {"q": "4567 "})
    assert answer.status_code == 200
    answer = agent_client.get("/customers/", {"q": "06 39 98 45 67"})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{amina.code}/")


def test_typing_never_redirects(agent_client: Client, amina: Customer) -> None:
    answer = agent_client.get("/customers/", {"q": "06 39 98 45 67"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b"<html" not in answer.content
    assert b'id="results"' in answer.content
    assert "HX-Request" in answer["Vary"]


def test_twenty_are_shown_and_more_is_said(agent_client: Client, house: House) -> None:
    for number in range(25):
        somebody("Paul", f"Dupont-{number}")
    answer = agent_client.get("/customers/", {"q": "dupont"})
    assert len(answer.context["rows"]) == 20
    assert answer.context["more"]


@pytest.mark.parametrize(
    "spelling", ["{number}", "{lower}", "{digits}", "{closed}", "ext-{digits}", "{short}", "{spaced}"]
)
def test_an_order_leads_to_its_customer(agent_client: Client, house: House, clerk: User, spelling: str) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email="camille@example.org")
    digits = order.order.number.split("-")[1]
    other = journeys.wish(house.lille, {"SKU-1": 1}, email="camille@example.org", external_ref=f"ext-{digits}")
    journeys.placing.place_order(wish=other, actor=journeys.acting(clerk, channel="web"))
    words = {
        "number": order.order.number,
        "lower": order.order.number.lower(),
        "digits": digits,
        "closed": order.order.number.replace("-", ""),
        "short": order.ways[0].short_id,
        "spaced": order.ways[0].short_id.replace("-", " ").lower(),
    }
    answer = agent_client.get("/customers/", {"q": spelling.format(**words)})
    code = Customer.objects.get(identities__value="camille@example.org").code
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{code}/")


def test_an_order_of_another_store_leads_nowhere(agent_client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk, external_ref="canary-1")
    for text in (order.order.number, order.order.number.split("-")[1], "canary-1", order.ways[0].short_id):
        assert names(agent_client, text) == []


def test_who_may_not_see_orders_finds_none_by_them(client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    person = factories.PersonFactory(stores=[house.lille])
    Role.objects.filter(code="clerk").update(permissions=["customers.view"])
    client.force_login(person)
    assert names(client, order.order.number) == []


def test_an_open_short_id_comes_before_the_ones_it_was_given_to_before(
    agent_client: Client, house: House, clerk: User
) -> None:
    old = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email="old@example.org")
    journeys.handed_over(old, by=clerk)
    new = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, email="new@example.org")
    served = journeys.fulfilment_of(new)
    type(served).objects.filter(pk=served.pk).update(short_id=old.ways[0].short_id)
    code = Customer.objects.get(identities__value="new@example.org").code
    assert agent_client.get("/customers/", {"q": old.ways[0].short_id})["Location"] == f"/customers/{code}/"


def test_an_order_without_a_customer_leads_to_its_own_page(agent_client: Client, house: House, clerk: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, customer=None)
    answer = agent_client.get("/customers/", {"q": order.order.number})
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.order.number}/")


def test_what_is_shown_of_a_person_in_a_list(agent_client: Client, amina: Customer, house: House, clerk: User) -> None:
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, email="a.benali@example.org"), by=clerk)
    journeys.placed(house.amiens, {"SKU-1": 1}, by=clerk, email="a.benali@example.org")
    shown = typed(agent_client, "benali")
    for words in (">06 39 98 45 67<", ">a•••@example.org<", ">2900000000031<", ">1 order<", ">20 points<"):
        assert words in shown, shown
    assert "a.benali@example.org" not in shown


def test_the_number_of_statements_does_not_grow_with_the_hits(
    agent_client: Client, amina: Customer, statements: Counting
) -> None:
    names(agent_client, "dupont")
    somebody("Paul", "Dupont")
    with statements() as one:
        assert len(names(agent_client, "dupont")) == 1
    for number in range(15):
        somebody("Paul", f"Dupont-{number}", email=f"dupont-{number}@example.org", phone=f"+3363998{number:04d}")
    with statements() as many:
        assert len(names(agent_client, "dupont")) == 16
    assert len(many) == len(one) == 10, many


STATEMENTS = {
    "identities": (
        finding.BY_IDENTITY,
        {
            "kinds": ["phone"], "values": ["+33639984567"], "ending": "7654", "beginning": "a.b",
            "beginning_kinds": ["email"], "last": finding.LAST, "limit": 21,
        },
        {"identity_leads_to_one_customer", "identity_by_last_digits", "identity_by_beginning"},
    ),
    "names": (
        finding.BY_NAME.format(words=finding.BEGUN_WORDS, narrowed=finding.BEGUN_SHORT_WORDS),
        {"text": "ben ami", "limit": 21, "candidates": 200},
        {"customer_name_search"},
    ),
    "similar names": (
        finding.BY_NAME.format(words=finding.SIMILAR_WORDS, narrowed=finding.ANY_NAME),
        {"text": "bennali", "limit": 21, "candidates": 200},
        {"customer_name_search", "name_word_alike"},
    ),
}  # fmt: skip


MANY_IDENTITIES = """
INSERT INTO customers_identity (customer_id, kind, value)
SELECT %s, kind, value || number FROM generate_series(1, 1000) AS number,
       (VALUES ('email', 'somebody-'), ('phone', '+336000'), ('card', '29000')) AS given(kind, value)
"""


@pytest.mark.parametrize("name", STATEMENTS)
def test_an_index_answers(amina: Customer, name: str) -> None:
    """A small table is read whole, whatever its indexes: here that is made dear, so that a missing index is seen."""
    statement, values, indexes = STATEMENTS[name]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO customers_nameword SELECT 'word' || number FROM generate_series(1, 3000) AS number")
        cursor.execute(MANY_IDENTITIES, [amina.pk])
        cursor.execute("ANALYZE customers_nameword, customers_identity, customers_customer")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on customers" not in plan, plan
    for index in indexes:
        assert index in plan, plan
