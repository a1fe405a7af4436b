"""An order that waits in Lille, its own page, and whoever holds the link to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting import links
from tests import journeys
from tests.conftest import House


@pytest.fixture
def ready(house: House, clerk: User) -> Fulfilment:
    """Two pieces and one, paid, ready in Lille."""
    return journeys.ready(journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, paid=4000), by=clerk)


class Holder:
    """A browser without an account, and links to orders."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def address(self, one: Fulfilment, act: str = "") -> str:
        token = links.token(one.order.number)
        if act:
            return reverse(f"customer-{act}", args=[token, one.public_id])
        return reverse("customer-order", args=[token])

    def read(self, one: Fulfilment, query: str = "?in=en") -> str:
        answer = self.client.get(self.address(one) + query)
        assert answer.status_code == 200, answer.content
        return str(answer.content.decode())

    def act(self, one: Fulfilment, act: str, key: str = "k", **fields: Any) -> Any:
        return self.client.post(f"{self.address(one, act)}?in=en", {"idempotency_key": key, **fields})


@pytest.fixture
def holder() -> Holder:
    return Holder()


@pytest.fixture
def again() -> Callable[[Fulfilment], Fulfilment]:
    """Return a fulfilment as it stands in the database now."""
    return lambda one: Fulfilment.objects.select_related("order__customer").get(pk=one.pk)
