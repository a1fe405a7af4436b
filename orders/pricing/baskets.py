"""The price of a basket: unit prices of the channel, VAT inside them, every cent accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.catalog.queries import Offer
from omni.lib.money import allot, tax_included


@dataclass(frozen=True)
class WantedLine:
    """A line as asked for, with the price and VAT rate (basis points) that hold now."""

    offer: Offer
    quantity: int
    unit_price: int
    vat_rate: int


@dataclass(frozen=True)
class PricedLine:
    """A line as it will be frozen. Cents, tax included; `tax` is the VAT inside `total`."""

    offer: Offer
    quantity: int
    unit_price: int
    total: int
    vat_rate: int
    tax: int


@dataclass(frozen=True)
class PricedBasket:
    """Lines whose totals add up to `total` and whose taxes add up to `tax`."""

    lines: tuple[PricedLine, ...]
    total: int
    tax: int


def price_basket(wanted: Sequence[WantedLine]) -> PricedBasket:
    """Price the lines. VAT is rounded once per rate over the whole basket and allotted to its lines by largest
    remainder."""
    totals = [line.quantity * line.unit_price for line in wanted]
    taxes = [0] * len(wanted)
    for rate in {line.vat_rate for line in wanted}:
        of_rate = [index for index, line in enumerate(wanted) if line.vat_rate == rate]
        share = [totals[index] for index in of_rate]
        for index, tax in zip(of_rate, allot(tax_included(sum(share), rate), share), strict=True):
            taxes[index] = tax
    lines = tuple(
        PricedLine(line.offer, line.quantity, line.unit_price, total, line.vat_rate, tax)
        for line, total, tax in zip(wanted, totals, taxes, strict=True)
    )
    return PricedBasket(lines, sum(totals), sum(taxes))


def unit_price(offer: Offer, *, channel: str, currency: str, at: datetime) -> int | None:
    """Return the unit price in cents that a channel asks at an instant, or None when the offer is not for sale
    there."""
    if offer.withdrawn_at is not None and offer.withdrawn_at <= at:
        return None
    return offer.price(channel=channel, currency=currency, at=at)
