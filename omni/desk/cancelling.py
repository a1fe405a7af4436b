"""Cancelling an order from its page or from the list: everything of it that has not left the house.

Single pieces cannot be cancelled: the slices of an order are added up against its lines (`manage.py audit`, O1), and
pieces leave an order only where the stock room reports them as missing or the counter takes them back.
"""

from django.utils.translation import gettext as _

from omni.lib.errors import Refusal
from omni.staff.access import Actor
from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up


def served_by(order_id: int, actor: Actor) -> list[Fulfilment]:
    """Return the fulfilments of an order, whichever store serves them; none when the order is not of the actor's."""
    return list(queries.in_hand().filter(order=order_id, order__location__in=actor.store_ids).order_by("pk"))


def cancel(pk: int, actor: Actor, reason: str) -> None:
    """Cancel one order. Refuses what has left the house, and what is not one's to see."""
    if not served_by(pk, actor):
        raise Refusal(_("This order is not one of your stores', or nothing of it is to be handed over."))
    giving_up.cancel_order(order_id=pk, actor_id=actor.user_id, reason=reason)
