"""What a question about a substitute shows, to its customer and to the clerk, as plain values."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.places.queries import Place, place
from omni.lib.money import format_cents
from omni.staff.once import new_key
from omni.templatetags.omni import clock
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes.models import Substitute, SubstituteQuestion
from orders.fulfilment.substitutes.queries import Candidate


def cost(question: SubstituteQuestion, one: Substitute) -> int:
    """Return what all its pieces would cost, in cents: its price, and never more than what is missing."""
    return min(one.unit_price * question.quantity, question.worth)


def named(one: Substitute) -> str:
    """Return what an article is called in a sentence."""
    return ", ".join(part for part in (one.variant.product.name, one.variant.label) if part)


def asked(question: SubstituteQuestion, store: Place, currency: str) -> dict[str, Any]:
    """Return a question as it is asked."""
    missing = question.line.order_line
    return {
        "id": question.public_id,
        "name": missing.name,
        "picture": missing.variant.picture,
        "quantity": question.quantity,
        "worth": format_cents(question.worth, currency),
        "answer_by": clock(question.answer_by, store.zone),
        "offered": [_offered(question, one, currency) for one in question.substitutes.all()],
    }


def _offered(question: SubstituteQuestion, one: Substitute, currency: str) -> dict[str, Any]:
    amount = cost(question, one)
    less = question.worth - amount
    return {
        "sku": one.variant.sku,
        "name": one.variant.product.name,
        "detail": one.variant.label,
        "picture": one.variant.picture,
        "amount": format_cents(amount, currency),
        "note": _("%(amount)s less") % {"amount": format_cents(less, currency)} if less else _("The same price"),
    }


def strip(fulfilment: Fulfilment, waiting: list[SubstituteQuestion]) -> dict[str, Any]:
    """Return what the picking page shows of the questions that are open, each with the address where a clerk answers
    for the customer."""
    store, currency = place(fulfilment.location_id), fulfilment.order.currency
    address = fulfilment.public_id
    questions = [
        asked(one, store, currency) | {"answer_url": reverse("substitute-answer", args=[address, one.public_id])}
        for one in waiting
    ]
    return {
        "asked": {
            "questions": questions,
            "poll_url": f"{reverse('substitutes-asked', args=[address])}?open={len(questions)}",
            "picking_url": reverse("picking", args=[address]),
            "idempotency_key": new_key(),
        }
    }


def candidate(one: Candidate, worth: int, quantity: int, currency: str) -> dict[str, Any]:
    """Return an article that a clerk may offer, with what the customer would pay for it."""
    amount = min(one.unit_price * quantity, worth)
    return {
        "sku": one.offer.sku,
        "name": one.offer.name,
        "picture": one.offer.picture,
        "amount": format_cents(amount, currency),
        "note": _("same product") if one.same_product else "",
    }
