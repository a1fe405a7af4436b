"""The last piece is gone: the answer names every short line and the nearest store that has them."""

import pytest

from inventory.stock.models import StockLevel
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db


def ask(**units):
    lines = [{"sku": sku.replace("_", "-"), "quantity": quantity} for sku, quantity in units.items()]
    return {"lines": lines, "total": None, "payment": None}


def leave(store, **units):
    """Leave so many of an article available in a store."""
    for sku, left in units.items():
        StockLevel.objects.filter(location=store, variant__sku=sku.replace("_", "-")).update(safety_stock=100 - left)


def test_every_short_line_is_named_with_what_there_is(api, house, order_body):
    leave(house.lille, SKU_1=1, SKU_3=0)
    with nothing_written():
        answer = api.place(order_body(**ask(SKU_1=2, SKU_2=1, SKU_3=4)))
        body = assert_problem(answer, 409, "short_stock")
    assert body["short_lines"] == [
        {"sku": "SKU-1", "wanted": 2, "available": 1, "store": "lille"},
        {"sku": "SKU-3", "wanted": 4, "available": 0, "store": "lille"},
    ]
    assert codes(body) == {"lines.0": "short", "lines.2": "short"}
    assert body["errors"][0]["message"] == "Lille has 1 of SKU-1, 2 were asked for."


def test_the_nearest_store_with_the_whole_basket_is_offered(api, house, order_body):
    leave(house.lille, SKU_1=1)
    body = assert_problem(api.place(order_body(**ask(SKU_1=2, SKU_2=1))), 409, "short_stock")
    assert body["nearest_store"] == {
        "store": "lens", "name": "Lens", "town": "Lille", "distance_km": 28.0, "has_whole_order": True
    }  # fmt: skip


def test_a_store_with_only_the_short_lines_is_offered_as_such(api, house, order_body):
    leave(house.lille, SKU_1=1)
    leave(house.lens, SKU_2=0)
    body = api.place(order_body(**ask(SKU_1=2, SKU_2=1))).json()
    assert (body["nearest_store"]["store"], body["nearest_store"]["has_whole_order"]) == ("lens", False)


@pytest.mark.parametrize("missing", ["stock", "pickup"])
def test_no_other_store_of_the_key_has_it(api, house, order_body, missing):
    """Amiens has plenty, but it is not this key's."""
    leave(house.lille, SKU_1=1)
    if missing == "stock":
        leave(house.lens, SKU_1=1)
    else:
        house.lens.offers_pickup = False
        house.lens.save()
    body = assert_problem(api.place(order_body(**ask(SKU_1=2))), 409, "short_stock")
    assert body["nearest_store"] is None
    assert "miens" not in str(body)


def test_lines_of_the_same_article_are_added_up_before_they_are_checked(api, house, order_body):
    lines = [{"sku": "SKU-1", "quantity": 60}, {"gtin": house.variants[0].gtin, "quantity": 60}]
    with nothing_written():
        body = assert_problem(api.place(order_body(lines=lines, total=None, payment=None)), 409, "short_stock")
    assert body["short_lines"] == [{"sku": "SKU-1", "wanted": 120, "available": 100, "store": "lille"}]
    assert codes(body) == {"lines.0": "short", "lines.1": "short"}


def test_the_last_units_are_sold(api, house, order_body):
    leave(house.lille, SKU_1=2)
    assert api.place(order_body()).status_code == 201
    assert_problem(api.place(order_body()), 409, "short_stock")


def test_an_article_that_the_store_never_had_is_short(api, house, order_body):
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").delete()
    body = assert_problem(api.place(order_body(**ask(SKU_1=1))), 409, "short_stock")
    assert body["short_lines"] == [{"sku": "SKU-1", "wanted": 1, "available": 0, "store": "lille"}]


@pytest.mark.parametrize(("backorder", "status"), [(4, 409), (5, 201)])
def test_what_may_be_ordered_ahead_may_be_ordered(api, house, order_body, backorder, status):
    StockLevel.objects.update(backorder_limit=backorder)
    assert api.place(order_body(**ask(SKU_1=105))).status_code == status
