"""`fulfilments` shares out the lines of one order; everything that is wrong with it is said at once."""

import pytest

from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db
ADDRESS = {"line": "1 rue X", "postal_code": "59000", "town": "Lille", "country": "FR"}


def shared(order_body, *ways, **more):
    body = order_body(**more)
    del body["fulfilment"]
    return {**body, "fulfilments": list(ways)}


def way(kind, store, *slices, **more):
    return {
        "kind": kind,
        "store": store,
        "lines": [{"line": line, "quantity": units} for line, units in slices],
        **more,
    }


def two_lines(**more):
    lines = [{"sku": "SKU-1", "quantity": 3}, {"sku": "SKU-2", "quantity": 1}]
    return {"lines": lines, "total": None, "tax": None, "payment": None, **more}


def test_an_order_is_collected_in_two_stores_and_sent(api, order_body):
    paid = {"state": "captured", "tender": "card_online", "amount": 5000, "reference": "psp-9"}
    ways = [
        way("pickup", "lille", (0, 1), (0, 1)),
        way("pickup", "lens", (0, 1)),
        way("ship", "lille", (1, 1), address=ADDRESS),
    ]
    answer = api.place(shared(order_body, *ways, **two_lines(payment=paid)))
    assert answer.status_code == 201, answer.content
    placed = answer.json()
    told = [
        (one["kind"], one["store"], [(part["line"], part["quantity"]) for part in one["lines"]])
        for one in placed["fulfilments"]
    ]
    assert told == [("pickup", "lille", [(0, 2)]), ("pickup", "lens", [(0, 1)]), ("ship", "lille", [(1, 1)])]
    read = api.order(placed["number"]).json()
    assert all(one in read["fulfilments"] for one in placed["fulfilments"])
    assert len(read["fulfilments"]) == 3


@pytest.mark.parametrize(
    ("ways", "wrong"),
    [
        ([way("pickup", "lille", (0, 3))], {"lines.1.quantity": "not_shared_out"}),
        ([way("pickup", "lille", (0, 4), (1, 1))], {"lines.0.quantity": "not_shared_out"}),
        ([way("pickup", "lille", (0, 3), (2, 1))], {"fulfilments.0.lines.1.line": "out_of_range"}),
        ([way("pickup", "lille", (0, 0), (1, 1))], {"fulfilments.0.lines.0.quantity": "out_of_range"}),
        ([way("pickup", "lille")], {"fulfilments.0.lines": "required"}),
        (
            [{"kind": "pickup", "store": "lille", "lines": [{"line": 0}]}],
            {"fulfilments.0.lines.0.quantity": "required"},
        ),
        (["lille"], {"fulfilments.0": "not_object"}),
        ([], {"fulfilments": "fulfilments"}),
        ([way("pickup", "amiens", (0, 3), (1, 1))], {"fulfilments.0.store": "unknown"}),
        ([way("ship", "lille", (0, 3), (1, 1))], {"fulfilments.0.address": "required", "payment": "required"}),
        (
            [way("carry_out", "lille", (0, 3)), way("carry_out", "lens", (1, 1))],
            {"fulfilments": "carried_out_twice", "payment": "required"},
        ),
    ],
)
def test_everything_that_is_wrong_is_said(api, order_body, ways, wrong):
    with nothing_written():
        body = assert_problem(api.place(shared(order_body, *ways, **two_lines())), 400, "invalid")
    assert codes(body) == wrong


def test_one_or_several_not_both(api, order_body):
    body = {**order_body(**two_lines()), "fulfilments": [way("pickup", "lille", (0, 3), (1, 1))]}
    assert codes(assert_problem(api.place(body), 400, "invalid")) == {"fulfilment": "not_wanted"}
