"""Placing an order from any channel: one transaction moves stock, money and points, or nothing moves.

The way of the data: who → what it costs → the order → its payment → pending points → reserved stock → its fulfilment.
The hot rows (stock, the store's counter) are locked last and held for the time of two statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.services import identifying
from inventory.stock.errors import ShortStock
from inventory.stock.services import holding, reserving
from loyalty.services import earning
from omni.lib.errors import Problem
from omni.lib.money import format_cents
from omni.staff.access import Actor
from orders.fulfilment import promises
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import finishing, opening
from orders.payments.services import capturing
from orders.placing import reservations
from orders.placing.errors import PriceDiffers, WishRefused
from orders.placing.wishes import OrderWish, WishedWay
from orders.pricing import baskets
from orders.pricing.baskets import PricedBasket, WantedLine
from orders.pricing.queries import vat_rate
from orders.sales.services import recording
from orders.sales.services.recording import RecordedOrder


@dataclass(frozen=True)
class OpenedWay:
    """One fulfilment of the new order."""

    id: int
    way: WishedWay
    short_id: str
    promised_at: datetime

    @property
    def carried_out(self) -> bool:
        """Whether its goods left with the customer at once."""
        return self.way.kind == Fulfilment.Kind.CARRY_OUT


@dataclass(frozen=True)
class PlacedOrder:
    """The new order, as its caller is told. `points` are pending."""

    order: RecordedOrder
    wish: OrderWish
    basket: PricedBasket
    customer_id: int | None
    ways: list[OpenedWay]
    points: int

    @property
    def completed(self) -> bool:
        """Whether all of it left with the customer at once."""
        return all(one.carried_out for one in self.ways)


@transaction.atomic(savepoint=False)
def place_order(*, wish: OrderWish, actor: Actor) -> PlacedOrder:
    """Place the order with all its ways of handing over.

    Raises `PriceDiffers` with both figures, `WishRefused` when something is not for sale or a reservation is not what
    one may be, `TooManyReserved`, `ShortStock` with every short line of every place.
    The caller's transaction must then be rolled back.
    """
    now = timezone.now()
    reservations.require_possible(wish)
    basket = price(wish, now)
    customer_id = identifying.identify_or_enrol(given=wish.customer, channel=wish.channel) if wish.customer else None
    if wish.reserved and customer_id is not None:
        reservations.require_allowed(wish, customer_id)
    order = recording.record_order(
        channel=wish.channel,
        external_ref=wish.external_ref,
        customer_id=customer_id,
        location_id=wish.place.id,
        currency=wish.currency,
        basket=basket,
        placed_on=wish.place.local(now).date(),
        actor_id=actor.user_id,
        kinds=[way.kind for way in wish.ways],
        also_at=sorted({way.place.id for way in wish.ways} - {wish.place.id}),
        reserved=wish.reserved,
    )
    promised = [_promise(way, now) for way in wish.ways]
    _take_payment(wish, order, actor)
    points = _earn(wish, basket, customer_id, order, actor)
    _reserve(wish, order, actor)
    # The counters of short ids are locked in the order of their places.
    by_place = sorted(range(len(wish.ways)), key=lambda index: wish.ways[index].place.id)
    opened = {index: _open(wish.ways[index], order, promised[index]) for index in by_place}
    placed = PlacedOrder(order, wish, basket, customer_id, [opened[index] for index in sorted(opened)], points)
    for one in placed.ways:
        if one.carried_out:
            finishing.carry_out(fulfilment_id=one.id, actor_id=actor.user_id)
    return placed


def _promise(way: WishedWay, now: datetime) -> datetime:
    pieces = sum(quantity for _line, quantity in way.slices)
    return promises.promise(place=way.place, kind=way.kind, now=now, pieces=pieces)


def _open(way: WishedWay, order: RecordedOrder, promised_at: datetime) -> OpenedWay:
    fulfilment_id, short_id = opening.open_fulfilment(
        order_id=order.id,
        kind=way.kind,
        place=way.place,
        promised_at=promised_at,
        slices=[(order.line_ids[index], quantity) for index, quantity in way.slices],
        ship_to=way.ship_to,
    )
    return OpenedWay(fulfilment_id, way, short_id, promised_at)


def price(wish: OrderWish, now: datetime) -> PricedBasket:
    """Price the wish with the house's prices and rates, and compare with what the caller said.

    Raises `WishRefused` for lines that are not for sale, then `PriceDiffers`, each with every problem.
    """
    wanted, problems = [], []
    day = wish.place.local(now).date()
    for index, line in enumerate(wish.lines):
        amount = baskets.unit_price(line.offer, channel=wish.channel, currency=wish.currency, at=now)
        rate = vat_rate(territory=wish.place.territory, vat_class=line.offer.vat_class, on=day)
        if amount is None or rate is None:
            message = _("%(sku)s is not for sale on this channel today.") % {"sku": line.offer.sku}
            problems.append(Problem(f"lines.{index}", "not_for_sale", message))
        else:
            wanted.append(WantedLine(line.offer, line.quantity, amount, rate))
    if problems:
        raise WishRefused(_("Some lines are not for sale."), problems=problems)
    basket = baskets.price_basket(wanted)
    _compare(wish, basket)
    return basket


def _compare(wish: OrderWish, basket: PricedBasket) -> None:
    said = [(f"lines.{index}.unit_price", line.unit_price) for index, line in enumerate(wish.lines)]
    ours = [line.unit_price for line in basket.lines]
    said += [("total", wish.total), ("tax", wish.tax)]
    ours += [basket.total, basket.tax]
    if wish.payment:
        said.append(("payment.amount", wish.payment.amount))
        ours.append(basket.total)
    differing = [
        (field, sent, right)
        for (field, sent), right in zip(said, ours, strict=True)
        if sent is not None and sent != right
    ]
    if differing:
        raise PriceDiffers(
            _("The amounts sent are not the amounts of the house."),
            problems=[_difference(field, sent, right, wish.currency) for field, sent, right in differing],
            extra={"total": basket.total, "tax": basket.tax, "unit_prices": [line.unit_price for line in basket.lines]},
        )


def _difference(field: str, sent: int, right: int, currency: str) -> Problem:
    figures = {"sent": format_cents(sent, currency), "right": format_cents(right, currency)}
    return Problem(field, "differs", _("You sent %(sent)s, the house has %(right)s.") % figures)


def _take_payment(wish: OrderWish, order: RecordedOrder, actor: Actor) -> None:
    if wish.payment and wish.payment.amount:
        capturing.capture(
            order_id=order.id,
            tender=wish.payment.tender,
            amount=wish.payment.amount,
            currency=wish.currency,
            reference=f"{order.number}/placed",
            external_ref=wish.payment.external_ref,
            actor_id=actor.user_id,
        )


def _reserve(wish: OrderWish, order: RecordedOrder, actor: Actor) -> None:
    units = wish.units()
    wanted = [(variant_id, place_id) for place_id, here in units.items() for variant_id in here]
    kept: Mapping[tuple[int, int], int] = {}
    if wish.hold:
        kept = holding.give_way(reference=holding.name_of(actor.user_id, wish.hold), levels=wanted)
    if len(units) > 1:
        reserving.lock(wanted)
    short = []
    for place_id, here in units.items():
        try:
            given = {variant_id: kept.get((variant_id, place_id), 0) for variant_id in here} if kept else None
            reserving.reserve(location_id=place_id, wanted=here, reference=order.number, given=given)
        except ShortStock as lacking:
            short.append(lacking)
    if short:
        short[0].also = short[1:]
        raise short[0]


def _earn(wish: OrderWish, basket: PricedBasket, customer_id: int | None, order: RecordedOrder, actor: Actor) -> int:
    if customer_id is None or wish.reserved:  # nothing is bought before it was tried
        return 0
    return earning.earn_pending(
        customer_id=customer_id,
        paid=basket.total,
        cause=order.number,
        location_id=wish.place.id,
        actor_id=actor.user_id,
    )
