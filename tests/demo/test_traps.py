"""The traps of the published panel, each in a basket of its own."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from inventory.catalog.models import Price, Variant
from inventory.stock.models import StockLevel
from loyalty.models import Entry
from omni.demo.history import instant
from omni.demo.published import wall_clock
from orders.payments.models import Payment
from orders.sales.models import Order, OrderLine
from tests.demo import panels

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _loaded(load, every_trap):
    assert load(every_trap).equal


def order(visit: panels.Visit) -> Order:
    return Order.objects.get(number=f"H-{visit.basket}")


def line(visit: panels.Visit, product: int) -> OrderLine:
    return OrderLine.objects.get(order__number=f"H-{visit.basket}", variant__sku=f"CJ-{product}")


def test_a_coupon_is_taken_from_the_basket_and_never_cut_per_line():
    eaten = order(panels.EATEN_BY_ITS_COUPON)
    assert (eaten.lines_total, eaten.discount, eaten.total, eaten.tax) == (0, 250, -250, 0)
    assert Payment.objects.filter(order=eaten).count() == 0
    assert Entry.objects.filter(cause=eaten.number).count() == 0


def test_what_a_line_cost_stands_apart_from_what_it_would_have_cost():
    shampoo = line(panels.SATURDAY, panels.SHAMPOO)
    assert (shampoo.gross, shampoo.discount, shampoo.total, shampoo.unit_price) == (539, 40, 499, 539)
    saturday = order(panels.SATURDAY)
    assert (saturday.lines_total, saturday.discount, saturday.total) == (799, 100, 699)
    assert Payment.objects.get(order=saturday).amount == 699


def test_gasoline_is_measured_and_neither_stocked_nor_priced():
    gasoline = Variant.objects.get(sku=f"CJ-{panels.GASOLINE}")
    assert gasoline.measure == Variant.Measure.MILLIGALLON
    assert line(panels.AT_THE_PUMP, panels.GASOLINE).quantity == 10_950
    assert StockLevel.objects.filter(variant=gasoline).count() == 0
    assert Price.objects.filter(variant=gasoline).count() == 0


def test_a_product_that_only_the_lines_name_is_there_and_says_so():
    unlisted = Variant.objects.select_related("product").get(sku=f"CJ-{panels.UNLISTED}")
    assert unlisted.product.name == "Unlisted product 5978656"
    assert unlisted.product.category == "Not in the published catalogue"


def test_a_line_of_quantity_nought_is_kept_without_a_unit_price():
    nothing = line(panels.NOTHING_WEIGHED, panels.YOGURT)
    assert (nothing.quantity, nothing.unit_price, nothing.total) == (0, None, 0)


def test_the_last_evening_belongs_to_december_and_not_to_a_false_january():
    evening = order(panels.LAST_EVENING)
    assert evening.placed_on == date(2017, 12, 31)
    assert f"{evening.placed_at.astimezone(PARIS):%Y-%m-%d %H:%M:%S}" == "2017-12-31 23:01:20"


def test_the_clock_on_the_wall_is_kept_through_both_changes_of_the_hour():
    for published, wall in [
        (1_488_641_400, "2017-03-04 10:30"),  # winter on both sides
        (1_489_930_200, "2017-03-19 09:30"),  # summer in Ohio, winter in Paris
        (1_499_014_200, "2017-07-02 12:50"),  # summer on both sides
    ]:
        assert f"{wall_clock(published):%Y-%m-%d %H:%M}" == wall
        assert f"{instant(wall_clock(published), 0).astimezone(PARIS):%Y-%m-%d %H:%M}" == wall


def test_the_hour_that_summer_time_leaves_out_stays_on_its_day():
    left_out = instant(wall_clock(1_490_509_800), 0).astimezone(PARIS)  # 02:30 on the Sunday of the change
    assert f"{left_out:%Y-%m-%d %H:%M}" == "2017-03-26 03:30"
