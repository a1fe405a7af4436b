"""Telling a customer that a pickup will be ready later than promised, while there is time to come later."""

from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.queries import Place, place
from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment
from orders.sales.models import OrderEvent

LOWERED, LOWERED_AGAIN = "promise_lowered", "lowered_again"
WAITING = {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}


def tell_lowered(event_id: int) -> None:
    """Tell the customer of the new promise. Runs twice without writing twice."""
    event = OrderEvent.objects.get(pk=event_id)
    fulfilment = queries.in_hand().get(pk=event.data["fulfilment"])
    customer, store, now = fulfilment.order.customer, place(fulfilment.location_id), timezone.now()
    if customer is None:
        return
    with translation.override(customer.language):
        when = in_words(store, event.data["after"], now)
        queue_message(
            customer=customer,
            template=LOWERED,
            subject=_("%(short_id)s will be ready %(when)s") % {"short_id": fulfilment.short_id, "when": when},
            reference=f"event/{event.pk}",
            facts={
                "fulfilment": fulfilment.pk,
                "order": fulfilment.order.number,
                "short_id": fulfilment.short_id,
                **{name: event.data[name] for name in ("before", "after")},
                "told_at": now.isoformat(),
            },
            location_id=fulfilment.location_id,
        )


def outdated(message: Message) -> str:
    """Return why the message is no longer true: the order is ready or given up, or its promise was put off again.

    Nothing is locked: none of these is ever undone, so what is outdated stays so.
    """
    found = Fulfilment.objects.only("status", "promised_at").get(pk=message.facts["fulfilment"])
    if found.status not in WAITING:
        return found.status
    return "" if found.promised_at == datetime.fromisoformat(message.facts["after"]) else LOWERED_AGAIN


def facts(message: Message, store: Place) -> dict[str, Any]:
    """Return what only this letter says: the time that holds from now on, and the one it takes the place of."""
    if message.template != LOWERED:
        return {}
    told_at = datetime.fromisoformat(message.facts["told_at"])
    return {name: in_words(store, message.facts[name], told_at) for name in ("before", "after")}


def in_words(store: Place, instant: str, told_at: datetime) -> str:
    """Return `today at 15:30`, or `on Tuesday 24 November at 10:05`, by the store's clock."""
    local = store.local(datetime.fromisoformat(instant))
    if local.date() == store.local(told_at).date():
        return _("today at %(time)s") % {"time": f"{local:%H:%M}"}
    day = format_date(local.date(), "EEEE d MMMM", locale=translation.get_language() or "en")
    return _("on %(day)s at %(time)s") % {"day": day, "time": f"{local:%H:%M}"}
