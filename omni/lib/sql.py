"""One well-named SQL statement where the ORM would be ten: run it, get named rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg.rows import namedtuple_row


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Run one statement and return its rows as named tuples. Values are always bound, never formatted in."""
    with connection.cursor() as cursor:
        cursor.cursor.row_factory = namedtuple_row
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def tuples(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Run one statement and return its rows as plain tuples, where there are so many that their names cost time."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def row(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """Run one statement and return its only row, or None."""
    found = rows(statement, values)
    return found[0] if found else None


def records(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows of plain values as the one value that `json_to_recordset(%s::json)` makes rows of again.

    For statements that run on every order. Arrays, one for each column, are put together value by value in Python, and
    PostgreSQL, which sees how long they are, plans such a statement anew each time: here it keeps its plan.
    """
    return json.dumps(list(rows), ensure_ascii=False)


def record(row: Mapping[str, Any]) -> str:
    """Return plain values under their names as the text of one JSON object."""
    return json.dumps(row, ensure_ascii=False)


def numbers(values: Iterable[int]) -> str:
    """Return whole numbers as the one value that `%s::bigint[]` makes an array of: psycopg's own list takes ten times
    as long, which counts where there are fifty."""
    return f"{{{','.join(map(str, values))}}}"


def run(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
