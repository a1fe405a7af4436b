"""What may become of missing pieces: another place serves them, or they leave the order. Nothing is done here."""

from dataclasses import dataclass
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
from orders.sales.services import dropping

LEAVES = "leaves"
NEAR = 10_000
"""Metres that a customer who collects is sent without being asked; beyond them the pieces leave the order first."""


@dataclass(frozen=True)
class Outcome:
    """One of the ways on: `value` for the form; `instead` when another place serves."""

    value: str
    icon: str
    title: str
    text: str
    instead: Instead | None = None


def outcomes(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, now: Any) -> list[Outcome]:
    """Return what may become of `quantity` pieces of a line by the house's own rules, the best first."""
    leaves, there = _leaves(fulfilment, line, quantity), _elsewhere(fulfilment, line, quantity, now)
    if there is None:
        return [leaves]
    outcome, metres = there
    far = fulfilment.kind == Fulfilment.Kind.PICKUP and metres > NEAR
    return [leaves, outcome] if far else [outcome, leaves]


def _leaves(fulfilment: Fulfilment, line: FulfilmentLine, quantity: int) -> Outcome:
    less = format_cents(dropping.value_of(line.order_line, quantity), fulfilment.order.currency)
    text = _("What was paid goes back to the same means of payment when the order is ready.")
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
