"""The house computes prices, totals and VAT; a caller who says otherwise is told both figures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.catalog.models import Price, Variant
from orders.pricing.models import VatRate
from tests.factories import PriceFactory
from tests.problems import assert_problem, codes, nothing_written

pytestmark = pytest.mark.django_db


def messages(body):
    return {error["field"]: error["message"] for error in body["errors"]}


@pytest.mark.parametrize(
    ("differently", "field", "message"),
    [
        ({"total": 6999}, "total", "You sent €69.99, the house has €70.00."),
        ({"tax": 1}, "tax", "You sent €0.01, the house has €8.23."),
        (
            {"payment": {"state": "captured", "tender": "card_online", "amount": 7001}},
            "payment.amount",
            "You sent €70.01, the house has €70.00.",
        ),
        (
            {"lines": [{"sku": "SKU-1", "quantity": 7, "unit_price": 999}]},
            "lines.0.unit_price",
            "You sent €9.99, the house has €10.00.",
        ),
    ],
    ids=["total", "tax", "payment", "unit price"],
)
def test_an_amount_that_differs_is_refused_with_both_figures(api, order_body, differently, field, message):
    with nothing_written():
        body = assert_problem(api.place(order_body(**differently)), 422, "price_differs")
    assert messages(body) == {field: message}
    assert set(codes(body).values()) == {"differs"}
    assert body["total"] == 7000


def test_all_amounts_that_differ_come_at_once(api, order_body):
    lines = [{"sku": "SKU-1", "quantity": 1, "unit_price": 1}, {"sku": "SKU-3", "quantity": 1, "unit_price": 3000}]
    payment = {"state": "captured", "tender": "card_online", "amount": 2}
    with nothing_written():
        body = assert_problem(api.place(order_body(lines=lines, total=3, tax=4, payment=payment)), 422, "price_differs")
    assert set(codes(body)) == {"lines.0.unit_price", "total", "tax", "payment.amount"}
    assert (body["total"], body["tax"], body["unit_prices"]) == (4000, 323, [1000, 3000])


def test_the_figures_of_a_refusal_are_accepted_the_next_time(api, order_body):
    told = api.place(order_body(total=1, tax=1)).json()
    answer = api.place(order_body(total=told["total"], tax=told["tax"]))
    assert (answer.status_code, answer.json()["tax"]) == (201, 823)


def test_vat_is_rounded_once_per_rate_and_adds_up_over_the_lines(api, order_body):
    """40.00 € at 20 % hold 6.67 €, 30.00 € at 5.5 % hold 1.56 €; the lines share them to the cent."""
    body = api.place(order_body()).json()
    assert [(line["vat_rate"], line["tax"]) for line in body["lines"]] == [(2000, 334), (2000, 333), (550, 156)]
    assert body["tax"] == sum(line["tax"] for line in body["lines"]) == 823


def test_the_price_of_a_channel_goes_before_the_price_of_all(api, house, order_body):
    PriceFactory(variant=house.variants[0], channel="web", amount=900)
    PriceFactory(variant=house.variants[1], channel="phone", amount=1)
    answer = api.place(
        order_body(lines=[{"sku": sku, "quantity": 1} for sku in house.skus[:2]], total=2900, payment=None)
    )
    assert [line["unit_price"] for line in answer.json()["lines"]] == [900, 2000]


@pytest.mark.django_db(transaction=True)  # what a process remembers is told by committed changes
def test_a_price_change_holds_for_the_very_next_order(api, house, order_body):
    assert api.place(order_body()).status_code == 201
    PriceFactory(variant=house.variants[0], amount=1500, starts_at=timezone.now())
    with nothing_written():
        assert_problem(api.place(order_body()), 422, "price_differs")


@pytest.mark.parametrize("reason", ["withdrawn", "no price", "price of tomorrow", "no VAT rate"])
def test_what_is_not_for_sale_is_refused(api, house, order_body, reason):
    tomorrow = timezone.now() + timedelta(days=1)
    variant = house.variants[0]
    if reason == "withdrawn":
        Variant.objects.filter(pk=variant.pk).update(withdrawn_at=timezone.now() - timedelta(seconds=1))
    elif reason == "no price":
        Price.objects.filter(variant=variant).delete()
    elif reason == "price of tomorrow":
        Price.objects.filter(variant=variant).update(starts_at=tomorrow)
    else:
        VatRate.objects.filter(vat_class="standard").update(starts_on=tomorrow.date() + timedelta(days=1))
    with nothing_written():
        body = assert_problem(api.place(order_body()), 400, "invalid")
    assert codes(body)["lines.0"] == "not_for_sale"


def test_an_article_that_will_be_withdrawn_is_still_for_sale(api, house, order_body):
    Variant.objects.update(withdrawn_at=timezone.now() + timedelta(hours=1))
    assert api.place(order_body()).status_code == 201
