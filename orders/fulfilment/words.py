"""What the states of a fulfilment are called: what is reserved to be tried is neither collected nor cancelled."""

from django.utils.translation import pgettext

from orders.fulfilment.models import Fulfilment

Status = Fulfilment.Status


def state_word(kind: str, status: str) -> str:
    """Return a state in the house's word."""
    if kind != Fulfilment.Kind.RESERVATION:
        return str(Status(status).label)
    reserved = {
        Status.READY: pgettext("reservation", "Ready to try"),
        Status.COLLECTED: pgettext("reservation", "Bought"),
        Status.EXPIRED: pgettext("reservation", "Ended unused"),
        Status.CANCELLED: pgettext("reservation", "Released"),
    }
    return reserved.get(Status(status), str(Status(status).label))
