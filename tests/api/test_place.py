"""An order placed over REST is written whole: order, lines, payment, points, reservation, fulfilment, event."""

import pytest

from orders.sales.models import Order

pytestmark = pytest.mark.django_db


def test_the_order_is_answered_with_what_the_house_computed(api, house, order_body):
    answer = api.place(order_body())
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["total"], body["tax"], body["paid"], body["due"]) == (7000, 823, 7000, 0)
    assert answer["Location"] == f"/api/v1/orders/{body['number']}/"
    assert Order.objects.count() == 1
    assert house.level("SKU-1").reserved == 2
