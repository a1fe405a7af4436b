"""The link to an order's own page: made of a key that only the server has, so that nothing readable is kept.

`/o/<24 signs><number>/`: the signs are the first 144 bits of an HMAC over the order's number and the round its links
are in. Nobody guesses one, none leads to another order, and a new round ends all that were sent before. A page whose
order ended long ago is closed, and says the same as one that never was.
"""

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes

from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting.models import CustomerLink
from orders.sales.models import Order

OPEN_AFTER_THE_END = timedelta(days=30)
"""How long a page stays open once everything of its order is collected, sent, given up or cancelled."""
SIGNS, BYTES = 24, 18
TOKEN = re.compile(r"[A-Za-z0-9_-]{25,48}")


@dataclass(frozen=True)
class Page:
    """An order as its customer may see it, with its fulfilments, the first to be promised before the others."""

    order: Order
    fulfilments: list[Fulfilment]


def token(number: str, link_round: int = 0) -> str:
    """Return what an address carries for an order in a round of its links."""
    return _signs(number, link_round, settings.SECRET_KEY) + number


def _signs(number: str, link_round: int, key: str) -> str:
    mac = hmac.new(force_bytes(key), f"customer-link:{link_round}:{number}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(mac[:BYTES]).decode()


def address(number: str, link_round: int = 0) -> str:
    """Return the whole address, for mails and for the shop; the host is the house's setting, never a request's."""
    return settings.BASE_URL.rstrip("/") + reverse("customer-order", args=[token(number, link_round)])


def address_of(order: Order) -> str:
    """Return the address that opens an order's page now. One statement."""
    return address(order.number, _round_of(order.pk))


def _round_of(order_id: int) -> int:
    return CustomerLink.objects.filter(order=order_id).values_list("round", flat=True).first() or 0


def opened_by(text: str) -> Page | None:
    """Return the order that a token opens; None for one that was made up, taken back, or whose time is over.

    A token that no key of the house could have made in the first round or a later one costs one statement, like one
    that was taken back: neither the answer nor its time tells them apart.
    """
    text = text if TOKEN.fullmatch(text) else ""
    signs, number = text[:SIGNS], text[SIGNS:]
    found = Order.objects.select_related("customer", "customer_link").filter(number=number).first()
    link_round = found.customer_link.round if found and hasattr(found, "customer_link") else 0
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    right = [hmac.compare_digest(_signs(number, link_round, key).encode(), signs.encode()) for key in keys]
    if found is None or not any(right):
        return None
    fulfilments = list(queries.in_hand().filter(order=found.pk).order_by("promised_at", "pk"))
    return Page(found, fulfilments) if fulfilments and not _closed(fulfilments) else None


def _closed(fulfilments: list[Fulfilment]) -> bool:
    ends = [one.ended_at for one in fulfilments]
    latest = max((end for end in ends if end is not None), default=None)
    return all(ends) and latest is not None and latest < timezone.now() - OPEN_AFTER_THE_END
