"""A thousand units, sixty-four buyers: a thousand are sold, none more, and nobody is refused while one is free."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum

from inventory.stock.errors import ShortStock
from inventory.stock.models import Reservation
from inventory.stock.services import reserving
from inventory.stock.services.opening import open_stock
from omni.lib.retry import retrying
from orders.fulfilment.services import opening
from orders.sales.models import Order, OrderLine
from tests import factories
from tests.races.crowd import at_once, linger_before, raised, returned
from tests.races.twin import twin, without_text

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, BUYERS = 1000, 64
SKU = "LAST-ONES"
UNLOCKED = without_text(reserving.RESERVE, "FOR UPDATE OF level")
NEVER_OVERSOLD = "stock_level_never_oversold"


@dataclass
class Bought:
    """What one buyer got, and every refusal as (wanted, said to be available)."""

    units: int = 0
    orders: int = 0
    refusals: list[tuple[int, int]] = field(default_factory=list)


@pytest.fixture
def hot(house):
    """A thousand units of one article in Lille."""
    variant = factories.VariantFactory(sku=SKU)
    factories.PriceFactory(variant=variant, amount=1000)
    open_stock(rows=[(house.lille.pk, variant.pk, UNITS)])
    return variant


def buy_until_none_is_free(wanted: int, buy: Callable[[int], int | None]) -> Bought:
    """Buy `wanted` units again and again, then what is left, until nothing is. `buy` gives None, or what is left."""
    bought = Bought()
    while wanted:
        left = buy(wanted)
        if left is None:
            bought.units += wanted
            bought.orders += 1
        else:
            bought.refusals.append((wanted, left))
            wanted = min(wanted, left)
    return bought


def reserving_buyers(house, variant) -> list[Callable[[], Bought]]:
    """Sixty-four buyers who reserve one unit at a time by the service."""
    numbers = itertools.count()

    def buy(wanted: int) -> int | None:
        reference = f"buyer-{next(numbers)}"
        try:
            retrying(
                lambda: reserving.reserve(location_id=house.lille.pk, wanted={variant.pk: wanted}, reference=reference)
            )
        except ShortStock as short:
            return short.short[0].available
        return None

    return [lambda: buy_until_none_is_free(1, buy)] * BUYERS


def ordering_buyers(wire) -> list[Callable[[], Bought]]:
    """Sixty-four buyers who order one to nine units at a time over HTTP."""

    def buy(name: int, wanted: int) -> int | None:
        answer = wire.place(
            {
                "customer": {"email": f"buyer-{name}@example.org"},
                "lines": [{"sku": SKU, "quantity": wanted}],
                "fulfilment": {"kind": "pickup", "store": "lille"},
            }
        )
        if answer.status == 201:
            return None
        assert (answer.status, answer.body["code"]) == (409, "short_stock"), answer.bytes
        assert answer.body["short_lines"][0]["wanted"] == wanted
        return int(answer.body["short_lines"][0]["available"])

    return [partial(buy_until_none_is_free, name % 9 + 1, partial(buy, name)) for name in range(BUYERS)]


def sold(outcomes: list[Any]) -> int:
    return sum(bought.units for bought in returned(outcomes))


def reserved(variant) -> int:
    return Reservation.objects.filter(variant=variant).aggregate(units=Sum("quantity"))["units"]


def test_sixty_four_buyers_reserve_a_thousand_units_exactly(house, hot):
    outcomes = at_once(reserving_buyers(house, hot))
    assert not raised(outcomes, Exception)
    assert sold(outcomes) == reserved(hot) == house.level(SKU).reserved == UNITS
    assert {refusal for bought in outcomes for refusal in bought.refusals} == {(1, 0)}, "refused while one was free"
    assert house.level(SKU).version == UNITS


def test_without_the_lock_and_the_constraint_more_is_sold_than_there_is(house, hot, monkeypatch):
    monkeypatch.setattr(reserving, "RESERVE", UNLOCKED)
    with twin("stock_stocklevel", "stock_reservation", without=[NEVER_OVERSOLD]):
        outcomes = at_once(reserving_buyers(house, hot))
        assert not raised(outcomes, Exception)
        assert sold(outcomes) == reserved(hot) == house.level(SKU).reserved
        assert sold(outcomes) > UNITS


def test_without_the_lock_the_constraint_still_refuses_to_oversell(house, hot, monkeypatch):
    monkeypatch.setattr(reserving, "RESERVE", UNLOCKED)
    outcomes = at_once(reserving_buyers(house, hot))
    broken = raised(outcomes, Exception)
    assert broken, "nobody met the constraint: this proves nothing"
    assert all(NEVER_OVERSOLD in str(error) for error in broken)
    assert reserved(hot) == house.level(SKU).reserved <= UNITS


def test_sixty_four_buyers_order_a_thousand_units_exactly_over_http(house, hot, wire):
    outcomes = at_once(ordering_buyers(wire))
    assert not raised(outcomes, Exception)
    assert sold(outcomes) == reserved(hot) == house.level(SKU).reserved == UNITS
    assert OrderLine.objects.filter(variant=hot).aggregate(units=Sum("quantity"))["units"] == UNITS
    assert Order.objects.count() == sum(bought.orders for bought in outcomes)
    numbers = set(Order.objects.values_list("number", flat=True))
    assert numbers == set(Reservation.objects.filter(variant=hot).values_list("reference", flat=True))
    refusals = [refusal for bought in outcomes for refusal in bought.refusals]
    assert all(wanted > left for wanted, left in refusals), "refused although there was enough"
    assert all(bought.refusals[-1][1] == 0 for bought in outcomes)


def test_over_http_without_the_lock_and_the_constraint_more_is_sold_than_there_is(house, hot, wire, monkeypatch):
    monkeypatch.setattr(reserving, "RESERVE", UNLOCKED)
    linger_before(monkeypatch, opening, "open_fulfilment", 0.002)
    with twin("stock_stocklevel", "stock_reservation", without=[NEVER_OVERSOLD]):
        outcomes = at_once(ordering_buyers(wire))
        assert not raised(outcomes, Exception)
        assert sold(outcomes) == reserved(hot) == house.level(SKU).reserved
        assert sold(outcomes) > UNITS
