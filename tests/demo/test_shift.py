"""The demo's year ends before today, and every weekday stays what it was."""

from datetime import date, timedelta

import pytest

from omni.demo.published import LAST_DAY
from omni.demo.shifting import weeks_to_yesterday
from orders.sales.models import Order
from tests.demo import panels


@pytest.mark.parametrize("days", range(14))
def test_the_last_day_comes_nearest_to_yesterday_without_passing_it(days):
    today = date(2026, 11, 22) + timedelta(days=days)
    moved = LAST_DAY + timedelta(weeks=weeks_to_yesterday(today))
    assert moved.weekday() == LAST_DAY.weekday()
    assert timedelta(days=1) <= today - moved <= timedelta(days=7)


def test_days_are_never_moved_backwards():
    assert weeks_to_yesterday(date(2017, 6, 1)) == 0
    assert weeks_to_yesterday(LAST_DAY) == 0


def test_a_shifted_year_keeps_weekdays_and_its_monthly_totals(load, every_trap):
    outcome = load(every_trap, today=date(2026, 11, 22))
    assert outcome.equal
    assert outcome.weeks == 463
    evening = Order.objects.get(number=f"H-{panels.LAST_EVENING.basket}")
    assert evening.placed_on == date(2026, 11, 15)
    assert evening.placed_on.weekday() == date(2017, 12, 31).weekday()


def test_what_came_with_a_shift_keeps_it_and_the_rest_of_it_follows(load, tmp_path):
    first = panels.panel(tmp_path / "first", (panels.SATURDAY,))
    load(first, today=date(2026, 11, 22))
    outcome = load(panels.panel(tmp_path / "all"), today=date(2026, 12, 24))
    assert outcome.equal
    assert outcome.weeks == 463
    assert outcome.known_baskets == 1
    assert Order.objects.get(number=f"H-{panels.LAST_EVENING.basket}").placed_on == date(2026, 11, 15)
