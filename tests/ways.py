"""One order for each way that an order can go: what audits and constraints are tried on."""

from datetime import timedelta

from django.utils import timezone

from inventory.catalog.models import Product, ProductPhoto
from inventory.catalog.services import photographing
from inventory.places.queries import place
from inventory.stock.models import StockCount
from inventory.stock.services import closing, counting
from inventory.transfers.models import Transfer
from inventory.transfers.services import rating, receiving, sending, tallying
from omni.staff.access import actor_of
from omni.staff.models import User
from orders.fulfilment import outlook
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import (
    escalating,
    finishing,
    giving_up,
    handing_over,
    lowering,
    picking,
    readying,
    shorting,
    undoing,
)
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.substitutes.services import answering, asking
from orders.fulfilment.waiting.models import Restock
from orders.fulfilment.waiting.services import arriving, extending, reminding, renewing, restocking
from orders.fulfilment.waiting.services import rating as visit
from orders.placing.services.placing import PlacedOrder
from orders.placing.wishes import WishedWay
from tests import journeys, sent, visits
from tests.catalogue import pictures
from tests.house import House


def every_way(house: House, clerk: User) -> dict[str, str]:
    """Walk orders in Lille; return their numbers by their way."""
    ways = {"ready, one piece damaged": ready_with_one_short(house, clerk)}
    for way in ("collected", "undone", "collected again", "expired", "cancelled"):
        ways[way] = journeys.placed(house.lille, {"SKU-1": 2, "SKU-3": 1}, by=clerk)
    journeys.handed_over(ways["collected"], by=clerk)
    undoing.undo_hand_over(hand_over_id=journeys.handed_over(ways["undone"], by=clerk).pk, actor_id=clerk.pk)
    again = journeys.handed_over(ways["collected again"], by=clerk)
    undoing.undo_hand_over(hand_over_id=again.pk, actor_id=clerk.pk)
    handing_over.hand_over(fulfilment_id=again.fulfilment_id, proof="qr", actor_id=clerk.pk, tender="card_terminal")
    late = journeys.ready(ways["expired"], by=clerk)
    Fulfilment.objects.filter(pk=late.pk).update(keep_until="2020-01-01T00:00:00Z")
    giving_up.expire_due()
    unwanted = journeys.fulfilment_of(ways["cancelled"])
    giving_up.cancel(fulfilment_id=unwanted.pk, actor_id=clerk.pk, reason="no longer wanted")
    ways["sent"] = journeys.placed(house.lille, {"SKU-4": 1}, by=clerk, kind="ship", paid=4000)
    finishing.dispatch(fulfilment_id=journeys.picked(ways["sent"], by=clerk).pk, actor_id=clerk.pk)
    ways["put off"] = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk)
    ways["carried out"] = journeys.placed(house.lille, {"SKU-5": 2}, by=clerk, kind="carry_out", paid=10_000)
    reserved(house, ways, clerk)
    put_off(ways["put off"], clerk)
    asked(ways, house, clerk)
    waiting(ways, clerk)
    sent.every_way(house, clerk)
    counts(house, clerk)
    transfers(house, clerk)
    visits.every_way(house.lens, clerk, house.variants[0].pk)
    photos(house, clerk)
    rating.learn(location_id=house.lille.pk, sold={house.variants[0].pk: 2})
    return {way: order.order.number for way, order in ways.items()}


def reserved(house: House, ways: dict[str, PlacedOrder], clerk: User) -> None:
    """Let reservations be prepared, tried in part after a hand-over that was undone, and released; and sell in Lille
    what Lens hands over."""
    for way in ("reserved", "tried", "released"):
        ways[way] = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=clerk, kind="reservation")
    undoing.undo_hand_over(hand_over_id=journeys.handed_over(ways["tried"], by=clerk).pk, actor_id=clerk.pk)
    bag = journeys.fulfilment_of(ways["tried"])
    first, second = bag.lines.order_by("pk")
    parts = {first.pk: Part(1, 1), second.pk: Part(0, 1)}
    handing_over.hand_over(fulfilment_id=bag.pk, proof="code", actor_id=clerk.pk, tender="cash", parts=parts)
    unwanted = journeys.ready(ways["released"], by=clerk)
    giving_up.cancel(fulfilment_id=unwanted.pk, actor_id=clerk.pk, reason="refused")
    there = WishedWay("pickup", place(house.lens.pk), [(0, 1)])
    sold_at = {"sold_at": place(house.lille.pk), "channel": "store", "ways": [there]}
    ways["sold elsewhere"] = journeys.placed(house.lille, {"SKU-1": 1}, by=clerk, paid=1000, **sold_at)


def put_off(order: PlacedOrder, clerk: User) -> None:
    """Let a pickup's promise be put off, its manager be told, and then its customer be without it: it is cancelled."""
    served = journeys.fulfilment_of(order)
    at = served.promised_at - timedelta(minutes=1)
    [found] = [one for one in outlook.of([served.location_id], at) if one.open.id == served.pk]
    assert lowering.lower(found=found, after=served.promised_at + timedelta(minutes=30))
    assert escalating.tell_due([found.open], at) == 1
    giving_up.cancel(fulfilment_id=served.pk, actor_id=clerk.pk, reason="too late")


def asked(ways: dict[str, PlacedOrder], house: House, clerk: User) -> None:
    """Ask three customers what may come instead of a piece: one says yes, one no, one has not answered yet."""
    Product.objects.filter(variants__in=house.variants[1:3]).update(category="Mugs")
    for answer in ("yes", "no", "not answered"):
        order = ways[f"substitute: {answer}"] = journeys.placed(house.lille, {"SKU-2": 1}, by=clerk, paid=2000)
        line = journeys.fulfilment_of(order).lines.get()
        question = asking.ask(
            fulfilment_id=line.fulfilment_id, line_id=line.pk, quantity=1, reason="damaged", skus=["SKU-3"],
            actor_id=clerk.pk,
        )  # fmt: skip
        if answer == "yes":
            answering.accept(question_id=question.pk, sku="SKU-3", actor_id=None)
        elif answer == "no":
            answering.decline(question_id=question.pk, actor_id=clerk.pk)


def waiting(ways: dict[str, PlacedOrder], clerk: User) -> None:
    """Let the customer of the ready order be reminded, keep it longer, and come; the counter keeps it longer, too. Who
    collected says how it was; a bag of the expired one is begun; a link is taken back."""
    here = journeys.fulfilment_of(ways["ready, one piece damaged"])
    Fulfilment.objects.filter(pk=here.pk).update(ready_at=timezone.now() - timedelta(days=3))
    reminding.remind_due()
    extending.extend(fulfilment_id=here.pk, actor_id=None)
    extending.extend(fulfilment_id=here.pk, actor_id=clerk.pk, reason="ill")
    arriving.arrive(fulfilment_id=here.pk, spot="door", note="blue car")
    visit.rate(fulfilment_id=journeys.fulfilment_of(ways["collected"]).pk, stars=5, sentence="Quick")
    expired = Restock.objects.get(fulfilment__order=ways["expired"].order.id)
    line = expired.lines.earliest("pk")
    restocking.put_back(location_id=expired.location_id, variant_id=line.variant_id, actor_id=clerk.pk)
    renewing.renew_link(order_id=ways["collected"].order.id, actor_id=clerk.pk)


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


def photos(house: House, clerk: User) -> list[ProductPhoto]:
    """Return two photos of the first article's product; the second shows that very article."""
    product = house.variants[0].product
    keys = {"actor": actor_of(clerk), "product_id": product.pk, "picture": pictures.picture()}
    first, second = (photographing.add(**keys, alternative=words) for words in ("From the front", ""))
    shown = [house.variants[0].sku]
    photographing.describe(actor=actor_of(clerk), photo=second, alternative="", position=2, skus=shown)
    return [first, second]


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
