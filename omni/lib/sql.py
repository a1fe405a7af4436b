"""One well-named SQL statement where the ORM would be ten: run it, get named rows."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection


@lru_cache(maxsize=256)
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Run one statement and return its rows as named tuples. Values are always bound, never formatted in."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = _row_type(tuple(column.name for column in cursor.description or ()))
        return [row(*found) for found in cursor.fetchall()]


def row(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Run one statement and return its only row, or None."""
    found = rows(statement, values)
    return found[0] if found else None


def run(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
