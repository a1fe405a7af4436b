"""What may become of missing pieces: another place serves them, or they leave the order. Nothing is done here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from inventory.places.queries import Place, all_places, place
from inventory.sourcing.errors import RulesMissing
from inventory.sourcing.models import Way
from inventory.sourcing.services.asking import ask
from inventory.sourcing.words import kilometres
from omni.lib.money import format_cents
from omni.templatetags.omni import moment
from orders.fulfilment import promises
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services.rerouting import Instead
from orders.fulfilment.substitutes import queries as substitutes
from orders.fulfilment.substitutes import words
from orders.fulfilment.substitutes.services import asking
from orders.sales.services import dropping

LEAVES, ASK = "leaves", "ask"
NEAR = 10_000
"""Metres that a customer who collects is sent without being asked; beyond them the pieces leave the order first."""


@dataclass(frozen=True)
class Outcome:
    """One of the ways on: `value` for the form; `instead` when another place serves; `offered` when the customer is
    asked."""

    value: str
    icon: str
    title: str
    text: str
    instead: Instead | None = None
    offered: tuple[dict[str, Any], ...] = ()


def outcomes(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, now: Any) -> list[Outcome]:
    """Return what may become of `quantity` pieces of a line by the house's own rules, the best first."""
    leaves, there = _leaves(fulfilment, line, quantity), _elsewhere(fulfilment, line, quantity, now)
    ask_them = _asking(fulfilment, line, quantity, now)
    if there is None:
        return [leaves, *ask_them]
    outcome, metres = there
    far = fulfilment.kind in Fulfilment.AT_THE_COUNTER and metres > NEAR
    return [leaves, outcome, *ask_them] if far else [outcome, leaves, *ask_them]


def _asking(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, now: datetime) -> list[Outcome]:
    """Return the question to the customer, when somebody can be asked and something can be offered."""
    if fulfilment.order.customer_id is None:
        return []
    currency, worth = fulfilment.order.currency, dropping.value_of(line.order_line, quantity)
    found = substitutes.candidates(fulfilment, line, place(fulfilment.location_id), quantity, now)
    offered = tuple(words.candidate(one, worth, quantity, currency) for one in found)
    if not offered:
        return []
    text = _("%(offered)s. Off the order now; kept for %(minutes)s minutes, a yes puts it in.")
    named = {"offered": ", ".join(one["name"] for one in offered), "minutes": asking.MINUTES}
    return [Outcome(ASK, "message", _("Ask the customer what may come instead"), text % named, offered=offered)]


def _leaves(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int) -> Outcome:
    less = format_cents(dropping.value_of(line.order_line, quantity), fulfilment.order.currency)
    text = (
        _("Nothing was paid: the customer finds the rest of the reservation.")
        if fulfilment.reserved
        else _("What was paid goes back to the same means of payment when the order is ready.")
    )
    return Outcome(LEAVES, "card", _("Taken off the order: %(amount)s less to pay") % {"amount": less}, text)


def _elsewhere(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, now: Any) -> tuple[Outcome, int] | None:
    """Return the one other place that can serve all of it in the same way, and how far it is; None for none."""
    here = place(fulfilment.location_id)
    ships = fulfilment.is_sent
    try:
        plan, _rules = ask(
            wanted={line.order_line.variant_id: quantity},
            way=Way.SHIP if ships else Way.PICKUP,
            near=(here.latitude, here.longitude),
            location_ids=[pk for pk in all_places() if pk != here.id],
            channel=fulfilment.order.channel,
        )
    except RulesMissing:
        return None
    if plan.unserved or len(plan.parcels) != 1:
        return None
    (best,) = plan.parcels
    return _of(fulfilment, place(best.place_id), best.metres, now), best.metres


def _of(fulfilment: Fulfilment, there: Place, metres: int, now: Any) -> Outcome:
    ships = fulfilment.is_sent
    promised_at = promises.promise(place=there, kind=fulfilment.kind, now=now)
    named = {"store": there.name, "km": kilometres(metres), "at": moment(promised_at, there.zone)}
    title = _("%(store)s sends it") if ships else _("Collected at %(store)s, %(km)s km from here")
    return Outcome(
        f"{fulfilment.kind}:{there.code}",
        "truck" if ships else "store",
        title % named,
        _("Kept there at once, promised for %(at)s; the customer is told.") % named,
        Instead(there.id, fulfilment.kind, fulfilment.ship_to),
    )
