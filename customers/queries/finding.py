"""Finding a person by whatever is known of them: phone, e-mail, card, name.

Every search is one statement that an index answers; none reads all customers, whatever was typed. Measured on a million
customers and two million identities.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.conf import settings

from customers.models import Identity
from customers.services.identifying import normal_card, normal_email, normal_phone
from omni.lib import sql

LEAST_DIGITS = 4
"""Four last digits tell one phone in ten thousand; fewer tell nobody."""
DIGITS_OF_A_BEGINNING = 6
LEAST_LETTERS = 3
CANDIDATES, CANDIDATES_TO_NARROW = 200, 1000
"""How many people with a matching name are compared when more match, as a common name is shared by thousands; and how
many are read to find those whose other name begins with one or two letters."""

LAST = chr(0x10FFFF)
"""Sorts behind every text that begins alike."""

BY_IDENTITY = """
(SELECT identity.customer_id, identity.kind, identity.value, 0 AS distance
 FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS given(kind, value)
 JOIN customers_identity identity ON identity.kind = given.kind AND identity.value = given.value)
UNION ALL
(SELECT customer_id, kind, value, 1 FROM customers_identity
 WHERE reverse(value) ~>=~ %(ending)s::text AND reverse(value) ~<~ (%(ending)s::text || %(last)s::text)
   AND kind IN ('phone', 'card')
 LIMIT %(limit)s::int)
UNION ALL
(SELECT customer_id, kind, value, 2 FROM customers_identity
 WHERE lower(value) ~>=~ %(beginning)s::text AND lower(value) ~<~ (%(beginning)s::text || %(last)s::text)
   AND kind = ANY(%(beginning_kinds)s::text[])
 ORDER BY lower(value) USING ~<~ LIMIT %(limit)s::int)
"""
"""Ranges of text_pattern_ops and not LIKE: a prepared statement keeps its index when the pattern is not known yet."""

WHOLE_WORDS = """
SELECT string_agg(part, ' & ')::tsquery FROM unnest((omni_words(%(text)s::text))[1:5]) AS part
"""

BEGUN_WORDS = """
SELECT string_agg(wanted.word || CASE
           WHEN position < cardinality((omni_words(%(text)s::text))[1:5])
                AND EXISTS (SELECT FROM customers_nameword known WHERE known.word = wanted.word) THEN ''
           ELSE ':*' END, ' & ')::tsquery
FROM unnest((omni_words(%(text)s::text))[1:5]) WITH ORDINALITY AS wanted(word, position)
WHERE length(wanted.word) >= 3
"""
"""The last word is still being typed, and so is one before it that is nobody's name yet.

One or two letters begin a tenth of all names: they only narrow down what the longer words found.
"""

SIMILAR_WORDS = """
SELECT string_agg('(' || coalesce(near.words, wanted.word) || ')', ' & ')::tsquery
FROM unnest((omni_words(%(text)s::text))[1:5]) AS wanted(word)
CROSS JOIN LATERAL (
    SELECT string_agg(word, ' | ') AS words FROM (
        SELECT known.word FROM customers_nameword known WHERE known.word %% wanted.word
        ORDER BY similarity(known.word, wanted.word) DESC, known.word LIMIT 8
    ) nearest
) near
"""

BY_NAME = """
WITH found AS MATERIALIZED (
    SELECT id, omni_plain(given_name || ' ' || family_name) AS name
    FROM customers_customer
    WHERE array_to_tsvector(omni_words(given_name || ' ' || family_name)) @@ ({words})
    LIMIT %(candidates)s::int
)
SELECT id AS customer_id FROM found
WHERE {narrowed} ORDER BY similarity(name, omni_plain(%(text)s::text)) DESC, name, id LIMIT %(limit)s::int
"""

ANY_NAME = "true"
BEGUN_SHORT_WORDS = """
NOT EXISTS (
    SELECT FROM unnest((omni_words(%(text)s::text))[1:5]) AS part WHERE length(part) < 3 AND name !~ ('\\m' || part)
)
"""


@dataclass(frozen=True)
class Found:
    """A person, and what led to them: an identity (`kind`, `value`, `whole` or not), a `name`, a name `alike`."""

    customer_id: int
    kind: str
    value: str = ""
    whole: bool = False


def by_identity(text: str, limit: int) -> list[Found]:
    """Return who has this phone (any spelling, or its last four or more digits), e-mail, web account or card.

    Of an e-mail or account its beginning is enough. Who has it whole is the answer alone. One statement, or none when
    the text can be no identity.
    """
    exact = _exact(text)
    digits = re.sub(r"[\s.\-()/+]", "", text)
    is_number = digits.isascii() and digits.isdigit()
    ending = digits[::-1] if is_number and len(digits) >= LEAST_DIGITS else None
    beginning, kinds = _number_begins(text, digits) if is_number else _address_begins(text)
    if not exact and ending is None and beginning is None:
        return []
    rows = sql.rows(
        BY_IDENTITY,
        {
            "kinds": [kind for kind, _ in exact],
            "values": [value for _, value in exact],
            "ending": ending,
            "beginning": beginning,
            "beginning_kinds": kinds,
            "last": LAST,
            "limit": limit,
        },
    )
    ordered = sorted(rows, key=lambda row: row.distance)
    if ordered and ordered[0].distance == 0:
        ordered = [row for row in ordered if row.distance == 0]
    return [Found(row.customer_id, row.kind, row.value, row.distance == 0) for row in ordered]


def _exact(text: str) -> list[tuple[str, str]]:
    said = {
        Identity.Kind.PHONE: normal_phone(text),
        Identity.Kind.EMAIL: normal_email(text),
        Identity.Kind.CARD: normal_card(text),
        Identity.Kind.WEB: text,
    }
    return [(kind.value, value) for kind, value in said.items() if value]


def _number_begins(text: str, digits: str) -> tuple[str | None, list[str]]:
    """Return how the E.164 form of a phone number begins that is still being typed."""
    if len(digits) < DIGITS_OF_A_BEGINNING:
        return None, []
    kinds = [Identity.Kind.PHONE.value]
    if text.lstrip("( ").startswith("+"):
        return f"+{digits}", kinds
    if digits.startswith("00"):
        return f"+{digits[2:]}", kinds
    if digits.startswith("0"):
        return f"+{phonenumbers.country_code_for_region(settings.PHONE_REGION)}{digits[1:]}", kinds
    return None, []


def _address_begins(text: str) -> tuple[str | None, list[str]]:
    plain = unicodedata.normalize("NFC", text).lower()
    return (None if " " in plain else plain), [Identity.Kind.EMAIL.value, Identity.Kind.WEB.value]


def by_name(text: str, limit: int) -> list[Found]:
    """Return who is called so: whole words first, then words that begin so, in any order, accents forgiven.

    When nobody is: names that differ by a small typing error. One to three statements; none without a word of three
    letters.
    """
    if max(_lengths(text), default=0) < LEAST_LETTERS:
        return []
    found = _called(text, WHOLE_WORDS, ANY_NAME, limit)
    if len(found) < limit:
        found = list(dict.fromkeys(found + _called(text, BEGUN_WORDS, BEGUN_SHORT_WORDS, limit)))[:limit]
    if found:
        return [Found(pk, "name") for pk in found]
    return [Found(pk, "alike") for pk in _called(text, SIMILAR_WORDS, ANY_NAME, limit)]


def _called(text: str, words: str, narrowed: str, limit: int) -> list[int]:
    statement = BY_NAME.format(words=words, narrowed=narrowed)
    candidates = CANDIDATES_TO_NARROW if min(_lengths(text)) < LEAST_LETTERS else CANDIDATES
    rows = sql.rows(statement, {"text": text, "limit": limit, "candidates": candidates})
    return [row.customer_id for row in rows]


def _lengths(text: str) -> list[int]:
    return [len(word) for word in re.findall(r"\w+", text)]
