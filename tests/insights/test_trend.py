"""The small line under a figure: each of its days is what the page of that day says."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from insights import queries, trend
from insights.figures import FIGURES
from insights.queries import Day
from inventory.places.queries import places_of
from omni.staff.models import User
from orders.sales.models import Order
from tests import history, journeys
from tests.conftest import House


@pytest.mark.parametrize("code", sorted(FIGURES))
def test_each_day_of_the_line_is_the_figure_of_that_day(house: House, clerk: User, code: str) -> None:
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, paid=2000), by=clerk)
    journeys.placed(house.lens, {"SKU-2": 1}, by=clerk)
    number = journeys.placed(house.lille, {"SKU-3": 1}, by=clerk).order.number
    placed = Order.objects.get(number=number)
    today = Day(placed.placed_on, places_of([house.lille.pk, house.lens.pk]), placed.placed_at + timedelta(hours=5))
    for back in (1, 3, 13, 14):
        history.bought(house, house.lille, f"{today.on - timedelta(days=back):%Y-%m-%d} 11:00", paid=1000 + back)
    figure = FIGURES[code]
    told = trend.trend(figure, today)
    assert len(told) == trend.DAYS
    days = [Day(today.on - timedelta(days=back), today.stores, today.now) for back in range(13, -1, -1)]
    assert told == [queries.total(queries.cells(figure, day)) for day in days]


def test_a_share_without_anything_to_share_is_a_gap_and_one_day_is_no_line() -> None:
    share, count = FIGURES["promises"], FIGURES["orders"]
    amounts = [queries.Amount(1, 2), queries.Amount(0, 0), queries.Amount(3, 4)]
    assert trend.points(share, amounts) == [50.0, None, 75.0]
    assert trend.points(count, [queries.Amount(0), queries.Amount(5)]) == []


def test_the_page_draws_it(house: House, clerk: User, manager_client: Client) -> None:
    placed = Order.objects.get(number=journeys.placed(house.lille, {"SKU-1": 1}, by=clerk).order.number)
    history.bought(house, house.lille, f"{placed.placed_on - timedelta(days=2):%Y-%m-%d} 11:00", paid=1000)
    page: Any = manager_client.get("/day/")
    assert "Orders, the last fourteen days" in page.content.decode()
