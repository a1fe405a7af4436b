"""One door for every code: what is scanned or typed is found by an index, however many orders there are."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omni.lib import sql
from orders.fulfilment.models import Fulfilment
from orders.sales.models import Order
from tests import journeys

pytestmark = pytest.mark.django_db


def many_orders() -> None:
    """Write the one order and its fulfilment 5,000 times more, and let PostgreSQL look how many there are."""
    copy(Order, number="'N-' || turn", external_ref="'ref-' || turn")
    newest = "(SELECT max(id) FROM sales_order) - turn + 1"
    copy(Fulfilment, order_id=newest, public_id="gen_random_uuid()")


def copy(model: Any, **own: str) -> None:
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]
    chosen = ", ".join(own.get(column, column) for column in columns)
    sql.run(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table}, generate_series(1, 5000) turn")
    sql.run(f"ANALYZE {table}")


def test_an_order_is_found_by_number_and_by_reference(house, clerk, clerk_client):
    order = journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, external_ref="shop-7")
    task = reverse("picking", args=[journeys.fulfilment_of(order).public_id])
    for text in (order.order.number, order.order.number.lower(), "shop-7"):
        assert clerk_client.post(reverse("scan"), {"code": text})["Location"] == task


def test_an_unknown_code_does_not_read_all_orders(house, clerk, clerk_client):
    journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, external_ref="shop-7")
    with CaptureQueriesContext(connection) as seen:
        assert clerk_client.post(reverse("scan"), {"code": "nothing-like-this"}).status_code == 200
    asked = next(one["sql"] for one in seen if '"external_ref" = ' in one["sql"])
    many_orders()
    looked_up = [row[0] for row in sql.rows(f"EXPLAIN {asked}") if "Index Cond" in row[0]]
    assert any("channel" in line and "external_ref" in line for line in looked_up), looked_up
