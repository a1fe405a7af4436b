"""One order, several ways: carried out, collected here and there, sent. It ends when the last of it ends."""

from typing import Any

import pytest

from inventory.places.models import HoldPlace
from inventory.places.queries import place
from inventory.stock.errors import ShortStock
from inventory.stock.models import Reservation, StockLevel
from loyalty import queries as loyalty
from omni import audit
from omni.lib.transitions import TransitionRefused
from orders.fulfilment.errors import MoneyDue, NotInThisOrder, TooLate
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.services import finishing, giving_up, handing_over, picking, readying, shorting, undoing
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.services.rerouting import Instead
from orders.payments.models import Payment
from orders.placing.services import placing
from orders.placing.wishes import WishedPayment, WishedWay
from orders.sales.models import Order, OrderEvent
from tests import journeys

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "", "line": "1 rue X", "postal_code": "59000", "town": "Lille", "country": "FR"}


def way(store: Any, kind: str, *slices: tuple[int, int]) -> WishedWay:
    return WishedWay(kind, place(store.pk), list(slices), ADDRESS if kind == "ship" else None)


@pytest.fixture
def mixed(house, clerk) -> Order:
    """Two pieces collected in Lille, one in Lens, one sent from Lille: 1,000 each for SKU-1, 2,000 for SKU-2; paid."""
    wish = journeys.wish(
        house.lille,
        {"SKU-1": 3, "SKU-2": 1},
        ways=[
            way(house.lille, "pickup", (0, 2)),
            way(house.lens, "pickup", (0, 1)),
            way(house.lille, "ship", (1, 1)),
        ],
        payment=WishedPayment("card_online", 5000),
    )
    placed = placing.place_order(wish=wish, actor=journeys.acting(clerk, channel="web"))
    return Order.objects.get(pk=placed.order.id)


def parts_of(order: Order) -> list[Fulfilment]:
    return list(Fulfilment.objects.filter(order=order).order_by("pk"))


def part(order: Order, store: Any, kind: str = "pickup") -> Fulfilment:
    return Fulfilment.objects.select_related("order").get(order=order, location=store, kind=kind)


def pick(one: Fulfilment, by: Any) -> Fulfilment:
    for line in one.lines.all():
        picking.pick(fulfilment_id=one.pk, line_id=line.pk, pieces=line.quantity - line.short, actor_id=by.pk)
    return one


def bag(one: Fulfilment, by: Any) -> Fulfilment:
    pick(one, by)
    spot = HoldPlace.objects.filter(location=one.location_id).first()
    assert spot is not None
    return readying.declare_ready(fulfilment_id=one.pk, hold_place_id=spot.pk, actor_id=by.pk)


def give(one: Fulfilment, by: Any, **more: Any) -> HandOver:
    return handing_over.hand_over(fulfilment_id=one.pk, proof="code", actor_id=by.pk, **more)


def state(order: Order) -> tuple[str, list[str]]:
    order.refresh_from_db()
    return order.status, [one.status for one in parts_of(order)]


def money(order: Order) -> list[tuple[str, int]]:
    return list(Payment.objects.filter(order=order).order_by("pk").values_list("kind", "amount"))


def held(order: Order) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = Reservation.objects.filter(reference=order.number).select_related("location", "variant")
    return {(row.location.code, row.variant.sku): (row.quantity, row.fulfilled, row.released) for row in rows}


def test_each_part_is_reserved_where_it_waits(mixed, house):
    assert held(mixed) == {("lille", "SKU-1"): (2, 0, 0), ("lille", "SKU-2"): (1, 0, 0), ("lens", "SKU-1"): (1, 0, 0)}
    assert (mixed.location_id, mixed.also_at) == (house.lille.pk, [house.lens.pk])
    assert sorted((one.kind, one.location_id) for one in parts_of(mixed)) == sorted(
        [("pickup", house.lille.pk), ("ship", house.lille.pk), ("pickup", house.lens.pk)]
    )


def test_it_is_completed_by_its_last_part_and_points_count_then(mixed, house, clerk):
    customer = mixed.customer_id
    give(bag(part(mixed, house.lille), clerk), clerk)
    finishing.dispatch(fulfilment_id=pick(part(mixed, house.lille, "ship"), clerk).pk, actor_id=clerk.pk)
    assert state(mixed)[0] == "open"
    assert (loyalty.wallet(customer).pending, loyalty.wallet(customer).posted) == (50, 0)
    give(bag(part(mixed, house.lens), clerk), clerk)
    assert state(mixed)[0] == "completed"
    assert (loyalty.wallet(customer).pending, loyalty.wallet(customer).posted) == (0, 50)
    assert held(mixed) == {("lille", "SKU-1"): (2, 2, 0), ("lille", "SKU-2"): (1, 1, 0), ("lens", "SKU-1"): (1, 1, 0)}


def test_a_part_that_nobody_collects_is_paid_back_and_the_rest_goes_on(mixed, house, clerk):
    give(bag(part(mixed, house.lille), clerk), clerk)
    giving_up.cancel(fulfilment_id=part(mixed, house.lens).pk, actor_id=clerk.pk, reason="customer_wish")
    assert state(mixed)[0] == "open"
    assert money(mixed) == [("capture", 5000), ("refund", 1000)]
    assert OrderEvent.objects.filter(order=mixed, kind="part_cancelled").count() == 1
    finishing.dispatch(fulfilment_id=pick(part(mixed, house.lille, "ship"), clerk).pk, actor_id=clerk.pk)
    assert state(mixed)[0] == "completed"
    assert loyalty.wallet(mixed.customer_id).posted == 40
    assert (mixed.dropped, mixed.total) == (1000, 5000)


def test_the_whole_order_is_cancelled_with_everything_that_is_left(mixed, house, clerk):
    giving_up.cancel_order(order_id=mixed.pk, actor_id=clerk.pk, reason="customer_wish")
    assert state(mixed) == ("cancelled", ["cancelled"] * 3)
    assert sum(amount for kind, amount in money(mixed) if kind == "refund") == 5000
    kinds = OrderEvent.objects.filter(order=mixed).exclude(kind="order_placed").order_by("pk")
    assert [event.kind for event in kinds] == ["part_cancelled", "part_cancelled", "order_cancelled"]
    with pytest.raises(TransitionRefused):
        giving_up.cancel_order(order_id=mixed.pk, actor_id=clerk.pk, reason="customer_wish")


def test_what_the_customer_has_stays_when_the_rest_is_cancelled(mixed, house, clerk):
    give(bag(part(mixed, house.lens), clerk), clerk)
    giving_up.cancel_order(order_id=mixed.pk, actor_id=clerk.pk, reason="customer_wish")
    assert state(mixed)[0] == "completed"
    assert money(mixed) == [("capture", 5000), ("refund", 2000), ("refund", 2000)]
    assert loyalty.wallet(mixed.customer_id).posted == 10


def test_an_undone_hand_over_opens_the_order_that_a_later_part_had_completed(mixed, house, clerk):
    first = give(bag(part(mixed, house.lille), clerk), clerk)
    finishing.dispatch(fulfilment_id=pick(part(mixed, house.lille, "ship"), clerk).pk, actor_id=clerk.pk)
    give(bag(part(mixed, house.lens), clerk), clerk)
    assert state(mixed)[0] == "completed"
    undoing.undo_hand_over(hand_over_id=first.pk, actor_id=clerk.pk)
    assert state(mixed)[0] == "open"
    assert (loyalty.wallet(mixed.customer_id).pending, loyalty.wallet(mixed.customer_id).posted) == (50, 0)
    give(part(mixed, house.lille), clerk)
    assert state(mixed)[0] == "completed"
    assert loyalty.wallet(mixed.customer_id).posted == 50


def test_who_pays_at_pickup_pays_for_what_leaves(house, clerk):
    wish = journeys.wish(
        house.lille, {"SKU-1": 2, "SKU-2": 1},
        ways=[way(house.lille, "pickup", (0, 2)), way(house.lens, "pickup", (1, 1))],
    )  # fmt: skip
    placed = placing.place_order(wish=wish, actor=journeys.acting(clerk, channel="web"))
    order = Order.objects.get(pk=placed.order.id)
    there = bag(part(order, house.lens), clerk)
    with pytest.raises(MoneyDue) as due:
        give(there, clerk)
    assert due.value.extra == {"due": 2000}
    give(there, clerk, tender="cash")
    assert money(order) == [("capture", 2000)]
    give(bag(part(order, house.lille), clerk), clerk, tender="card_terminal")
    assert (state(order)[0], money(order)) == ("completed", [("capture", 2000), ("capture", 2000)])


def test_every_place_that_is_short_is_named(house, clerk):
    StockLevel.objects.filter(variant__sku="SKU-1").update(safety_stock=100)
    wish = journeys.wish(
        house.lille, {"SKU-1": 2}, ways=[way(house.lille, "pickup", (0, 1)), way(house.lens, "pickup", (0, 1))]
    )
    with pytest.raises(ShortStock) as short:
        placing.place_order(wish=wish, actor=journeys.acting(clerk, channel="web"))
    assert [short.value.location_id, *(one.location_id for one in short.value.also)] == [house.lille.pk, house.lens.pk]


# --- a part is given, a part refused, a part waits on ---------------------------------------------------------


@pytest.fixture
def waiting(house, clerk) -> Fulfilment:
    """Three pieces of SKU-1 at 1,000 and one of SKU-2 at 2,000, paid, ready in Lille."""
    return journeys.ready(journeys.placed(house.lille, {"SKU-1": 3, "SKU-2": 1}, by=clerk, paid=5000), by=clerk)


def lines_of(one: Fulfilment) -> list[FulfilmentLine]:
    return list(one.lines.order_by("order_line__position"))


def test_a_part_is_given_and_the_rest_waits_under_another_code(waiting, house, clerk):
    first, _second = lines_of(waiting)
    give(waiting, clerk, parts={first.pk: Part(2)})
    now = Fulfilment.objects.get(pk=waiting.pk)
    assert (now.status, now.code_round != waiting.code_round, now.code_hash != waiting.code_hash) == (
        "ready",
        True,
        True,
    )
    assert [(line.collected, line.waiting) for line in lines_of(waiting)] == [(2, 1), (0, 1)]
    assert held(waiting.order) == {("lille", "SKU-1"): (3, 2, 0), ("lille", "SKU-2"): (1, 0, 0)}
    assert OrderEvent.objects.filter(order=waiting.order, kind="pickup_ready").count() == 2
    assert state(waiting.order) == ("open", ["ready"])
    give(waiting, clerk)
    assert state(waiting.order) == ("completed", ["collected"])
    assert loyalty.wallet(waiting.order.customer_id).posted == 50


def test_what_is_refused_is_paid_back_and_for_sale_again(waiting, house, clerk):
    first, second = lines_of(waiting)
    free = house.level("SKU-1").reserved
    give(waiting, clerk, parts={first.pk: Part(1, 2), second.pk: Part(1)})
    assert state(waiting.order) == ("completed", ["collected"])
    assert money(waiting.order) == [("capture", 5000), ("refund", 2000)]
    assert free - house.level("SKU-1").reserved == 3
    assert held(waiting.order)["lille", "SKU-1"] == (3, 1, 2)
    assert loyalty.wallet(waiting.order.customer_id).posted == 30


@pytest.mark.parametrize("said", [(4, 0), (2, 2), (-1, 0), (0, 0), (0, 3)])
def test_no_more_is_given_than_waits_and_never_nothing(waiting, clerk, said):
    first, _second = lines_of(waiting)
    with pytest.raises(NotInThisOrder):
        give(waiting, clerk, parts={first.pk: Part(*said)})
    assert not HandOver.objects.filter(fulfilment=waiting).exclude(lines=None).exists()


def test_an_undone_part_is_as_it_was(waiting, house, clerk):
    first, second = lines_of(waiting)
    before = (house.level("SKU-1").on_hand, house.level("SKU-1").reserved)
    given = give(waiting, clerk, parts={first.pk: Part(1, 2), second.pk: Part(1)})
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert state(waiting.order) == ("open", ["ready"])
    assert (house.level("SKU-1").on_hand, house.level("SKU-1").reserved) == before
    assert [(line.collected, line.refused) for line in lines_of(waiting)] == [(0, 0), (0, 0)]
    assert waiting.order.dropped == 0
    give(waiting, clerk, tender="cash")  # the 2,000 that went back are due again
    assert money(waiting.order) == [("capture", 5000), ("refund", 2000), ("capture", 2000)]


def test_an_undone_refusal_adds_up_and_can_be_given_then(waiting, house, clerk):
    first, second = lines_of(waiting)
    given = give(waiting, clerk, parts={first.pk: Part(1, 2), second.pk: Part(1)})
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    assert held(waiting.order)["lille", "SKU-1"] == (5, 0, 2)
    assert audit.differences() == []
    give(waiting, clerk, tender="cash")
    assert held(waiting.order)["lille", "SKU-1"] == (5, 3, 2)
    assert audit.differences() == []


def test_refused_pieces_that_are_sold_meanwhile_cannot_come_back(waiting, house, clerk):
    first, second = lines_of(waiting)
    given = give(waiting, clerk, parts={first.pk: Part(2, 1), second.pk: Part(1)})
    StockLevel.objects.filter(location=house.lille, variant__sku="SKU-1").update(safety_stock=98)
    with pytest.raises(TooLate):
        undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)


def test_only_the_last_hand_over_is_undone(waiting, clerk):
    first, _second = lines_of(waiting)
    part_of_it = give(waiting, clerk, parts={first.pk: Part(1)})
    give(waiting, clerk)
    with pytest.raises(TooLate):
        undoing.undo_hand_over(hand_over_id=part_of_it.pk, actor_id=clerk.pk)


# --- a missing piece is served by another place -----------------------------------------------------------------


@pytest.fixture
def missing(house, clerk) -> FulfilmentLine:
    """A line of two pieces, in hand in Lille; paid."""
    order = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, paid=4000)
    return lines_of(journeys.fulfilment_of(order))[0]


def short(line: FulfilmentLine, by: Any, quantity: int, store: Any) -> None:
    shorting.report_short(
        fulfilment_id=line.fulfilment_id, line_id=line.pk, quantity=quantity, reason="not_found", actor_id=by.pk,
        instead=Instead(store.pk, "pickup"),
    )  # fmt: skip


def test_a_missing_piece_is_kept_elsewhere_at_once_and_costs_what_it_cost(missing, house, clerk):
    order = missing.fulfilment.order
    short(missing, clerk, 1, house.lens)
    there = part(order, house.lens)
    assert (there.status, there.instead_of_id, [line.quantity for line in lines_of(there)]) == (
        "to_pick", missing.fulfilment_id, [1]
    )  # fmt: skip
    assert held(order) == {("lille", "SKU-1"): (2, 0, 1), ("lille", "SKU-2"): (1, 0, 0), ("lens", "SKU-1"): (1, 0, 0)}
    order.refresh_from_db()
    assert (order.dropped, order.also_at, money(order)) == (0, [house.lens.pk], [("capture", 4000)])
    event = OrderEvent.objects.get(order=order, kind="rerouted")
    assert (event.location_id, event.data["short_at"], event.data["quantity"]) == (house.lens.pk, house.lille.pk, 1)


def test_missing_pieces_of_one_order_travel_together(missing, house, clerk):
    short(missing, clerk, 1, house.lens)
    short(missing, clerk, 1, house.lens)
    other = lines_of(missing.fulfilment)[1]
    short(other, clerk, 1, house.lens)
    there = part(missing.fulfilment.order, house.lens)
    assert [line.quantity for line in lines_of(there)] == [2, 1]
    assert held(missing.fulfilment.order)["lens", "SKU-1"] == (2, 0, 0)


def test_a_place_where_everything_is_missing_is_through_and_the_order_goes_on(missing, house, clerk):
    order = missing.fulfilment.order
    short(missing, clerk, 2, house.lens)
    short(lines_of(missing.fulfilment)[1], clerk, 1, house.lens)
    giving_up.cancel(fulfilment_id=missing.fulfilment_id, actor_id=clerk.pk, reason="nothing_found")
    assert state(order)[0] == "open"
    assert money(order) == [("capture", 4000)]
    give(bag(part(order, house.lens), clerk), clerk)
    assert state(order)[0] == "completed"
    assert loyalty.wallet(order.customer_id).posted == 40


def test_a_place_that_has_none_left_is_refused_and_nothing_changes(missing, house, clerk):
    StockLevel.objects.filter(location=house.lens).update(safety_stock=100)
    before = house.level("SKU-1").on_hand
    with pytest.raises(ShortStock):
        short(missing, clerk, 1, house.lens)
    missing.refresh_from_db()
    assert (missing.short, house.level("SKU-1").on_hand) == (0, before)


def test_what_is_missing_there_too_comes_from_a_third_place_or_leaves(missing, house, clerk):
    order = missing.fulfilment.order
    short(missing, clerk, 1, house.lens)
    there = lines_of(part(order, house.lens))[0]
    shorting.report_short(
        fulfilment_id=there.fulfilment_id, line_id=there.pk, quantity=1, reason="not_found", actor_id=clerk.pk
    )
    giving_up.cancel(fulfilment_id=there.fulfilment_id, actor_id=clerk.pk, reason="nothing_found")
    give(bag(missing.fulfilment, clerk), clerk)
    assert (state(order)[0], order.dropped) == ("completed", 1000)
    assert money(order) == [("capture", 4000), ("refund", 1000)]
