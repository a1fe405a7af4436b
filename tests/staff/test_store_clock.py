"""Times are those of the clock that hangs in the store, wherever the house has its own."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from inventory.places.models import Location
from omni.lib import reference
from orders.fulfilment.models import Fulfilment
from tests import factories, journeys


@pytest.fixture
def island(house) -> Location:
    """Lille, moved to where it is four hours after UTC: five or six before the house's clock."""
    Location.objects.filter(pk=house.lille.pk).update(time_zone="America/Guadeloupe", opening_hours="24/7")
    reference.forget()
    house.lille.refresh_from_db()
    return house.lille


@pytest.fixture
def client(house) -> Client:
    """An administrator who may see everything in Lille, and reads English."""
    person = factories.PersonFactory(login="boss", role="administrator", stores=[house.lille], language="en")
    signed_in = Client()
    signed_in.force_login(person)
    return signed_in


def read(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_and_the_picking_page_promise_by_the_stores_clock(island, house, clerk, client):
    order = journeys.placed(island, {house.skus[0]: 1}, by=clerk)
    Fulfilment.objects.update(promised_at=datetime(2026, 1, 15, 14, 5, tzinfo=UTC))
    picking = read(client, "picking", journeys.fulfilment_of(order).public_id)
    for page in (read(client, "today"), picking, read(client, "orders")):
        assert "10:05" in page
        assert "15:05" not in page
    for page in (read(client, "today"), picking):
        assert 'data-zone="America/Guadeloupe"' in page


def test_a_pickup_is_kept_until_the_end_of_the_stores_day(island, house, clerk, client):
    order = journeys.placed(island, {house.skus[0]: 1}, by=clerk)
    fulfilment = journeys.ready(order, by=clerk)
    last = datetime(2031, 3, 10, 3, 59, 59, tzinfo=UTC)  # 9 March, 23:59:59 on the island; the 10th in the house
    Fulfilment.objects.update(keep_until=last, ready_at=last - timedelta(days=7))
    waits, label = (read(client, name, fulfilment.public_id) for name in ("hand-over", "label"))
    for page in (waits, label, read(client, "ready"), read(client, "order", order.order.number)):
        assert "9 Mar 2031" in page
        assert "10 Mar 2031" not in page
    assert "23:59" in waits
