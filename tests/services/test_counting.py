"""What a count does to the figures: sales in between are no difference, promises are not counted away, once is once."""

import pytest

from inventory.stock import differences
from inventory.stock.errors import CountEnded, NotCounted, ReasonMissing
from inventory.stock.models import CountLine, ParkedCode, StockCount, StockLevel, StockMovement
from inventory.stock.services import closing, correcting, counting, reserving
from inventory.stock.services.opening import open_stock
from omni import audit
from omni.lib.transitions import TransitionRefused
from omni.staff.models import User
from tests import factories, journeys
from tests.conftest import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(house: House, clerk: User) -> StockCount:
    return counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk, name=" Shelf H-04 ")


def seen(count: StockCount, house: House, counted: int, sku: int = 0) -> None:
    counting.set_counted(count_id=count.pk, variant_id=house.variants[sku].pk, counted=counted)


def closed(count: StockCount, house: House, clerk: User, reason: str = "not_found") -> list[tuple[int, int, int]]:
    reasons = {variant.pk: reason for variant in house.variants}
    found = closing.close(count_id=count.pk, reasons=reasons, actor_id=clerk.pk)
    assert audit.differences() == []
    return [(one.units, one.spared, one.moved) for one in found]


def sold(house: House, clerk: User, units: int) -> None:
    journeys.handed_over(journeys.placed(house.lille, {"SKU-1": units}, by=clerk, paid=units * 1000), by=clerk)


def moved(count: StockCount) -> list[tuple[str, int, str]]:
    rows = StockMovement.objects.filter(reference=closing.reference_of(count)).order_by("pk")
    return list(rows.values_list("kind", "quantity", "reason"))


def test_fewer_and_more_become_movements_with_their_reason(house: House, clerk: User, count: StockCount) -> None:
    seen(count, house, 97)
    seen(count, house, 102, 1)
    seen(count, house, 100, 2)
    assert closed(count, house, clerk) == [(-3, 0, -3), (2, 0, 2), (0, 0, 0)]
    assert [house.level(sku).on_hand for sku in house.skus[:4]] == [97, 102, 100, 100]
    assert moved(count) == [("counted_less", 3, "not_found"), ("counted_more", 2, "not_found")]
    lines = CountLine.objects.filter(count=count).order_by("pk")
    assert list(lines.values_list("counted", "expected", "reason")) == [
        (97, 100, "not_found"), (102, 100, "not_found"), (100, 100, ""),
    ]  # fmt: skip
    count.refresh_from_db()
    assert (count.name, count.status, count.ended_by_id) == ("Shelf H-04", "closed", clerk.pk)


def test_what_is_sold_after_the_last_scan_is_no_difference(house: House, clerk: User, count: StockCount) -> None:
    seen(count, house, 99)
    sold(house, clerk, 4)
    assert closed(count, house, clerk) == [(-1, 0, -1)]
    assert house.level("SKU-1").on_hand == 95


@pytest.mark.parametrize("counted", [96, 98, 100])
def test_what_is_sold_while_a_line_is_counted_may_have_been_counted_or_not(
    house: House, clerk: User, count: StockCount, counted: int
) -> None:
    counting.count(count_id=count.pk, variant_id=house.variants[0].pk, pieces=counted - 1)
    sold(house, clerk, 4)
    counting.count(count_id=count.pk, variant_id=house.variants[0].pk)
    assert closed(count, house, clerk) == [(0, 0, 0)]
    assert (house.level("SKU-1").on_hand, moved(count)) == (96, [])


@pytest.mark.parametrize(("counted", "difference"), [(95, -1), (101, 1)])
def test_beyond_what_sales_explain_it_is_a_difference(
    house: House, clerk: User, count: StockCount, counted: int, difference: int
) -> None:
    counting.count(count_id=count.pk, variant_id=house.variants[0].pk, pieces=counted - 1)
    sold(house, clerk, 4)
    counting.count(count_id=count.pk, variant_id=house.variants[0].pk)
    assert closed(count, house, clerk) == [(difference, 0, difference)]
    assert house.level("SKU-1").on_hand == 96 + difference


def test_a_figure_that_is_said_anew_is_said_of_now(house: House, clerk: User, count: StockCount) -> None:
    seen(count, house, 100)
    sold(house, clerk, 4)
    seen(count, house, 100)
    assert closed(count, house, clerk) == [(4, 0, 4)]


def test_what_a_colleague_put_right_meanwhile_is_not_put_right_twice(
    house: House, clerk: User, count: StockCount
) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 2}, by=clerk)
    seen(count, house, 98)
    correcting.correct_short(
        location_id=house.lille.pk, variant_id=house.variants[0].pk, quantity=2, reason="wrong_label",
        reservation=order.order.number, reference="seen", actor_id=clerk.pk,
    )  # fmt: skip
    assert [(one.expected, one.units) for one in differences.of_count(count.pk)] == [(98, 0)]
    assert house.level("SKU-1").on_hand == 98


def test_of_two_counts_of_an_article_the_last_one_stands(house: House, clerk: User, count: StockCount) -> None:
    other = counting.open_count(location_id=house.lille.pk, actor_id=clerk.pk)
    seen(count, house, 97)
    seen(other, house, 95)
    assert closed(count, house, clerk) == [(-3, 0, -3)]
    assert closed(other, house, clerk) == [(-2, 0, -2)]
    assert house.level("SKU-1").on_hand == 95


def test_pieces_kept_for_orders_or_set_aside_are_never_counted_away(
    house: House, clerk: User, count: StockCount
) -> None:
    reserving.reserve(location_id=house.lille.pk, wanted={house.variants[0].pk: 60}, reference="other")
    StockMovement.objects.create(
        location=house.lille, variant=house.variants[0], kind="damaged", quantity=5, reference="x", reason="damaged"
    )
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(damaged=5)
    seen(count, house, 10)
    reasons = {house.variants[0].pk: "stolen_or_lost"}
    found = closing.close(count_id=count.pk, reasons=reasons, actor_id=clerk.pk)
    assert [(one.units, one.spared, one.moved) for one in found] == [(-90, 55, -35)]
    level = house.level("SKU-1")
    assert (level.on_hand, level.reserved, level.damaged) == (65, 60, 5)
    assert moved(count) == [("counted_less", 35, "stolen_or_lost")]


def test_a_difference_without_a_reason_is_refused_with_its_article(
    house: House, clerk: User, count: StockCount
) -> None:
    seen(count, house, 99)
    seen(count, house, 98, 1)
    with pytest.raises(ReasonMissing) as refused:
        closing.close(count_id=count.pk, reasons={house.variants[0].pk: "other"}, actor_id=clerk.pk)
    assert [problem.field for problem in refused.value.problems] == ["SKU-2"]
    with pytest.raises(ReasonMissing):
        closing.close(count_id=count.pk, reasons={house.variants[0].pk: "sold_meanwhile"}, actor_id=clerk.pk)
    assert (house.level("SKU-1").on_hand, moved(count)) == (100, [])
    assert StockCount.objects.get(pk=count.pk).status == "open"


def test_an_empty_count_is_not_closed(clerk: User, count: StockCount) -> None:
    with pytest.raises(NotCounted):
        closing.close(count_id=count.pk, reasons={}, actor_id=clerk.pk)
    counting.abandon(count_id=count.pk, actor_id=clerk.pk)
    assert StockCount.objects.get(pk=count.pk).status == "abandoned"


def test_pieces_come_and_go_and_never_fall_below_none(house: House, count: StockCount) -> None:
    keys = {"count_id": count.pk, "variant_id": house.variants[0].pk}
    with pytest.raises(NotCounted):
        counting.count(**keys, pieces=-1)
    assert not CountLine.objects.exists()
    assert [counting.count(**keys, pieces=pieces) for pieces in (1, 1, -1, -1)] == [1, 2, 1, 0]
    with pytest.raises(NotCounted):
        counting.count(**keys, pieces=-1)
    counting.set_counted(**keys, counted=counting.MOST)
    with pytest.raises(NotCounted):
        counting.count(**keys)
    for wrong in (-1, counting.MOST + 1):
        with pytest.raises(NotCounted):
            counting.set_counted(**keys, counted=wrong)
    assert CountLine.objects.get().counted == counting.MOST
    counting.leave_out(**keys)
    with pytest.raises(NotCounted):
        counting.leave_out(**keys)
    assert not CountLine.objects.exists()


def test_an_unknown_code_is_parked_and_stops_nobody(house: House, clerk: User, count: StockCount) -> None:
    assert [counting.park(count_id=count.pk, code=code) for code in ("376", "376", "377")] == [1, 2, 1]
    seen(count, house, 100)
    assert closed(count, house, clerk) == [(0, 0, 0)]
    assert list(ParkedCode.objects.order_by("code").values_list("code", "times")) == [("376", 2), ("377", 1)]


@pytest.mark.parametrize("ending", ["closed", "abandoned"])
def test_nothing_is_counted_in_a_count_that_ended(house: House, clerk: User, count: StockCount, ending: str) -> None:
    seen(count, house, 99)
    if ending == "closed":
        closed(count, house, clerk)
    else:
        counting.abandon(count_id=count.pk, actor_id=clerk.pk)
    keys = {"count_id": count.pk, "variant_id": house.variants[0].pk}
    for refused in (
        lambda: counting.count(**keys),
        lambda: counting.count(**keys, pieces=-1),
        lambda: counting.set_counted(**keys, counted=1),
        lambda: counting.leave_out(**keys),
        lambda: counting.park(count_id=count.pk, code="376"),
    ):
        with pytest.raises(CountEnded):
            refused()
    for ended in (lambda: closed(count, house, clerk), lambda: counting.abandon(count_id=count.pk, actor_id=clerk.pk)):
        with pytest.raises(TransitionRefused):
            ended()
    assert CountLine.objects.get().counted == 99
    assert house.level("SKU-1").on_hand == (99 if ending == "closed" else 100)


def test_an_article_that_was_never_stocked_here_gets_its_level(house: House, clerk: User, count: StockCount) -> None:
    found = factories.VariantFactory(sku="FOUND")
    open_stock(rows=[(house.lens.pk, found.pk, 4)])
    counting.count(count_id=count.pk, variant_id=found.pk, pieces=3)
    closing.close(count_id=count.pk, reasons={found.pk: "found_elsewhere"}, actor_id=clerk.pk)
    assert (house.level("FOUND").on_hand, house.level("FOUND", house.lens).on_hand) == (3, 4)
    assert audit.differences() == []
