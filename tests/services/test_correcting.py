"""What a clerk's reason does to the stock: the six reasons, and the pieces of others that are never counted away."""

import pytest

from inventory.stock.errors import ReservationMissing
from inventory.stock.models import Reservation, StockLevel, StockMovement
from inventory.stock.services import correcting, reserving
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import picking, shorting
from orders.sales.models import Order, OrderEvent, OrderLine
from tests import journeys

pytestmark = pytest.mark.django_db

REASONS = FulfilmentLine.Reason.values


@pytest.fixture
def line(house, clerk) -> FulfilmentLine:
    """Four of ten are promised to this order, three to another, one is damaged: two are free. Two are not found."""
    order = journeys.placed(house.lille, {"SKU-1": 4}, by=clerk, paid=4000)
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(on_hand=10, damaged=1)
    reserving.reserve(location_id=house.lille.pk, wanted={house.variants[0].pk: 3}, reference="other")
    return FulfilmentLine.objects.select_related("order_line__order").get(fulfilment__order=order.order.id)


def report(line: FulfilmentLine, clerk, quantity: int, reason: str, note: str = ""):
    keys = {"fulfilment_id": line.fulfilment_id, "line_id": line.pk, "actor_id": clerk.pk}
    return shorting.report_short(quantity=quantity, reason=reason, note=note, **keys)


def figures(house) -> tuple[int, int, int]:
    level = house.level("SKU-1")
    return level.on_hand, level.reserved, level.damaged


def corrections() -> list[tuple[str, int, str]]:
    return list(StockMovement.objects.exclude(kind="opened").order_by("pk").values_list("kind", "quantity", "reason"))


@pytest.mark.parametrize(
    ("reason", "level", "movement"),
    [
        ("not_found", (6, 5, 1), ("counted_less", 4)),
        ("sold_meanwhile", (6, 5, 1), ("counted_less", 4)),
        ("damaged", (10, 5, 3), ("damaged", 2)),
        ("display_worn", (10, 5, 3), ("damaged", 2)),
        ("wrong_label", (8, 5, 1), ("counted_less", 2)),
        ("other", (8, 5, 1), ("counted_less", 2)),
    ],
)
def test_each_reason_corrects_the_stock_its_own_way(house, clerk, line, reason, level, movement):
    assert figures(house) == (10, 7, 1)
    report(line, clerk, 2, reason)
    assert figures(house) == level
    assert corrections() == [(*movement, reason)]


def test_every_reason_is_tried_above():
    assert set(REASONS) == {*correcting.EMPTIES, *correcting.SETS_ASIDE, "wrong_label", "other"}


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_shown_before_is_what_is_done_after(house, clerk, line, reason):
    level = house.level("SKU-1")
    shown = correcting.preview(level, quantity=2, reason=reason)
    assert figures(house) == (10, 7, 1), "looking changes nothing"
    assert report(line, clerk, 2, reason).correction == shown
    assert (shown.before, shown.after) == (10, figures(house)[0])
    assert shown.set_aside == figures(house)[2] - 1


@pytest.mark.parametrize("reason", REASONS)
def test_pieces_promised_to_others_or_picked_already_are_never_counted_away(house, clerk, line, reason):
    picking.pick(fulfilment_id=line.fulfilment_id, line_id=line.pk, pieces=2, actor_id=clerk.pk)
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(on_hand=8)
    report(line, clerk, 2, reason)
    on_hand, reserved, damaged = figures(house)
    assert reserved == 3 + 2
    assert on_hand - damaged == 5


@pytest.mark.parametrize("reason", REASONS)
def test_the_customer_no_longer_pays_for_what_is_missing(clerk, line, reason):
    found = report(line, clerk, 3, reason, note="the shelf was empty")
    assert found.amount == 3000
    order = Order.objects.get(pk=line.order_line.order_id)
    assert (order.total, order.dropped) == (4000, 3000)
    assert OrderLine.objects.get(order=order).dropped_quantity == 3
    now = FulfilmentLine.objects.get(pk=line.pk)
    assert (now.short, now.short_reason, now.short_note, now.short_by_id) == (
        3,
        reason,
        "the shelf was empty",
        clerk.pk,
    )
    assert Reservation.objects.get(reference=order.number).released == 3
    event = OrderEvent.objects.get(order=order, kind="line_short")
    assert event.data == {
        "fulfilment": line.fulfilment_id, "name": "Article 1", "quantity": 3, "reason": reason, "amount": 3000
    }  # fmt: skip


def test_two_reports_of_a_line_are_two_movements(house, clerk, line):
    report(line, clerk, 1, "damaged")
    report(line, clerk, 1, "wrong_label")
    number = line.order_line.order.number
    assert corrections() == [("damaged", 1, "damaged"), ("counted_less", 1, "wrong_label")]
    references = StockMovement.objects.exclude(kind="opened").order_by("pk").values_list("reference", flat=True)
    assert list(references) == [f"{number}/short/{line.pk}/1", f"{number}/short/{line.pk}/2"]
    assert FulfilmentLine.objects.get(pk=line.pk).short_reason == "wrong_label"


def test_a_shelf_that_was_found_empty_twice_is_counted_away_once(house, clerk, line):
    report(line, clerk, 1, "not_found")
    assert figures(house) == (7, 6, 1)
    report(line, clerk, 1, "not_found")
    assert figures(house) == (6, 5, 1)
    assert corrections() == [("counted_less", 3, "not_found"), ("counted_less", 1, "not_found")]


@pytest.mark.parametrize("quantity", [-1, 0, 5])
def test_no_more_than_is_open_can_be_reported(house, clerk, line, quantity):
    with pytest.raises(NotInThisOrder):
        report(line, clerk, quantity, "not_found")
    assert figures(house) == (10, 7, 1)
    assert corrections() == []
    assert Fulfilment.objects.get(pk=line.fulfilment_id).status == "to_pick"


def test_a_line_of_another_order_cannot_be_reported(house, clerk, line):
    other = journeys.fulfilment_of(journeys.placed(house.lens, {"SKU-1": 1}, by=clerk))
    with pytest.raises(NotInThisOrder):
        shorting.report_short(
            fulfilment_id=other.pk, line_id=line.pk, quantity=1, reason="not_found", actor_id=clerk.pk
        )
    assert figures(house) == (10, 7, 1)


def test_no_more_is_released_than_the_reservation_holds(house):
    where = {"location_id": house.lille.pk, "reference": "mine"}
    first, second = (variant.pk for variant in house.variants[:2])
    reserving.reserve(wanted={first: 2, second: 2}, **where)
    with pytest.raises(ReservationMissing):
        reserving.release(wanted={first: 3}, **where)
    reserving.release(wanted={first: 2, second: 1}, **where)
    with pytest.raises(ReservationMissing):
        reserving.release(wanted={first: 1}, **where)
    assert (house.level("SKU-1").reserved, house.level("SKU-2").reserved) == (0, 1)
