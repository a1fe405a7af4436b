"""A furnished house for every test: stores, articles, prices, stock, people, and a key for the web shop."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from omni.lib import reference
from omni.staff.models import User
from omni.staff.permissions import INTEGRATOR
from omni.staff.services import keys
from tests import factories
from tests.callers import ApiClient
from tests.house import House, furnish
from tests.statements import Statements, counting

# How long the machine takes is not what a property is about.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "ignore:No directory at:UserWarning")  # no static files were collected


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    """What a test before this one made this process remember is not there any more."""
    reference.forget()
    yield
    reference.forget()


@pytest.fixture
def house(db: None) -> House:
    """Stores, hold places, VAT, articles, prices, opening stock, programme."""
    return furnish()


@pytest.fixture
def clerk(house: House) -> User:
    """A clerk of Lille."""
    return factories.PersonFactory(login="clerk", name="Clara Clerk", role="clerk", stores=[house.lille])


@pytest.fixture
def agent(house: House) -> User:
    """An agent who serves Lille and Lens."""
    return factories.PersonFactory(login="agent", name="Aron Agent", role="agent", stores=[house.lille, house.lens])


@pytest.fixture
def manager(house: House) -> User:
    """The manager of Lille and Lens."""
    stores = [house.lille, house.lens]
    return factories.PersonFactory(login="manager", name="Mira Manager", role="manager", stores=stores)


@pytest.fixture
def integrator(house: House) -> User:
    """The holder of the web shop's keys, for Lille and Lens."""
    stores = [house.lille, house.lens]
    return factories.PersonFactory(login="shop", name="Web shop", role="integrator", password=None, stores=stores)


@pytest.fixture
def token(integrator: User) -> str:
    """A key of the web shop with every scope it may have."""
    return keys.issue(owner=integrator, name="Web shop", channel="web", scopes=INTEGRATOR)[1]


@pytest.fixture
def api(token: str) -> ApiClient:
    """A caller of the API with that key."""
    return ApiClient(token)


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def clerk_client(clerk: User) -> Client:
    return _signed_in(clerk)


@pytest.fixture
def agent_client(agent: User) -> Client:
    return _signed_in(agent)


@pytest.fixture
def manager_client(manager: User) -> Client:
    return _signed_in(manager)


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[Statements]]:
    """`with statements() as seen:` … `assert len(seen) == 7, seen`."""
    return counting


@pytest.fixture
def order_body(house: House) -> Callable[..., dict[str, Any]]:
    """A good request for an order of three lines, paid online, collected in Lille; fields named are put in instead."""

    def body(**differently: Any) -> dict[str, Any]:
        first, second, third = house.skus[:3]
        good: dict[str, Any] = {
            "customer": {"email": "camille@example.org", "given_name": "Camille", "family_name": "Martin"},
            "lines": [
                {"sku": first, "quantity": 2, "unit_price": 1000},
                {"sku": second, "quantity": 1, "unit_price": 2000},
                {"sku": third, "quantity": 1, "unit_price": 3000},
            ],
            "fulfilment": {"kind": "pickup", "store": "lille"},
            "payment": {"state": "captured", "tender": "card_online", "amount": 7000, "reference": "psp-1"},
            "total": 7000,
        }
        return {name: value for name, value in {**good, **differently}.items() if value is not None}

    return body
