"""What the page of a sale shows, as plain values."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.catalog.queries import Offer
from inventory.places.queries import Place, all_places, place
from inventory.stock import queries as stock
from omni.lib.money import format_cents
from omni.staff.once import new_key
from omni.templatetags.omni import figure, moment
from orders.fulfilment.models import Fulfilment
from orders.payments.models import Tender
from orders.payments.queries import account_of
from orders.placing.errors import WishRefused
from orders.pricing.baskets import PricedBasket
from orders.sales.models import Order
from orders.selling import forms
from orders.selling.basket import MOST_PIECES, Basket
from orders.selling.buyers import Buyer
from orders.selling.forms import SaleForm
from orders.selling.services.selling import priced
from orders.selling.serving import Part, Serving, serve

Kind = Fulfilment.Kind
NEAREST = 3
"""Stores that are offered for collecting, beside the one that was chosen, and named where a piece is left."""
ICONS = {Tender.CARD_TERMINAL.value: "card", Tender.CASH.value: "cash", forms.LATER: "store"}


def address_of(basket: Basket) -> str:
    """Return the address that shows a basket."""
    return f"{reverse('sell')}?{basket.query}"


def page(
    basket: Basket, seller: Place, now: datetime, buyer: Buyer | None, form: SaleForm, *, problem: str = ""
) -> dict[str, Any]:
    """Return the context of a sale: what, how it reaches its customer, who buys, how it is paid."""
    offers = basket.offers()
    serving = serve(basket, seller, now)
    try:
        cost: PricedBasket | None = priced(basket, seller, now) if offers else None
    except WishRefused as refused:
        cost, problem = None, problem or " ".join(one.message for one in refused.problems)
    first = next(iter(offers), "")
    return {
        "store": seller,
        "back_url": f"{reverse('stock')}?q={first}" if first else reverse("stock"),
        "scan_url": f"{reverse('sell-scans')}?{basket.query}",
        "scan_hint": _("Scanner ready. An article is added, a loyalty card says who buys."),
        "lines": _lines(basket, cost),
        "total": cost.total if cost else None,
        "ways": _ways(basket, seller, offers) if offers else [],
        "parts": [_part(one, basket.way, seller, offers) for one in serving.parts],
        "parcels": _parcels(serving, basket.way),
        "lacking": _lacking(serving, offers, seller),
        "buyer": {"name": buyer.name, "other_url": address_of(replace(basket, customer=""))} if buyer else None,
        "needs_buyer": basket.way != Kind.CARRY_OUT,
        "ships": basket.way == Kind.SHIP,
        "form": form,
        "tenders": _tenders(form),
        "served": serving.mark,
        "ready": bool(cost and serving.parts and not serving.lacking),
        "problem": problem,
        "idempotency_key": new_key(),
    }


def _lines(basket: Basket, cost: PricedBasket | None) -> list[dict[str, Any]]:
    amounts = [line.total for line in cost.lines] if cost else [None] * len(basket.pieces)
    return [
        {
            "sku": sku,
            "name": offer.name,
            "picture": offer.picture,
            "number": basket.pieces[sku],
            "amount": amount,
            "less_url": address_of(basket.having(sku, basket.pieces[sku] - 1)),
            "more_url": address_of(basket.having(sku, basket.pieces[sku] + 1))
            if basket.pieces[sku] < MOST_PIECES
            else "",
        }
        for (sku, offer), amount in zip(basket.offers().items(), amounts, strict=True)
    ]


def _ways(basket: Basket, seller: Place, offers: dict[str, Offer]) -> list[dict[str, Any]]:
    """Return the ways that could serve the basket: out of the door, sent, collected in a store that has all of it."""
    wanted = {offers[sku].variant_id: number for sku, number in basket.pieces.items()}
    has = stock.locations_with(wanted)
    whole = {pk for pk, variants in has.items() if set(wanted) <= variants}
    found = []
    if seller.id in whole or basket.way == Kind.CARRY_OUT:
        found.append(_way(basket, Kind.CARRY_OUT, None, "bag", _("Carried out"), _("From here, at once")))
    found.append(_way(basket, Kind.SHIP, None, "truck", _("Sent home"), _("By the store that the house's rules name")))
    if basket.way == Kind.SHIP and basket.at:
        from_there = _("From %(store)s") % {"store": basket.at.name}
        found.append(_way(basket, Kind.SHIP, basket.at, "truck", _("Sent home"), from_there))
    for there in _collecting(basket, seller, whole):
        found.append(_way(basket, Kind.PICKUP, there, "store", there.name, _collected(there, seller)))
    return found


def _collecting(basket: Basket, seller: Place, whole: set[int]) -> list[Place]:
    chosen = [basket.at] if basket.at and basket.way == Kind.PICKUP else []
    known = all_places()
    others = [known[pk] for pk in whole if pk in known and known[pk].offers_pickup and known[pk] not in chosen]
    others.sort(key=lambda one: seller.distance_km(one.latitude, one.longitude))
    return chosen + others[:NEAREST]


def _collected(there: Place, seller: Place) -> str:
    if there.id == seller.id:
        return _("Collected here later")
    return _("Collected there, %(km)s km from here") % {"km": _km(there, seller)}


def _km(there: Place, seller: Place) -> str:
    return figure(round(seller.distance_km(there.latitude, there.longitude)))


def _way(basket: Basket, way: str, at: Place | None, icon: str, title: str, text: str) -> dict[str, Any]:
    return {
        "icon": icon,
        "title": title,
        "text": text,
        "url": address_of(basket.going(str(way), at)),
        "current": basket.way == way and basket.at == at,
    }


def _part(part: Part, way: str, seller: Place, offers: dict[str, Offer]) -> dict[str, Any]:
    at = moment(part.promised_at, part.place.zone)
    words = {
        Kind.PICKUP: _("ready %(at)s"),
        Kind.SHIP: _("leaves by %(at)s"),
        Kind.CARRY_OUT: _("at once"),
    }[Kind(way)]
    names = {offer.variant_id: offer.name for offer in offers.values()}
    return {
        "store": part.place.name,
        "text": words % {"at": at},
        "pieces": ngettext("%(number)s item", "%(number)s items", part.units) % {"number": part.units},
        "what": ", ".join(f"{units} × {names[pk]}" for pk, units in part.pieces.items()),
        "km": "" if part.place.id == seller.id else _km(part.place, seller),
    }


def _parcels(serving: Serving, way: str) -> str:
    count = len(serving.parts)
    if count < 2:
        return ""
    words = (
        ngettext("%(count)s parcel", "%(count)s parcels", count)
        if way == Kind.SHIP
        else ngettext("Collected in %(count)s store", "Collected in %(count)s stores", count)
    )
    return words % {"count": count}


def _lacking(serving: Serving, offers: dict[str, Offer], seller: Place) -> list[dict[str, str]]:
    """Return what no place serves in this way, and where some of it is left."""
    if not serving.lacking:
        return []
    names = {offer.variant_id: offer.name for offer in offers.values()}
    at = stock.units_at(list(serving.lacking), list(all_places()))
    near = sorted((place(pk) for pk in at), key=lambda one: seller.distance_km(one.latitude, one.longitude))
    return [
        {
            "what": f"{units} × {names[pk]}",
            "left": ", ".join(f"{there.name} {at[there.id][pk]}" for there in near if pk in at[there.id]),
        }
        for pk, units in serving.lacking.items()
    ]


def _tenders(form: SaleForm) -> list[dict[str, Any]]:
    chosen = form.data.get("tender") if form.is_bound else None
    choices: Any = form.fields["tender"].choices  # type: ignore[attr-defined]
    return [
        {"value": value, "label": label, "icon": ICONS[value], "selected": value == chosen} for value, label in choices
    ]


def sold(order: Order, seller: Place) -> dict[str, Any]:
    """Return the context of the page that says it is placed: what to tell the customer of each part."""
    account = account_of(order)
    return {
        "store": seller,
        "scan_url": reverse("scan"),
        "number": order.number,
        "customer_name": order.customer.name if order.customer else "",
        "paid": format_cents(account.paid, order.currency) if account.paid else "",
        "due": format_cents(account.due, order.currency) if account.due > 0 else "",
        "by": order.actor.name if order.actor else "",
        "at": order.placed_at,
        "parts": [_sold_part(one) for one in order.fulfilments.order_by("pk").prefetch_related("lines")],
        "order_url": reverse("order", args=[order.number]),
        "next_url": reverse("stock"),
    }


def _sold_part(one: Fulfilment) -> dict[str, Any]:
    there, units = place(one.location_id), sum(line.quantity for line in one.lines.all())
    words = {
        Kind.PICKUP: _("collected at %(store)s, ready %(at)s"),
        Kind.SHIP: _("sent by %(store)s, leaves by %(at)s"),
    }.get(Kind(one.kind), _("carried out of %(store)s"))
    return {
        "short_id": one.short_id,
        "pieces": ngettext("%(number)s item", "%(number)s items", units) % {"number": units},
        "text": words % {"store": there.name, "at": moment(one.promised_at, there.zone)},
        "icon": {Kind.PICKUP: "store", Kind.SHIP: "truck"}.get(Kind(one.kind), "bag"),
    }
