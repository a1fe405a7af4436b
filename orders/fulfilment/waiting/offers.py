"""What a customer may do on their page with a fulfilment as it stands; what is not offered, its service refuses."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import Place
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.waiting import page_words
from orders.fulfilment.waiting.models import Rating
from orders.fulfilment.waiting.services import extending
from orders.sales.models import Order


def of(fulfilment: Fulfilment, store: Place) -> dict[str, Any]:
    """Return which of the page's forms are shown, and what each would do."""
    ready = fulfilment.status == Fulfilment.Status.READY
    collected = fulfilment.status == Fulfilment.Status.COLLECTED
    return {
        "here": ready,
        "longer": _longer(fulfilment, store) if ready else "",
        "cancel": may_be_cancelled(fulfilment),
        "rate": collected and not Rating.objects.filter(fulfilment=fulfilment).exists(),
        "rated": Rating.objects.filter(fulfilment=fulfilment).values_list("stars", flat=True).first()
        if collected
        else None,
    }


def may_be_cancelled(fulfilment: Fulfilment) -> bool:
    """Whether its goods are still in the store."""
    still_here = {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING, Fulfilment.Status.READY}
    return fulfilment.status in still_here and fulfilment.order.status == Order.Status.OPEN


def _longer(fulfilment: Fulfilment, store: Place) -> str:
    """Return what keeping it longer would mean, or an empty text when it cannot be kept longer."""
    left = extending.left(fulfilment, store)
    until = extending.would_end(fulfilment, store)
    if left < 1 or until - (fulfilment.ready_at or until) > extending.LONGEST:
        return ""
    times = ngettext("You can do this once.", "You can do this %(number)s times.", left) % {"number": left}
    return _("We keep it until %(when)s.") % {"when": page_words.long_moment(store, until)} + " " + times
