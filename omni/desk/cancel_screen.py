"""The question before an order is cancelled: what it holds, why, and all that follows, before anything happens."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer, Identity
from inventory.places.queries import place
from omni.desk.message_list import masked
from omni.lib.money import format_cents
from orders.fulfilment import giving_back, queries
from orders.fulfilment.giving_back import GivingBack
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.payments.models import Tender
from orders.sales.reasons import CHOSEN, CancelReason
from orders.sales.services import dropping

ICONS = {
    CancelReason.CUSTOMER_WISH: "person",
    CancelReason.NOT_AVAILABLE: "package-x",
    CancelReason.MISTAKE: "undo",
    CancelReason.FRAUD: "alert",
}


def too_late(served: list[Fulfilment]) -> str:
    """Return why nothing can be cancelled, as a sentence; an empty text while something can."""
    if not served:
        return _("Nothing of this order is to be handed over: there is nothing to cancel.")
    if any(one.may_move_to(Fulfilment.Status.CANCELLED) for one in served):
        return ""
    return _("%(short_id)s is “%(state)s”: it can no longer be cancelled.") % {
        "short_id": served[-1].short_id,
        "state": served[-1].get_status_display(),
    }


def question(served: list[Fulfilment]) -> dict[str, Any]:
    """Return what `sales/cancellation.html` shows of an order of which something can be cancelled."""
    leaving = [one for one in served if one.may_move_to(Fulfilment.Status.CANCELLED)]
    lines = {one: queries.lines_in_hand(one) for one in leaving}
    return {
        "lines": [_line(line) for one in leaving for line in lines[one] if line.kept],
        "reasons": [{"value": value, "label": label, "icon": ICONS[CancelReason(value)]} for value, label in CHOSEN],
        "consequences": _consequences(leaving, giving_back.of_parts(lines)),
    }


def _line(line: FulfilmentLine) -> dict[str, Any]:
    return {
        "name": line.order_line.name,
        "detail": line.order_line.variant.label,
        "quantity": line.kept,
        "amount": dropping.value_of(line.order_line, line.kept),
    }


def _consequences(leaving: list[Fulfilment], given: GivingBack) -> list[dict[str, str]]:
    """Return what follows: the money, the goods, the points, the message."""
    order = leaving[0].order
    rows = [*_money(order.currency, given), *(_goods(one, given.pieces[one]) for one in leaving)]
    if given.points:
        words = ngettext(
            "%(points)s point to come is cancelled", "%(points)s points to come are cancelled", given.points
        )
        rows.append({"icon": "star", "title": words % {"points": given.points}, "text": ""})
    return [*rows, _told(order.customer)]


def _money(currency: str, given: GivingBack) -> list[dict[str, str]]:
    rows = [
        {
            "icon": "cash" if tender == Tender.CASH else "card",
            "title": _("%(amount)s go back") % {"amount": format_cents(amount, currency)},
            "text": str(Tender(tender).label),
        }
        for tender, amount in given.refunds
    ]
    if given.no_longer_due:
        words = _("%(amount)s are no longer asked for") % {"amount": format_cents(given.no_longer_due, currency)}
        rows.append({"icon": "card", "title": words, "text": _("This was not paid yet.")})
    return rows or [{"icon": "card", "title": _("No money moves"), "text": _("Nothing of it is left to give back.")}]


def _goods(served: Fulfilment, pieces: int) -> dict[str, str]:
    store = place(served.location_id).name
    words = ngettext(
        "%(pieces)s piece is available again at %(store)s",
        "%(pieces)s pieces are available again at %(store)s",
        pieces,
    )
    text = ""
    if served.status == Fulfilment.Status.PICKING and served.picker:
        text = _("%(who)s is preparing it now.") % {"who": served.picker.name}
    if served.status == Fulfilment.Status.READY and served.hold_place:
        text = _("The bag in %(place)s goes back to the shelves; the pickup code opens nothing any more.") % {
            "place": served.hold_place.name
        }
    return {"icon": "box", "title": words % {"pieces": pieces, "store": store}, "text": text}


def _told(customer: Customer | None) -> dict[str, str]:
    if customer is None:
        return {"icon": "mail", "title": _("Nobody is told"), "text": _("The order has no customer.")}
    address = customer.identities.filter(kind=Identity.Kind.EMAIL).values_list("value", flat=True).first()
    if address is None:
        words = _("%(name)s is not told") % {"name": customer.name}
        return {"icon": "mail", "title": words, "text": _("There is no e-mail address: tell them yourself.")}
    language = dict(settings.LANGUAGES).get(customer.language, customer.language)
    return {
        "icon": "mail",
        "title": _("%(name)s is told") % {"name": customer.name},
        "text": _("To %(address)s (%(language)s)") % {"address": masked(address), "language": language},
    }
