"""Everybody's first page is another one, and always one they may see."""

import pytest
from django.test import Client

from omni.staff.models import Role
from tests import factories
from tests.conftest import House


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("clerk", "/today/"),
        ("agent", "/customers/"),
        ("manager", "/day/"),
        ("administrator", "/more/"),
        ("integrator", "/orders/"),
    ],
)
def test_home_is_the_page_of_the_role(client: Client, house: House, role: str, page: str) -> None:
    client.force_login(factories.PersonFactory(role=role, stores=[house.lille]))
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.get(page).status_code == 200


def test_a_home_that_one_may_not_see_gives_way_to_one_that_one_may(client: Client, house: House) -> None:
    person = factories.PersonFactory(role="manager", stores=[house.lille])
    Role.objects.filter(code="manager").update(permissions=["messages.view"])
    client.force_login(person)
    assert client.get("/")["Location"] == "/messages/"


def test_who_may_see_nothing_is_told_so(client: Client, house: House) -> None:
    person = factories.PersonFactory(role="clerk", stores=[house.lille])
    Role.objects.filter(code="clerk").update(permissions=[])
    client.force_login(person)
    assert client.get("/").status_code == 403


def test_a_stranger_signs_in_first(client: Client, db: None) -> None:
    assert client.get("/")["Location"] == "/sign-in/?next=/"
