"""Whoever comes, by whichever identity, is one person: found, or enrolled."""

import unicodedata
from dataclasses import dataclass, field

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from customers.models import Identity, new_code
from omni.lib import sql

TRUST = (Identity.Kind.CARD, Identity.Kind.WEB, Identity.Kind.EMAIL, Identity.Kind.PHONE)
"""Which identity decides when several lead to different people: a card is one person's, a phone may be a family's."""

FIND = """
SELECT identity.kind, identity.customer_id
FROM customers_identity identity
JOIN json_to_recordset(%s::json) AS given(kind text, value text)
     ON identity.kind = given.kind AND identity.value = given.value
"""

ENROL = """
WITH person AS (
    INSERT INTO customers_customer (code, given_name, family_name, language, first_channel)
    VALUES (%(code)s::text, %(given_name)s::text, %(family_name)s::text, %(language)s::text, %(channel)s::text)
    RETURNING id
), known AS (
    INSERT INTO customers_identity (customer_id, kind, value)
    SELECT person.id, given.kind, given.value
    FROM person, json_to_recordset(%(identities)s::json) AS given(kind text, value text)
)
SELECT id FROM person
"""

ATTACH = """
INSERT INTO customers_identity (customer_id, kind, value)
SELECT %s::bigint, given.kind, given.value FROM json_to_recordset(%s::json) AS given(kind text, value text)
ON CONFLICT DO NOTHING
"""

IDENTITY_RACE = "identity_leads_to_one_customer"
"""Two first orders of one new person: the loser runs again and finds the person."""


@dataclass(frozen=True)
class GivenCustomer:
    """What a caller says of a person. Identities are normalised: kind → value."""

    identities: dict[str, str] = field(default_factory=dict)
    given_name: str = ""
    family_name: str = ""
    language: str = "fr"


def normal_email(text: str) -> str | None:
    """Return the e-mail address in lower case, or None when it is none."""
    value = unicodedata.normalize("NFC", text.strip()).lower()
    try:
        validate_email(value)
    except ValidationError:
        return None
    return value if len(value) <= 254 else None


def normal_phone(text: str) -> str | None:
    """Return the number in E.164, read as one of `PHONE_REGION` when it has no country; None when it cannot be one."""
    try:
        number = phonenumbers.parse(text, settings.PHONE_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_card(text: str) -> str | None:
    """Return the card's number without spaces, in capitals; None when it has other characters or a strange length."""
    value = "".join(text.split()).upper()
    return value if value.isascii() and value.isalnum() and 4 <= len(value) <= 32 else None


def identify_or_enrol(*, given: GivenCustomer, channel: str) -> int:
    """Return the id of the person the identities lead to, or of a new one. One statement for a known person, two for
    a new.

    Identities that nobody has yet are attached to the person. Where they lead to different people the most trusted
    decides (`TRUST`), and nobody loses one. Breaks `IDENTITY_RACE` when the same new person is enrolled at the same
    instant.
    """
    found = {row.kind: row.customer_id for row in sql.rows(FIND, [_records(given.identities)])}
    person = next((found[kind] for kind in TRUST if kind in found), None)
    if person is None:
        return _enrol(given, channel)
    free = {kind: value for kind, value in given.identities.items() if kind not in found}
    if free:
        sql.run(ATTACH, [person, _records(free)])
    return int(person)


def _enrol(given: GivenCustomer, channel: str) -> int:
    found = sql.row(
        ENROL,
        {
            "code": new_code(),
            "given_name": given.given_name,
            "family_name": given.family_name,
            "language": given.language,
            "channel": channel,
            "identities": _records(given.identities),
        },
    )
    return int(found.id)


def _records(identities: dict[str, str]) -> str:
    return sql.records({"kind": kind, "value": value} for kind, value in identities.items())
