"""Selling at the counter what other places serve: one order, placed as every other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from customers.services.identifying import GivenCustomer
from inventory.places.queries import Place
from omni.staff.access import Actor
from orders.fulfilment.models import Fulfilment
from orders.placing.services import placing
from orders.placing.services.placing import PlacedOrder
from orders.placing.wishes import OrderWish, WishedLine, WishedPayment, WishedWay
from orders.pricing.baskets import PricedBasket
from orders.selling.basket import Basket
from orders.selling.errors import NotAsShown
from orders.selling.serving import CHANNEL, Serving, serve


def priced(basket: Basket, seller: Place, now: datetime) -> PricedBasket:
    """Return what the basket costs in the seller's store today. Raises `WishRefused` for what is not for sale there."""
    whole = [(index, number) for index, number in enumerate(basket.pieces.values())]
    ways = [WishedWay(Fulfilment.Kind.CARRY_OUT.value, seller, whole)]
    return placing.price(_wish(basket, seller, ways), now)


def sell(
    *,
    basket: Basket,
    seller: Place,
    actor: Actor,
    now: datetime,
    shown: str,
    customer: GivenCustomer | None,
    ship_to: Mapping[str, str] | None,
    total: int,
    payment: WishedPayment | None,
    reference: str,
) -> PlacedOrder:
    """Place the basket as it was `shown` (the mark of its `Serving`), for the `total` that was shown, now or when it is
    collected: priced and taxed in the seller's store, served by the places that were named. The same `reference` places
    it once.

    Raises `NotAsShown` when other places would serve it now, and what `placing.place_order` raises.
    """
    serving = serve(basket, seller, now)
    if serving.lacking or serving.mark != shown:
        raise NotAsShown(_("Somebody was faster: this is what is left now. Look again before you place it."))
    wish = _wish(basket, seller, ways_of(basket, serving, ship_to), customer, payment, reference)
    return placing.place_order(wish=replace(wish, total=total), actor=actor)


def ways_of(basket: Basket, serving: Serving, ship_to: Mapping[str, str] | None) -> list[WishedWay]:
    """Return the ways of an order: one for each place that serves a part of it."""
    index = {offer.variant_id: position for position, offer in enumerate(basket.offers().values())}
    address = dict(ship_to) if ship_to else None
    return [
        WishedWay(basket.way, part.place, sorted((index[pk], units) for pk, units in part.pieces.items()), address)
        for part in serving.parts
    ]


def _wish(
    basket: Basket,
    seller: Place,
    ways: list[WishedWay],
    customer: GivenCustomer | None = None,
    payment: WishedPayment | None = None,
    reference: str | None = None,
) -> OrderWish:
    offers = basket.offers()
    return OrderWish(
        channel=CHANNEL,
        external_ref=reference,
        currency=settings.CURRENCY,
        customer=customer,
        lines=[WishedLine(offers[sku], number) for sku, number in basket.pieces.items()],
        ways=ways,
        payment=payment,
        sold_at=seller,
    )
