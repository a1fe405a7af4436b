"""Writing to a customer: one message per cause, queued beside its cause, sent a moment later."""

from typing import Any

from customers.models import Customer, Identity, Message


def queue_message(
    *, customer: Customer, template: str, subject: str, reference: str, facts: dict[str, Any], location_id: int | None
) -> Message | None:
    """Queue an e-mail for the customer; None when they have no address. The same `reference` is queued once.

    `facts` name things (ids, short ids); whatever is secret, as a pickup code, is made when the message is sent.
    """
    address = customer.identities.filter(kind=Identity.Kind.EMAIL).values_list("value", flat=True).first()
    if address is None:
        return None
    message, _made = Message.objects.get_or_create(
        reference=reference,
        channel="email",
        defaults={
            "customer": customer,
            "template": template,
            "language": customer.language,
            "recipient": address,
            "subject": subject,
            "facts": facts,
            "location_id": location_id,
        },
    )
    return message
