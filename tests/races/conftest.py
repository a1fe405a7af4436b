"""What every race needs: threads see only what is committed, and a socket to race over."""

from collections.abc import Iterator

import pytest

from omni.staff.models import User
from orders.fulfilment.models import Fulfilment
from orders.placing.services.placing import PlacedOrder
from tests import journeys
from tests.house import House
from tests.races.books import CENTS, SKU, UNITS
from tests.races.server import Caller, serving


@pytest.fixture
def wire(transactional_db: None, token: str) -> Iterator[Caller]:
    """The web shop, on the other side of a real socket."""
    with serving() as port:
        yield Caller(port, token)


@pytest.fixture
def neighbour(house: House, integrator: User) -> PlacedOrder:
    """Another customer's order of the same article: what a broken guard would take from."""
    return journeys.placed(house.lille, {SKU: 50}, by=integrator, paid=50_000)


@pytest.fixture
def waiting(house: House, integrator: User, clerk: User, neighbour: PlacedOrder) -> Fulfilment:
    """A paid order of three units that waits in Lille for its customer."""
    return journeys.ready(journeys.placed(house.lille, {SKU: UNITS}, by=integrator, paid=CENTS), by=clerk)
