"""The sentences of an order's own page: few, plain, to a person by their first name."""

from datetime import datetime

from babel.dates import format_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inventory.places.queries import Place
from omni.lib.money import format_cents
from omni.templatetags.omni import clock
from orders.fulfilment.models import Fulfilment
from orders.payments.queries import given_back
from orders.sales.models import Order


def greeting(status: str, first_name: str, *, reserved: bool = False) -> str:
    """Return the title of a page of one fulfilment."""
    name = {"name": first_name}
    if reserved:
        return _greeting_of_reserved(Fulfilment.Status(status), first_name)
    named = {
        Fulfilment.Status.TO_PICK: _("%(name)s, we have your order."),
        Fulfilment.Status.PICKING: _("%(name)s, we are preparing it."),
        Fulfilment.Status.READY: _("%(name)s, it is ready."),
        Fulfilment.Status.COLLECTED: _("%(name)s, thank you."),
        Fulfilment.Status.DISPATCHED: _("%(name)s, it is on its way."),
        Fulfilment.Status.EXPIRED: _("%(name)s, we could not wait longer."),
        Fulfilment.Status.CANCELLED: _("%(name)s, it is cancelled."),
    }
    plain = {
        Fulfilment.Status.TO_PICK: _("We have your order."),
        Fulfilment.Status.PICKING: _("We are preparing it."),
        Fulfilment.Status.READY: _("It is ready."),
        Fulfilment.Status.COLLECTED: _("Thank you."),
        Fulfilment.Status.DISPATCHED: _("It is on its way."),
        Fulfilment.Status.EXPIRED: _("We could not wait longer."),
        Fulfilment.Status.CANCELLED: _("It is cancelled."),
    }
    known = Fulfilment.Status(status)
    return named[known] % name if first_name else plain[known]


def _greeting_of_reserved(status: Fulfilment.Status, first_name: str) -> str:
    named = {
        Fulfilment.Status.TO_PICK: _("%(name)s, we have your reservation."),
        Fulfilment.Status.PICKING: _("%(name)s, we are setting it aside."),
        Fulfilment.Status.READY: _("%(name)s, it is ready to try."),
        Fulfilment.Status.COLLECTED: _("%(name)s, thank you."),
        Fulfilment.Status.EXPIRED: _("%(name)s, your reservation has ended."),
        Fulfilment.Status.CANCELLED: _("%(name)s, it is released."),
    }
    plain = {
        Fulfilment.Status.TO_PICK: _("We have your reservation."),
        Fulfilment.Status.PICKING: _("We are setting it aside."),
        Fulfilment.Status.READY: _("It is ready to try."),
        Fulfilment.Status.COLLECTED: _("Thank you."),
        Fulfilment.Status.EXPIRED: _("Your reservation has ended."),
        Fulfilment.Status.CANCELLED: _("It is released."),
    }
    return named[status] % {"name": first_name} if first_name else plain[status]


def several(first_name: str) -> str:
    """Return the title of a page of several fulfilments."""
    return _("%(name)s, your order") % {"name": first_name} if first_name else _("Your order")


def state(status: str, *, late: bool, reserved: bool = False) -> str:
    """Return a state in the customer's word."""
    if late:
        return pgettext("customer", "Delayed")
    if reserved:
        return {
            Fulfilment.Status.TO_PICK: pgettext("customer", "Reserved"),
            Fulfilment.Status.PICKING: pgettext("customer", "Being set aside"),
            Fulfilment.Status.READY: pgettext("customer", "Ready to try"),
            Fulfilment.Status.COLLECTED: pgettext("customer", "Bought"),
            Fulfilment.Status.EXPIRED: pgettext("customer", "Ended"),
            Fulfilment.Status.CANCELLED: pgettext("customer", "Released"),
        }[Fulfilment.Status(status)]
    return {
        Fulfilment.Status.TO_PICK: pgettext("customer", "Received"),
        Fulfilment.Status.PICKING: pgettext("customer", "In preparation"),
        Fulfilment.Status.READY: pgettext("customer", "Ready"),
        Fulfilment.Status.COLLECTED: pgettext("customer", "Collected"),
        Fulfilment.Status.DISPATCHED: pgettext("customer", "Sent"),
        Fulfilment.Status.EXPIRED: pgettext("customer", "Not collected"),
        Fulfilment.Status.CANCELLED: pgettext("customer", "Cancelled"),
    }[Fulfilment.Status(status)]


def _last_given_back(order: Order) -> int:
    """Return the cents that went back for the part that was cancelled last."""
    parts = Fulfilment.objects.filter(order=order, status=Fulfilment.Status.CANCELLED)
    last = parts.order_by("-ended_at", "-pk").first()
    return given_back(order.pk, last.refund_reference(last.status)) if last else 0


def done(said: str, order: Order) -> str:
    """Return what just happened, in a sentence; an empty text for a word that means nothing here."""
    match said:
        case "here":
            return _("The store knows that you are here.")
        case "longer":
            return _("It is kept longer. The new date is below.")
        case "cancelled":
            if order.reserved:
                return _("It is released. Thank you for telling us: somebody else can have it now.")
            refunded = _last_given_back(order)
            if refunded:
                amount = format_cents(refunded, order.currency)
                return _("It is cancelled. %(amount)s goes back to the means you paid with.") % {"amount": amount}
            return _("It is cancelled. You had paid nothing.")
        case "instead":
            return _("It comes instead. The store has it in hand.")
        case "nothing-instead":
            return _("Nothing comes instead, and nothing is charged for it.")
        case "rated":
            return _("Thank you. The people of the store read it.")
    return ""


def long_moment(store: Place, instant: datetime) -> str:
    """Return a day and a time on the store's clock as a sentence names them: `mardi 15 décembre à 19:30`."""
    day = format_date(store.local(instant).date(), "EEEE d MMMM", locale=get_language() or "en")
    return _("%(day)s, %(time)s") % {"day": day, "time": clock(instant, store.zone)}
