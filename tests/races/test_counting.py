"""A count that closes while the house sells: nothing is lost, nothing is counted away that somebody was promised."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum

from inventory.stock.errors import CountEnded, ShortStock
from inventory.stock.models import CountLine, Reservation, StockCount, StockMovement
from inventory.stock.services import closing, counting, reserving, selling
from omni import audit
from omni.lib.retry import retrying
from omni.lib.transitions import TransitionRefused
from tests.races.crowd import at_once, deadlocks, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS = 8, 5


def begun(house: Any, clerk: Any, counted: int) -> StockCount:
    count = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    for variant in reversed(house.variants):
        counting.set_counted(count_id=count.pk, variant_id=variant.pk, counted=counted)
    return count


def buyers(house: Any, clerk: Any) -> list[Callable[[], int]]:
    """People who reserve and take one of each article, in the order of their ids or the other; how many they took."""
    numbers = itertools.count()

    def buy(wanted: dict[int, int]) -> int:
        taken = 0
        for _round in range(ROUNDS):
            keys = {"location_id": house.lille.pk, "wanted": wanted}
            name = f"buyer-{next(numbers)}"
            try:
                retrying(partial(reserving.reserve, **keys, reference=name))
            except ShortStock:
                continue
            retrying(partial(selling.sell_reserved, **keys, reservation=name, reference=f"{name}/1", actor_id=clerk.pk))
            taken += 1
        return taken

    there = {variant.pk: 1 for variant in house.variants}
    return [partial(buy, there if number % 2 else dict(reversed(there.items()))) for number in range(CROWD)]


def close(count: StockCount, house: Any, clerk: Any) -> Any:
    reasons = {variant.pk: "not_found" for variant in house.variants}
    return retrying(partial(closing.close, count_id=count.pk, reasons=reasons, actor_id=clerk.pk))


@pytest.mark.parametrize("counted", [100, 90, 5])
def test_a_count_closes_while_orders_reserve_and_sell(house: Any, clerk: Any, counted: int) -> None:
    count, before = begun(house, clerk, counted), deadlocks()
    outcomes = at_once([*buyers(house, clerk), partial(close, count, house, clerk)])
    assert not raised(outcomes, Exception)
    found, taken = outcomes.pop(), sum(returned(outcomes))
    assert deadlocks() == before
    level = house.level("SKU-1")
    spared = sum(one.spared for one in found if one.row.sku == "SKU-1")
    assert (level.on_hand, level.reserved) == (counted + spared - taken, 0)
    assert taken == CROWD * ROUNDS if counted > CROWD * ROUNDS else taken >= counted
    sold = StockMovement.objects.filter(kind="sold", variant=house.variants[0]).aggregate(units=Sum("quantity"))
    assert (sold["units"], Reservation.objects.filter(variant=house.variants[0]).count()) == (taken, taken)
    assert [finding for finding in audit.differences() if not finding.invariant.code.startswith("R")] == []


def test_of_many_who_close_one_does_and_no_scan_comes_after(house: Any, clerk: Any) -> None:
    count = begun(house, clerk, 99)
    scan = partial(counting.count, count_id=count.pk, variant_id=house.variants[0].pk)
    outcomes = at_once([*[partial(close, count, house, clerk)] * 3, *[partial(retrying, scan)] * CROWD])
    assert len(raised(outcomes, TransitionRefused)) == 2
    late = len(raised(outcomes, CountEnded))
    line = CountLine.objects.get(count=count, variant=house.variants[0])
    assert line.counted == 99 + CROWD - late
    assert house.level("SKU-1").on_hand == line.counted
    assert audit.differences() == []
