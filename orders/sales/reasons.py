"""Why an order is cancelled: what people choose from, and what its story says afterwards."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CancelReason(TextChoices):
    """Kept in the event, in the words of the house; nothing is computed from it."""

    CUSTOMER_WISH = "customer_wish", _("The customer wishes it")
    NOT_AVAILABLE = "not_available", _("It cannot be delivered")
    MISTAKE = "mistake", _("Ordered by mistake or twice")
    FRAUD = "fraud", _("Something is wrong with the payment")
    NOTHING_FOUND = "nothing_found", _("Nothing of it was found")
    REFUSED = "refused", _("The customer did not want it at the counter")
    BY_CUSTOMER = "by_customer", _("By the customer, on their page")


SAID_ELSEWHERE = {CancelReason.NOTHING_FOUND, CancelReason.REFUSED, CancelReason.BY_CUSTOMER}
CHOSEN = tuple((value, label) for value, label in CancelReason.choices if value not in SAID_ELSEWHERE)
"""What somebody at a desk chooses from; the others are said by the stock room, at the counter, and by the customer on
their own page."""


def in_words(reason: str) -> str:
    """Return a reason as people read it, or an empty text for one that this house does not know."""
    return str(CancelReason(reason).label) if reason in CancelReason.values else ""
