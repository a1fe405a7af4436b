"""Holding stock by the API: the same wish twice is one hold, what is short is named, an order takes its hold over."""

from datetime import UTC, datetime

import pytest

from inventory.stock.models import Reservation, StockLevel
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db(transaction=True)
HOLD = "/api/v1/holds/basket-1/"


@pytest.fixture
def body(house):
    return {
        "store": "lille",
        "seconds": 900,
        "lines": [{"sku": house.skus[0], "quantity": 2}, {"sku": house.skus[0], "quantity": 1}],
    }


def test_a_hold_is_made_read_confirmed_moved_and_given_back(house, api, body):
    made = api.put(HOLD, body)
    assert made.status_code == 200, made.content
    assert made.json() | {"expires_at": ""} == {
        "reference": "basket-1", "status": "held", "store": "lille", "expires_at": "",
        "lines": [{"sku": house.skus[0], "quantity": 3}],
    }  # fmt: skip
    assert api.put(HOLD, body).json() == api.get(HOLD).json() == made.json()
    moved = api.put(f"{HOLD}store/", {"store": "lens"}).json()
    assert (moved["store"], moved["expires_at"]) == ("lens", made.json()["expires_at"])
    assert api.put(f"{HOLD}confirmation/", {}).json()["status"] == "confirmed"
    assert api.delete(HOLD).json() == {**moved, "status": "released", "expires_at": None, "lines": []}
    assert [house.level(house.skus[0], store).reserved for store in house.stores] == [0, 0, 0]


def test_what_is_short_is_named_and_nothing_is_held(house, api, body):
    body["lines"].append({"gtin": house.variants[1].gtin, "quantity": 101})
    problem = assert_problem(api.put(HOLD, body), 409, "short_stock")
    assert problem["short_lines"] == [{"sku": house.skus[1], "wanted": 101, "available": 100}]
    assert not Reservation.objects.exists()


def test_an_order_takes_its_hold_over(house, api, order_body):
    everything = {"store": "lille", "seconds": 900, "lines": [{"sku": house.skus[0], "quantity": 100}]}
    assert api.put(HOLD, everything).status_code == 200
    assert_problem(api.place(order_body()), 409, "short_stock")
    placed = api.place(order_body(hold="basket-1"))
    assert placed.status_code == 201, placed.content
    assert house.level(house.skus[0]).reserved == 2
    assert api.get(HOLD).json()["status"] == "released"


def test_what_is_held_is_sold_though_a_count_left_no_more_than_the_safety_stock(house, api, order_body):
    for name in ("basket-1", "basket-2"):
        lines = [{"sku": house.skus[0], "quantity": 2 if name == "basket-1" else 1}]
        assert api.put(f"/api/v1/holds/{name}/", {"store": "lille", "seconds": 900, "lines": lines}).status_code == 200
    StockLevel.objects.filter(variant__sku=house.skus[0], location=house.lille).update(on_hand=3, safety_stock=5)
    assert_problem(api.place(order_body(hold="basket-2")), 409, "short_stock")  # it wants two, and held one
    assert api.place(order_body(hold="basket-1")).status_code == 201
    assert house.level(house.skus[0]).reserved == 3


def test_an_order_whose_hold_ran_out_finds_what_is_free(house, api, order_body, body):
    api.put(HOLD, body)
    Reservation.objects.update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert api.place(order_body(hold="basket-1")).status_code == 201
    assert house.level(house.skus[0]).reserved == 2


def test_a_hold_that_ended_is_not_confirmed(api, body):
    api.put(HOLD, body)
    api.delete(HOLD)
    assert_problem(api.put(f"{HOLD}confirmation/", {}), 409, "hold_ended")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"store": "amiens"}, "store", "unknown"),
        ({"store": 5}, "store", "not_text"),
        ({"seconds": None}, "seconds", "required"),
        ({"seconds": 0}, "seconds", "out_of_range"),
        ({"seconds": 10**9}, "seconds", "out_of_range"),
        ({"lines": []}, "lines", "lines"),
        ({"lines": ["x"]}, "lines.0", "not_object"),
        ({"lines": [{"sku": "NO", "quantity": 1}]}, "lines.0.sku", "unknown"),
        ({"lines": [{"sku": "SKU-1", "quantity": 0}]}, "lines.0.quantity", "out_of_range"),
        ({"lines": [{"gtin": "3701234002140", "quantity": 1}]}, "lines.0.gtin", "gtin_check_digit"),
        ({"minutes": 5}, "minutes", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_held(house, api, body, change, field, code):
    problem = assert_problem(api.put(HOLD, {**body, **change}), 400, "invalid")
    assert (field, code) in [(one["field"], one["code"]) for one in problem["errors"]]
    assert not Reservation.objects.exists()


def test_nobody_sees_the_hold_of_another(api, body):
    api.put(HOLD, body)
    assert_problem(api.get("/api/v1/holds/basket-2/"), 404, "hold_missing")
    assert_problem(api.delete("/api/v1/holds/basket-2/"), 404, "hold_missing")
    assert_problem(api.put("/api/v1/holds/basket-2/confirmation/", {}), 404, "hold_missing")
    assert_problem(api.put("/api/v1/holds/basket-2/store/", {"store": "lens"}), 404, "hold_missing")
