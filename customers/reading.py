"""Reading which customer a request means, by any identity."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from customers.models import Identity
from customers.services import identifying
from customers.services.identifying import GivenCustomer
from omni.lib.reading import Reader

CUSTOMER_FIELDS = {"email", "phone", "card", "web_account", "given_name", "family_name", "language"}
IDENTITIES: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "email": (Identity.Kind.EMAIL, identifying.normal_email),
    "phone": (Identity.Kind.PHONE, identifying.normal_phone),
    "card": (Identity.Kind.CARD, identifying.normal_card),
    "web_account": (Identity.Kind.WEB, lambda text: text.strip() or None),
}


def read_customer(reader: Reader, body: dict[str, Any], *, required: bool) -> GivenCustomer | None:
    """Return whom the body's `customer` describes; None where there is none, or where it is wrong, which is noted."""
    part = reader.part(body, "customer")
    if part is None:
        if required and body.get("customer") is None:
            reader.problem("customer", "required", _("This field is required."))
        return None
    reader.known_fields(part, CUSTOMER_FIELDS, "customer.")
    identities = {}
    for name, (kind, normal) in IDENTITIES.items():
        sent = reader.text(part, name, "customer.", most=254)
        value = normal(sent) if sent else None
        if value:
            identities[kind] = value
        elif sent:
            reader.problem(f"customer.{name}", "malformed", _("“%(text)s” cannot be read.") % {"text": sent[:60]})
    if not identities and not any(part.get(name) for name in IDENTITIES):
        reader.problem("customer", "no_identity", _("Send an e-mail address, a phone number, a card or a web account."))
    language = reader.text(part, "language", "customer.", most=5) or "fr"
    if language not in dict(settings.LANGUAGES):
        reader.problem("customer.language", "unknown", _("This house writes in: %(codes)s.") % {"codes": "en, fr"})
    return GivenCustomer(
        identities,
        reader.text(part, "given_name", "customer.", most=80).strip(),
        reader.text(part, "family_name", "customer.", most=80).strip(),
        language,
    )
