"""The price of a basket: the channel's price of the instant, VAT rounded once per document, every cent on a line."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalog.queries import Offer, PriceWindow
from orders.pricing.baskets import PricedBasket, WantedLine, price_basket, unit_price
from orders.pricing.models import VatRate
from orders.pricing.queries import vat_rate
from orders.sales.models import OrderLine
from orders.sales.services.dropping import kept_value, value_of

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def offer(*prices: PriceWindow, withdrawn_at: datetime | None = None) -> Offer:
    return Offer(1, "SKU-1", "", "Article 1", "standard", "piece", "general", withdrawn_at, prices)


def basket(*lines: tuple[int, int, int]) -> PricedBasket:
    """Price lines of (quantity, unit price, rate)."""
    return price_basket([WantedLine(offer(), quantity, price, rate) for quantity, price, rate in lines])


def test_vat_is_rounded_once_for_the_document_not_once_for_each_line():
    priced = basket((1, 99, 2000), (1, 99, 2000), (1, 99, 2000))
    assert (priced.total, priced.tax) == (297, 50)  # line by line it would be 17 + 17 + 17
    assert [line.tax for line in priced.lines] == [17, 17, 16]


def test_each_rate_is_rounded_for_itself():
    priced = basket((2, 1000, 2000), (1, 2000, 2000), (1, 3000, 550), (1, 1, 550))
    assert (priced.total, priced.tax) == (7001, 823)
    assert [line.tax for line in priced.lines] == [334, 333, 156, 0]


def test_the_odd_cent_goes_to_the_largest_remainder_wherever_it_stands():
    priced = basket((1, 10, 2000), (1, 28, 2000))  # 6.33 in all: 1.58 and 4.42 of 6
    assert [line.tax for line in priced.lines] == [2, 4]


def test_what_costs_nothing_is_taxed_nothing():
    priced = basket((3, 0, 2000), (1, 0, 550))
    assert (priced.total, priced.tax, [line.tax for line in priced.lines]) == (0, 0, [0, 0])


def test_a_rate_of_nothing_taxes_nothing():
    assert basket((3, 1000, 0)).tax == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(0, 99_999), st.sampled_from([0, 210, 550, 1000, 2000])), min_size=1
    )
)
def test_taxes_add_up_and_no_line_is_a_cent_from_its_share(lines):
    priced = basket(*lines)
    assert priced.total == sum(quantity * price for quantity, price, _rate in lines)
    assert priced.tax == sum(line.tax for line in priced.lines)
    for rate in {line.vat_rate for line in priced.lines}:
        of_rate = [line for line in priced.lines if line.vat_rate == rate]
        exact = [Fraction(line.total * rate, 10_000 + rate) for line in of_rate]
        assert abs(sum(line.tax for line in of_rate) - sum(exact)) <= Fraction(1, 2)
        assert all(0 <= line.tax <= line.total for line in of_rate)
        assert all(abs(line.tax - share) < 2 for line, share in zip(of_rate, exact, strict=True))


PRICES = (
    PriceWindow("", "EUR", 1000, NOON - HOUR, None),
    PriceWindow("", "EUR", 900, NOON, NOON + HOUR),
    PriceWindow("web", "EUR", 800, NOON + 2 * HOUR, NOON + 3 * HOUR),
    PriceWindow("", "CHF", 1100, NOON - HOUR, None),
)


@pytest.mark.parametrize(
    ("channel", "currency", "at", "amount"),
    [
        ("web", "EUR", NOON - 2 * HOUR, None),
        ("web", "EUR", NOON - HOUR, 1000),
        ("web", "EUR", NOON, 900),
        ("web", "EUR", NOON + HOUR, 1000),
        ("web", "EUR", NOON + 2 * HOUR, 800),
        ("store", "EUR", NOON + 2 * HOUR, 1000),
        ("web", "EUR", NOON + 3 * HOUR, 1000),
        ("web", "CHF", NOON, 1100),
        ("web", "USD", NOON, None),
    ],
)
def test_the_price_is_the_channels_own_before_the_one_for_all_and_the_latest(channel, currency, at, amount):
    assert unit_price(offer(*PRICES), channel=channel, currency=currency, at=at) == amount


@pytest.mark.parametrize(("withdrawn_at", "amount"), [(NOON, None), (NOON + HOUR, 1000), (None, 1000)])
def test_what_is_withdrawn_is_not_for_sale(withdrawn_at, amount):
    found = unit_price(offer(PRICES[0], withdrawn_at=withdrawn_at), channel="web", currency="EUR", at=NOON)
    assert found == amount


@pytest.mark.django_db
def test_the_rate_is_that_of_the_day():
    for starts_on, rate in ((date(2000, 4, 1), 1960), (date(2014, 1, 1), 2000)):
        VatRate.objects.create(territory="FR", vat_class="standard", rate=rate, starts_on=starts_on)
    rates = {
        day: vat_rate(territory="FR", vat_class="standard", on=day)
        for day in (date(2000, 3, 31), date(2000, 4, 1), date(2013, 12, 31), date(2014, 1, 1), date(2030, 1, 1))
    }
    assert list(rates.values()) == [None, 1960, 1960, 2000, 2000]
    assert vat_rate(territory="CH", vat_class="standard", on=date(2030, 1, 1)) is None
    assert vat_rate(territory="FR", vat_class="reduced", on=date(2030, 1, 1)) is None


def test_the_last_pieces_of_a_line_are_dropped_first_and_the_odd_cents_stay_longest():
    line = OrderLine(total=100, quantity=3)
    assert value_of(line, 1) == 33
    line.dropped_quantity = 1
    assert (value_of(line, 1), kept_value(line)) == (33, 67)
    line.dropped_quantity = 2
    assert (value_of(line, 1), kept_value(line)) == (34, 34)


@given(st.integers(0, 10**6), st.integers(1, 200), st.data())
def test_dropping_all_pieces_in_any_steps_gives_exactly_the_lines_total(total, quantity, data):
    line = OrderLine(total=total, quantity=quantity)
    dropped = 0
    while line.dropped_quantity < quantity:
        step = data.draw(st.integers(1, quantity - line.dropped_quantity))
        dropped += value_of(line, step)
        line.dropped_quantity += step
        assert kept_value(line) == total - dropped
    assert dropped == total
