"""Units leave the house against their reservation, and come back against what left: never more than it holds."""

import pytest
from django.db import IntegrityError, transaction

from inventory.stock.errors import ReservationMissing, ShortStock
from inventory.stock.models import Reservation, StockMovement
from inventory.stock.services import reserving, selling
from omni.lib.retry import constraint_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def sell(house):
    """Sell units of the first article against the reservation `mine` of three."""
    variant = house.variants[0].pk
    reserving.reserve(location_id=house.lille.pk, wanted={variant: 3}, reference="mine")

    def move(work, units: int, reference: str, reservation: str = "mine") -> None:
        where = {"location_id": house.lille.pk, "reservation": reservation, "reference": reference, "actor_id": None}
        work(wanted={variant: units}, **where)

    return move


def figures(house) -> tuple[int, int, int, int]:
    level, held = house.level("SKU-1"), Reservation.objects.get()
    return level.on_hand, level.reserved, held.fulfilled, held.released


def moved() -> list[tuple[str, int, str]]:
    found = StockMovement.objects.exclude(kind="opened").order_by("pk")
    return list(found.values_list("kind", "quantity", "reference"))


def test_what_is_sold_leaves_reserved_and_on_hand_together(house, sell):
    sell(selling.sell_reserved, 2, "first")
    assert figures(house) == (98, 1, 2, 0)
    sell(selling.sell_reserved, 1, "second")
    assert figures(house) == (97, 0, 3, 0)
    assert moved() == [("sold", 2, "first"), ("sold", 1, "second")]


def test_what_is_taken_back_is_on_hand_and_reserved_again(house, sell):
    sell(selling.sell_reserved, 3, "first")
    sell(selling.take_back, 3, "undo")
    assert figures(house) == (100, 3, 0, 0)
    assert moved() == [("sold", 3, "first"), ("returned", 3, "undo")]


@pytest.mark.parametrize(("units", "reservation"), [(4, "mine"), (1, "somebody's")])
def test_no_more_is_sold_than_is_reserved(house, sell, units, reservation):
    with pytest.raises(ReservationMissing):
        sell(selling.sell_reserved, units, "first", reservation)
    assert figures(house) == (100, 3, 0, 0)
    assert moved() == []


def test_no_more_is_taken_back_than_was_sold(house, sell):
    sell(selling.sell_reserved, 2, "first")
    with pytest.raises(ReservationMissing):
        sell(selling.take_back, 3, "undo")
    assert figures(house) == (98, 1, 2, 0)


def test_what_was_released_is_not_sold(house, sell):
    reserving.release(location_id=house.lille.pk, wanted={house.variants[0].pk: 2}, reference="mine")
    with pytest.raises(ReservationMissing):
        sell(selling.sell_reserved, 2, "first")
    assert figures(house) == (100, 1, 0, 2)


def test_the_same_cause_never_sells_twice(house, sell):
    sell(selling.sell_reserved, 1, "first")
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        sell(selling.sell_reserved, 1, "first")
    assert constraint_name(clash.value) == "stock_movement_once_per_cause"
    assert figures(house) == (99, 2, 1, 0)


def test_a_short_reservation_names_every_short_article_and_takes_none(house):
    first, second, third = (variant.pk for variant in house.variants[:3])
    with pytest.raises(ShortStock) as refused, transaction.atomic():
        reserving.reserve(location_id=house.lille.pk, wanted={first: 101, second: 100, third: 200}, reference="mine")
    assert [(one.variant_id, one.wanted, one.available) for one in refused.value.short] == [
        (first, 101, 100),
        (third, 200, 100),
    ]
    assert not Reservation.objects.exists()
    assert [house.level(sku).reserved for sku in house.skus] == [0] * 5


def test_an_article_that_the_store_does_not_carry_is_short(house):
    house.level("SKU-2").delete()
    first, second = (variant.pk for variant in house.variants[:2])
    with pytest.raises(ShortStock) as refused, transaction.atomic():
        reserving.reserve(location_id=house.lille.pk, wanted={first: 1, second: 1}, reference="mine")
    assert [(one.variant_id, one.wanted, one.available) for one in refused.value.short] == [(second, 1, 0)]
    assert house.level("SKU-1").reserved == 0
