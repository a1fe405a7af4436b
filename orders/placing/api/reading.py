"""Reading a placement: every problem of the request at once, a sentence for each, and not one query for what is
remembered."""

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from stdnum import luhn

from customers.reading import read_customer
from inventory.catalog import queries as catalog
from inventory.catalog.reading import read_wanted
from inventory.stock.services import holding
from omni.lib.reading import Reader
from omni.staff.access import Actor
from orders.fulfilment.models import Fulfilment
from orders.payments.models import Tender
from orders.placing import reservations
from orders.placing.api.ways import read_ways
from orders.placing.errors import WishRefused
from orders.placing.wishes import OrderWish, WishedLine, WishedPayment

MOST_LINES = 200
MOST_CENTS = 100_000_000
WAYS = {"fulfilment", "fulfilments"}
FIELDS = {"external_ref", "currency", "customer", "lines", "payment", "total", "tax", "hold"} | WAYS


def read_wish(body: dict[str, Any], actor: Actor) -> OrderWish:
    """Return what the body asks for. Raises `WishRefused` with every problem of the request."""
    reader = Reader()
    reader.known_fields(body, FIELDS)
    external_ref = reader.text(body, "external_ref", "", most=80) or None
    currency = reader.text(body, "currency", "", most=3) or settings.CURRENCY
    if currency != settings.CURRENCY:
        reader.problem("currency", "currency_unknown", _("This house sells in %(ours)s.") % {"ours": settings.CURRENCY})
    total = reader.whole(body, "total", "", least=0, most=MOST_CENTS)
    tax = reader.whole(body, "tax", "", least=0, most=MOST_CENTS)
    hold = reader.text(body, "hold", "", most=holding.LONGEST_REFERENCE)
    lines = _lines(reader, body)
    ways = read_ways(reader, body, lines, actor)
    kinds = {way.kind for way in ways}
    customer = read_customer(reader, body, required=kinds != {Fulfilment.Kind.CARRY_OUT})
    payment = _payment(reader, body, kinds)
    if reader.problems:
        raise WishRefused(_("The order cannot be placed as it was sent."), problems=reader.problems)
    wish = OrderWish(actor.channel, external_ref, currency, customer, lines, ways, payment, total, tax, hold)
    reservations.require_possible(wish)
    return wish


def _lines(reader: Reader, body: dict[str, Any]) -> list[WishedLine]:
    sent = body.get("lines")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST_LINES:
        reader.problem("lines", "lines", _("Send a list of 1 to %(most)s lines.") % {"most": MOST_LINES})
        return []
    read = [_line(reader, line, f"lines.{index}.") for index, line in enumerate(sent)]
    offers = catalog.offers({code for code, _quantity, _price in read if code})
    lines = []
    for index, (code, quantity, unit_price) in enumerate(read):
        if code and code not in offers:
            reader.problem(
                f"lines.{index}.{code[0]}", "unknown", _("There is no article “%(code)s”.") % {"code": code[1]}
            )
        elif code and quantity is not None:
            lines.append(WishedLine(offers[code], quantity, unit_price))
    return lines


def _line(reader: Reader, line: Any, prefix: str) -> tuple[catalog.Code | None, int | None, int | None]:
    if not isinstance(line, dict):
        reader.problem(prefix.rstrip("."), "not_object", _("This must be an object."))
        return None, None, None
    reader.known_fields(line, {"sku", "gtin", "quantity", "unit_price"}, prefix)
    code, quantity = read_wanted(reader, line, prefix)
    unit_price = reader.whole(line, "unit_price", prefix, least=0, most=MOST_CENTS)
    return code, quantity, unit_price


def _payment(reader: Reader, body: dict[str, Any], kinds: set[str]) -> WishedPayment | None:
    part = reader.part(body, "payment")
    state = part.get("state") if part else None
    if part is None or state == "at_pickup":
        if part is not None:
            reader.known_fields(part, {"state"}, "payment.")
        if kinds - Fulfilment.AT_THE_COUNTER:
            reader.problem("payment", "required", _("Only what is picked up can be paid at pickup."))
        return None
    reader.known_fields(part, {"state", "tender", "amount", "reference"}, "payment.")
    if state != "captured":
        reader.problem("payment.state", "unknown", _("This must be “captured” or “at_pickup”."))
    tender = reader.text(part, "tender", "payment.", most=20, required=True)
    if tender and tender not in Tender.values:
        tenders = ", ".join(Tender.values)
        reader.problem("payment.tender", "unknown", _("This must be one of: %(kinds)s.") % {"kinds": tenders})
    if part.get("amount") is None:
        reader.problem("payment.amount", "required", _("This field is required."))
    amount = reader.whole(part, "amount", "payment.", least=0, most=MOST_CENTS)
    reference = reader.text(part, "reference", "payment.", most=120)
    if looks_like_card(reference):
        reader.problem(
            "payment.reference", "card_number", _("This looks like a card number. It is never accepted here.")
        )
    return WishedPayment(tender, amount or 0, reference)


UUID = re.compile(r"\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b", re.IGNORECASE)
DIGITS = re.compile(r"[0-9]+(?:[^0-9A-Za-z]{1,2}[0-9]+)*")
CARD = re.compile(r"[2-6][0-9]{12,18}")
"""What the card networks issue begins with 2 to 6 (ISO/IEC 7812-1, major industry identifiers)."""


def looks_like_card(text: str) -> bool:
    """Whether digits, or groups of digits one after another, can be a card's number: 13 to 19 that pass the Luhn check.

    UUIDs are left out, and a letter ends a run: the reference of a payment page must not be refused by chance.
    """
    for written in DIGITS.findall(UUID.sub("x", text)):
        groups = re.findall(r"[0-9]+", written)
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                number = "".join(groups[first : last + 1])
                if CARD.fullmatch(number) and luhn.is_valid(number):
                    return True
    return False
