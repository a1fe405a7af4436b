"""What is known of people: as a list shows them, and as their own page does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omni.lib import sql
from omni.lib.cursors import NEWEST, Cursor

LISTED = """
SELECT person.id, person.code, person.given_name, person.family_name, identity.kind, identity.value
FROM customers_customer person LEFT JOIN customers_identity identity ON identity.customer_id = person.id
WHERE person.id = ANY(%s::bigint[]) ORDER BY identity.id
"""

PERSON = """
SELECT person.id, person.code, person.given_name, person.family_name, person.language, person.home_store_id,
       person.invented, person.created_at, known.kinds, known.values, home.town,
       letters.ids, letters.times, letters.subjects
FROM customers_customer person
CROSS JOIN LATERAL (
    SELECT array_agg(kind ORDER BY id) AS kinds, array_agg(value ORDER BY id) AS values
    FROM customers_identity WHERE customer_id = person.id
) known
LEFT JOIN LATERAL (
    SELECT town FROM customers_address WHERE customer_id = person.id ORDER BY id LIMIT 1
) home ON true
CROSS JOIN LATERAL (
    SELECT array_agg(id) AS ids, array_agg(created_at) AS times, array_agg(subject) AS subjects
    FROM (
        SELECT id, created_at, subject FROM customers_message
        WHERE customer_id = person.id AND location_id = ANY(%(stores)s::bigint[]) AND status <> 'dropped'
          AND (created_at, %(own_rank)s::int, id) < (%(at)s::timestamptz, %(rank)s::int, %(id)s::bigint)
        ORDER BY created_at DESC, id DESC LIMIT %(limit)s::int
    ) newest
) letters
WHERE person.code = %(code)s::text
"""
"""One statement for all that the customers' room knows: the page is counted in statements."""


@dataclass(frozen=True)
class Listed:
    """A person as a list shows them; identities by kind, the first of each."""

    id: int
    code: str
    name: str
    identities: dict[str, str]


@dataclass(frozen=True)
class Letter:
    """Something we wrote to a person."""

    id: int
    at: datetime
    subject: str


@dataclass(frozen=True)
class Person:
    """A person as their page shows them. `letters` are those about the reader's stores, newest first."""

    id: int
    code: str
    name: str
    language: str
    home_store_id: int | None
    town: str
    invented: bool
    created_at: datetime
    identities: list[tuple[str, str]]
    letters: list[Letter]


def listed(customer_ids: Sequence[int]) -> dict[int, Listed]:
    """Return people by id with the first identity of each kind. One statement."""
    known: dict[int, Listed] = {}
    for row in sql.rows(LISTED, [sql.numbers(customer_ids)]):
        person = known.setdefault(row.id, Listed(row.id, row.code, _name(row), {}))
        if row.kind:
            person.identities.setdefault(row.kind, row.value)
    return known


def person(
    code: str, *, store_ids: Collection[int], letters: int, letters_rank: int = 0, before: Cursor = NEWEST
) -> Person | None:
    """Return a person with at most `letters` messages older than `before`, or None. One statement.

    `letters_rank` is the place of messages among what happened at the same instant, in the thread they are shown in.
    """
    row = sql.row(
        PERSON,
        {
            "code": code,
            "stores": sql.numbers(store_ids),
            "limit": letters,
            "own_rank": letters_rank,
            "at": before.at,
            "rank": before.rank,
            "id": before.id,
        },
    )
    if row is None:
        return None
    return Person(
        id=row.id,
        code=row.code,
        name=_name(row),
        language=row.language,
        home_store_id=row.home_store_id,
        town=row.town or "",
        invented=row.invented,
        created_at=row.created_at,
        identities=list(zip(row.kinds or [], row.values or [], strict=True)),
        letters=[Letter(*one) for one in zip(row.ids or [], row.times or [], row.subjects or [], strict=True)],
    )


def _name(row: Any) -> str:
    return f"{row.given_name} {row.family_name}".strip() or str(row.code)
