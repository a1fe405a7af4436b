"""Writing to a customer that something is missing, and what may come instead. The answer is given on their own page."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.queries import Place
from omni.lib.money import format_cents
from omni.templatetags.omni import clock
from orders.fulfilment import queries
from orders.fulfilment.substitutes import words
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.sales.models import OrderEvent

ASKED = "substitute_asked"


def tell_asked(event_id: int) -> None:
    """Write the question. Runs twice without writing twice."""
    event = OrderEvent.objects.get(pk=event_id)
    fulfilment = queries.in_hand().get(pk=event.data["fulfilment"])
    customer = fulfilment.order.customer
    if customer is None:
        return
    with translation.override(customer.language):
        queue_message(
            customer=customer,
            template=ASKED,
            subject=_("%(short_id)s: may something else come instead?") % {"short_id": fulfilment.short_id},
            reference=f"event/{event.pk}",
            facts={
                "fulfilment": fulfilment.pk,
                "order": fulfilment.order.number,
                "short_id": fulfilment.short_id,
                "question": event.data["question"],
            },
            location_id=fulfilment.location_id,
        )


def outdated(message: Message) -> str:
    """Return why the question need not be written any more (`because`); nothing while an answer is waited for."""
    status = SubstituteQuestion.objects.values_list("status", flat=True).get(pk=message.facts["question"])
    return "" if status == SubstituteQuestion.Status.OPEN else because(status)


def because(status: str) -> str:
    """Return how a question that ended says so as a reason: in words that no order's state has."""
    return f"question_{status}"


def facts(message: Message, store: Place) -> dict[str, Any]:
    """Return what only this letter says: what is missing, what may come instead, until when an answer helps."""
    if message.template != ASKED:
        return {}
    question = SubstituteQuestion.objects.select_related("line__order_line__order").get(pk=message.facts["question"])
    currency = question.line.order_line.order.currency
    offered = question.substitutes.select_related("variant__product").order_by("position")
    return {
        "wanted": question.line.order_line.name,
        "wanted_quantity": question.quantity,
        "answer_by": clock(question.answer_by, store.zone),
        "offered": [
            {"name": words.named(one), "amount": format_cents(words.cost(question, one), currency)} for one in offered
        ],
    }
