"""People who administer, and forms as their pages send them."""

import uuid
from typing import Any

import pytest
from django.test import Client

from omni.staff.models import User
from tests import factories
from tests.conftest import House


def key() -> dict[str, str]:
    """The hidden field of a form that was shown once."""
    return {"idempotency_key": str(uuid.uuid4())}


def signed_in(person: User) -> Client:
    """A browser in which this person has just signed in."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def administrator(house: House) -> User:
    """The administrator of Lille and Lens."""
    stores = [house.lille, house.lens]
    return factories.PersonFactory(login="admin", name="Ada Admin", role="administrator", stores=stores)


@pytest.fixture
def admin_client(administrator: User) -> Client:
    return signed_in(administrator)


def person_form(person: User, **differently: Any) -> dict[str, Any]:
    """The form of a person as their page shows it."""
    stores = list(person.stores.values_list("pk", flat=True))
    shown = {
        "name": person.name,
        "login": person.login,
        "language": person.language,
        "role": person.role_id,
        "stores": stores,
    }
    return shown | key() | differently
