"""The price before a reduction: the lowest one that was asked during the 30 days before it was announced.

Directive 98/6/EC, article 6a; Code de la consommation, article L112-1-1. Where a price is lowered in successive steps,
it is the one before the first step. What was asked is what a customer of the channel paid: its own price before the
one for every channel.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from inventory.catalog.queries import Offer

LOOKED_BACK = timedelta(days=30)
"""How far back prices count; a lowered price that has held so long, and has no end, is the price."""


@dataclass(frozen=True)
class Reduction:
    """A lowered price in cents, since when, and the lowest one of the 30 days before."""

    amount: int
    announced_at: datetime
    lowest_before: int


@dataclass(frozen=True)
class _Span:
    """Cents that were asked from one instant until another; None where the article had no price."""

    begins: datetime
    ends: datetime
    amount: int | None


def lowest_price_before(offer: Offer, *, channel: str, currency: str, at: datetime) -> int | None:
    """Return the lowest cents asked during the 30 days before an instant, that instant left out; None without any."""
    spans = _spans(offer, channel, currency, at)
    asked = [one.amount for one in spans if one.amount is not None and one.ends > at - LOOKED_BACK]
    return min(asked, default=None)


def reduction(offer: Offer, *, channel: str, currency: str, at: datetime) -> Reduction | None:
    """Return the reduction that holds at an instant, or None when the price is not lowered."""
    amount = offer.price(channel=channel, currency=currency, at=at)
    begun = _announced_at(_spans(offer, channel, currency, at + timedelta(microseconds=1)), amount)
    if amount is None or begun is None:
        return None
    if at - begun >= LOOKED_BACK and not _ends(offer, channel, currency, at):
        return None
    lowest = lowest_price_before(offer, channel=channel, currency=currency, at=begun)
    return Reduction(amount, begun, lowest) if lowest is not None and lowest > amount else None


def _announced_at(spans: list[_Span], amount: int | None) -> datetime | None:
    """Return when the price that holds last was lowered; of steps downwards, each less than 30 days after the one
    before, the first. None when it was not lowered."""
    announced: datetime | None = None
    for before, lowered in reversed(list(pairwise(spans))):
        if before.amount is None or lowered.amount is None or before.amount <= lowered.amount:
            break
        if announced and announced - lowered.begins >= LOOKED_BACK:
            break
        announced = lowered.begins
    return announced if spans and spans[-1].amount == amount else None


def _spans(offer: Offer, channel: str, currency: str, until: datetime) -> list[_Span]:
    """Return what was asked until an instant, one span for each price, the oldest first."""
    concerned = [one for one in offer.prices if one.currency == currency and one.channel in {channel, ""}]
    edges = {one.starts_at for one in concerned} | {one.ends_at for one in concerned if one.ends_at}
    known = [*sorted(edge for edge in edges if edge < until), until]
    spans: list[_Span] = []
    for begins, ends in pairwise(known):
        amount = offer.price(channel=channel, currency=currency, at=begins)
        if spans and spans[-1].amount == amount:
            spans[-1] = _Span(spans[-1].begins, ends, amount)
        else:
            spans.append(_Span(begins, ends, amount))
    return spans


def _ends(offer: Offer, channel: str, currency: str, at: datetime) -> bool:
    """Whether the price that holds has an end."""
    later = [one.ends_at for one in offer.prices if one.channel in {channel, ""} and one.starts_at <= at]
    amount = offer.price(channel=channel, currency=currency, at=at)
    return any(
        ends and ends > at and offer.price(channel=channel, currency=currency, at=ends) != amount for ends in later
    )
