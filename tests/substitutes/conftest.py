"""An order in Lille of which a piece is missing, in a house whose articles are of one category."""

from typing import Any

import pytest

from inventory.catalog.models import Product
from omni.lib import reference
from omni.staff.models import User
from orders.fulfilment.models import FulfilmentLine
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import asking
from tests import journeys
from tests.conftest import House


@pytest.fixture
def shelf(house: House) -> House:
    """The house, all articles of one category: 10.00 to 50.00 €."""
    Product.objects.update(category="Mugs")
    reference.forget()
    return house


@pytest.fixture
def missing(shelf: House, clerk: User) -> FulfilmentLine:
    """Two pieces at 20.00 €, of an order that also has one at 40.00 €; paid, nothing is picked."""
    order = journeys.placed(shelf.lille, {"SKU-2": 2, "SKU-4": 1}, by=clerk, paid=8000)
    return line_of(order, 1)


def line_of(order: Any, position: int) -> FulfilmentLine:
    return FulfilmentLine.objects.select_related("fulfilment__order", "order_line").get(
        fulfilment=journeys.fulfilment_of(order), order_line__position=position
    )


@pytest.fixture
def question(missing: FulfilmentLine, clerk: User) -> SubstituteQuestion:
    """Both pieces are missing; one at 10.00 € and one at 30.00 € are offered."""
    return ask(missing, clerk, skus=["SKU-1", "SKU-3"])


def ask(line: FulfilmentLine, by: User, *, quantity: int = 2, **more: Any) -> SubstituteQuestion:
    return asking.ask(
        fulfilment_id=line.fulfilment_id,
        line_id=line.pk,
        quantity=quantity,
        reason="damaged",
        actor_id=by.pk,
        **{"skus": ["SKU-1"], **more},
    )
