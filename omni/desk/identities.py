"""How a person's identities are written where somebody reads them."""

import phonenumbers
from django.conf import settings

from customers.models import Identity

ICONS = {
    Identity.Kind.PHONE: "phone",
    Identity.Kind.EMAIL: "mail",
    Identity.Kind.CARD: "card",
    Identity.Kind.WEB: "globe",
}
ORDER = list(ICONS)


def shown(kind: str, value: str) -> str:
    """Return an identity as people write it: a phone as it is dialled here, anything else as it is."""
    return shown_phone(value) if kind == Identity.Kind.PHONE else value


def shown_phone(value: str) -> str:
    """Return `06 39 98 45 67` for a number of the house's country, `+32 470 12 34 56` for another."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    at_home = number.country_code == phonenumbers.country_code_for_region(settings.PHONE_REGION)
    written = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, written)


def initials(name: str) -> str:
    """Return the first letters of the first two words."""
    return "".join(word[0] for word in name.split()[:2]).upper()
