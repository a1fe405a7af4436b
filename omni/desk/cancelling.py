"""Cancelling an order from its page or from the list: the whole of it.

Single pieces cannot be cancelled: the slices of an order are added up against its lines (`manage.py audit`, O1), and
pieces leave an order only where the stock room reports them as missing.
"""

from django.utils.translation import gettext as _

from omni.lib.errors import Refusal
from omni.staff.access import Actor
from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up


def served_by(order_id: int, actor: Actor) -> Fulfilment | None:
    """Return the fulfilment that a cancellation of an order gives up; None when it is not of the actor's stores."""
    mine = queries.in_hand().visible_to(actor)  # type: ignore[attr-defined]
    found: Fulfilment | None = mine.filter(order=order_id, order__location__in=actor.store_ids).order_by("-pk").first()
    return found


def cancel(pk: int, actor: Actor, reason: str) -> None:
    """Cancel one order. Refuses what has left the store, and what is not one's to see."""
    found = served_by(pk, actor)
    if found is None:
        raise Refusal(_("This order is not one of your stores', or nothing of it is to be handed over."))
    giving_up.cancel_order(fulfilment_id=found.pk, actor_id=actor.user_id, reason=reason)
