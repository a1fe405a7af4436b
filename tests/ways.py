"""One order for each way that an order can go: what audits and constraints are tried on."""

from inventory.stock.models import StockCount
from inventory.stock.services import closing, counting
from inventory.transfers.models import Transfer
from inventory.transfers.services import rating, receiving, sending, tallying
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import finishing, giving_up, picking, readying, shorting, undoing
from orders.placing.services.placing import PlacedOrder
from tests import journeys
from tests.house import House


def every_way(house: House, clerk: User) -> dict[str, str]:
    """Walk eight orders in Lille; return their numbers by their way."""
    ways = {"ready, one piece damaged": ready_with_one_short(house, clerk)}
    for way in ("collected", "undone", "collected again", "expired", "cancelled"):
        ways[way] = journeys.placed(house.lille, {"SKU-1": 2, "SKU-3": 1}, by=clerk)
    journeys.handed_over(ways["collected"], by=clerk)
    undoing.undo_hand_over(hand_over_id=journeys.handed_over(ways["undone"], by=clerk).pk, actor_id=clerk.pk)
    again = journeys.handed_over(ways["collected again"], by=clerk)
    undoing.undo_hand_over(hand_over_id=again.pk, actor_id=clerk.pk)
    finishing.hand_over(fulfilment_id=again.fulfilment_id, proof="qr", actor_id=clerk.pk, tender="card_terminal")
    late = journeys.ready(ways["expired"], by=clerk)
    Fulfilment.objects.filter(pk=late.pk).update(keep_until="2020-01-01T00:00:00Z")
    giving_up.expire_due()
    unwanted = journeys.fulfilment_of(ways["cancelled"])
    giving_up.cancel_order(fulfilment_id=unwanted.pk, actor_id=clerk.pk, reason="no longer wanted")
    ways["sent"] = journeys.placed(house.lille, {"SKU-4": 1}, by=clerk, kind="ship", paid=4000)
    finishing.dispatch(fulfilment_id=journeys.picked(ways["sent"], by=clerk).pk, actor_id=clerk.pk)
    ways["carried out"] = journeys.placed(house.lille, {"SKU-5": 2}, by=clerk, kind="carry_out", paid=10_000)
    counts(house, clerk)
    transfers(house, clerk)
    rating.learn(location_id=house.lille.pk, sold={house.variants[0].pk: 2})
    return {way: order.order.number for way, order in ways.items()}


def transfers(house: House, clerk: User) -> list[Transfer]:
    """Return a transfer from Lens to Lille in each state; of the one that was received, a piece came damaged and one
    of another article was not in the parcel."""
    first, second = (variant.pk for variant in house.variants[3:5])
    ends = {"origin_id": house.lens.pk, "destination_id": house.lille.pk, "actor_id": clerk.pk}
    made = [sending.open_transfer(**ends, wanted={first: 3, second: 2}, public_id=None) for _state in range(5)]
    _draft, *others = made
    for one in others:
        sending.make_ready(transfer_id=one.pk)
    cancelled = sending.open_transfer(**ends, public_id=None)
    sending.cancel(transfer_id=cancelled.pk, actor_id=clerk.pk)
    for one in others[1:]:
        sending.send(transfer_id=one.pk, actor_id=clerk.pk)
        tallying.scan(transfer_id=one.pk, variant_id=first, pieces=2)
        tallying.park(transfer_id=one.pk, code="3760012845026")
    receiving.book(transfer_id=others[2].pk, actor_id=clerk.pk)
    tallying.scan(transfer_id=others[3].pk, variant_id=second, pieces=1)
    reasons = {first: "came_damaged", second: "not_in_the_parcel"}
    receiving.close(transfer_id=others[3].pk, reasons=reasons, actor_id=clerk.pk)
    return list(Transfer.objects.order_by("pk"))


def counts(house: House, clerk: User) -> tuple[StockCount, StockCount, StockCount]:
    """Return a count of two articles that was closed (one piece of the first was missing), an open one, an abandoned
    one, each with a code that nobody knows."""
    lens = [counting.open_count(location_id=house.lens.pk, actor_id=clerk.pk, name=name) for name in "ABC"]
    closed, still_open, abandoned = lens
    for count in (closed, still_open):
        counting.park(count_id=count.pk, code="3760012845026")
        for variant, counted in zip(house.variants, (99, 100), strict=False):
            counting.set_counted(count_id=count.pk, variant_id=variant.pk, counted=counted)
    closing.close(count_id=closed.pk, reasons={house.variants[0].pk: "not_found"}, actor_id=clerk.pk)
    counting.abandon(count_id=abandoned.pk, actor_id=clerk.pk)
    return closed, still_open, abandoned


def ready_with_one_short(house: House, clerk: User) -> PlacedOrder:
    """Return an order for 50.00 €, paid, whose first of four pieces was damaged: 10.00 € went back."""
    order = journeys.placed(house.lille, {"SKU-1": 3, "SKU-2": 1}, by=clerk, paid=5000)
    line = FulfilmentLine.objects.filter(fulfilment__order=order.order.id).earliest("pk")
    keys = {"fulfilment_id": line.fulfilment_id, "actor_id": clerk.pk}
    shorting.report_short(line_id=line.pk, quantity=1, reason="damaged", **keys)
    picking.pick(line_id=line.pk, pieces=2, **keys)
    picking.pick_variant(variant_id=house.variants[1].pk, **keys)
    readying.declare_ready(hold_place_id=house.places(house.lille)[0].pk, **keys)
    return order
