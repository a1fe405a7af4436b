"""How many statements a request costs. A number that grows here is a page that grows slow."""

import pytest

from tests.problems import assert_problem

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_of_three_lines(api, order_body, statements):
    assert api.place(order_body()).status_code == 201  # the process now knows key, store, prices, rates
    with statements() as seen:
        assert api.place(order_body()).status_code == 201
    assert len(seen) == 10, seen  # nine, and what waits in the store: a pickup is promised behind it


def test_a_parcel_asks_for_no_queue(api, order_body, house, statements):
    address = {"line": "1 rue Nationale", "postal_code": "59800", "town": "Lille", "country": "FR"}
    parcel = {"kind": "ship", "store": "lille", "address": address}
    assert api.place(order_body(fulfilment=parcel)).status_code == 201
    with statements() as seen:
        assert api.place(order_body(fulfilment=parcel)).status_code == 201
    assert len(seen) == 9, seen


def test_the_first_order_of_a_new_customer(api, order_body, statements):
    assert api.place(order_body()).status_code == 201
    with statements() as seen:
        assert api.place(order_body(customer={"email": "new@example.org"})).status_code == 201
    assert len(seen) == 11, seen


def test_an_order_that_is_sent_again(api, order_body, statements):
    api.place(order_body(), key="k-1")
    with statements() as seen:
        assert api.place(order_body(), key="k-1").status_code == 201
    assert len(seen) == 2, seen


def test_an_order_that_is_refused_for_its_fields(api, order_body, statements):
    api.place(order_body())
    with statements() as seen:
        assert_problem(api.place(order_body(currency="USD", lines=[{"sku": "SKU-1", "quantity": 0}])), 400, "invalid")
    assert len(seen) == 2, seen


@pytest.mark.parametrize("skus", [1, 5])
def test_availability_is_one_statement_whatever_the_number_of_articles(api, house, statements, skus):
    api.availability(*house.skus)
    with statements() as seen:
        assert api.availability(*house.skus[:skus]).status_code == 200
    assert len(seen) == 2, (
        seen
    )  # the number of the reference cache, which tests never trust for a second, and the figures
