"""The goods of a fulfilment as its customer reads them: how many, for how much, and what became of the others."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.sales.services import dropping

GIVEN_UP = {Fulfilment.Status.CANCELLED, Fulfilment.Status.EXPIRED}


def elsewhere(lines: list[FulfilmentLine]) -> bool:
    """Whether another store serves everything of a fulfilment: its customer has nothing to expect of this one."""
    return all(line.rerouted == line.quantity for line in lines)


def line(one: FulfilmentLine, fulfilment: Fulfilment) -> dict[str, Any]:
    """Return one line. Its amount is that of the pieces this fulfilment gives; where it gives none, of those it lost,
    to be struck out."""
    gone = fulfilment.status in GIVEN_UP
    given = one.collected if gone else one.quantity - one.short - one.refused
    variant = one.order_line.variant
    return {
        "name": variant.product.name,
        "detail": variant.label,
        "picture": variant.picture,
        "quantity": one.quantity,
        "amount": dropping.value_of_first(one.order_line, given or one.quantity),
        "absent": not given,
        "note": _note(one, fulfilment, gone=gone),
    }


def _note(one: FulfilmentLine, fulfilment: Fulfilment, *, gone: bool) -> str:
    """Say what became of the pieces that are not in the bag; of what was given up as a whole the card says it."""
    here_still = fulfilment.status == Fulfilment.Status.READY
    bought = one.order_line
    words = [
        _("Instead of %(name)s") % {"name": bought.instead_of.name} if bought.instead_of else "",
        "" if gone else _missing(one.short - one.rerouted, one.quantity),
        _elsewhere(one.rerouted, one.quantity),
        "" if gone else _refused(one.refused, one.quantity),
        _collected(one.collected) if gone or here_still else "",
    ]
    return ", ".join(word for word in words if word)


def _missing(number: int, quantity: int) -> str:
    if number == quantity:
        return _("Missing, not charged")
    words = ngettext("%(number)s is missing, not charged", "%(number)s are missing, not charged", number)
    return words % {"number": number} if number else ""


def _elsewhere(number: int, quantity: int) -> str:
    if number == quantity:
        return _("Comes from another store")
    words = ngettext("%(number)s comes from another store", "%(number)s come from another store", number)
    return words % {"number": number} if number else ""


def _refused(number: int, quantity: int) -> str:
    if number == quantity:
        return _("Left in the store, not charged")
    words = ngettext("%(number)s left in the store, not charged", "%(number)s left in the store, not charged", number)
    return words % {"number": number} if number else ""


def _collected(number: int) -> str:
    words = ngettext("%(number)s collected already", "%(number)s collected already", number)
    return words % {"number": number} if number else ""
