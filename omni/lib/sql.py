"""One well-named SQL statement where the ORM would be ten: run it, get named rows."""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.rows import namedtuple_row, tuple_row

MANY_ROWS = 1_000
"""A cursor that brought more is not kept: it keeps them, too."""


class Kept(threading.local):
    """This thread's cursors, one for each shape of rows: a cursor does not change it well."""

    def __init__(self) -> None:
        self.cursors: dict[Any, Any] = {}


kept = Kept()


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Run one statement and return its rows as named tuples. Values are always bound, never formatted in."""
    return _fetched(statement, values, namedtuple_row)


def tuples(statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
    """Run one statement and return its rows as plain tuples, where there are so many that their names cost time."""
    return _fetched(statement, values, tuple_row)


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
    database = connections[DEFAULT_DB_ALIAS]
    with database.wrap_database_errors:
        return int(_executed(database, statement, values, tuple_row).rowcount)


def _fetched(statement: str, values: Sequence[Any] | Mapping[str, Any], row_factory: Any) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]  # once: `django.db.connection` looks it up again for each of its names
    with database.wrap_database_errors:
        found: list[Any] = _executed(database, statement, values, row_factory).fetchall()
        if len(found) > MANY_ROWS:
            kept.cursors.clear()
        return found


def _executed(database: Any, statement: str, values: Sequence[Any] | Mapping[str, Any], row_factory: Any) -> Any:
    """Run the statement on this thread's kept cursor, past whoever watches this connection's statements.

    To make a cursor for each statement, and Django's around it, takes as long as PostgreSQL takes for most of them.
    """
    if database.connection is None:
        database.ensure_connection()
    database.validate_no_broken_transaction()
    cursor = kept.cursors.get(row_factory)
    if cursor is None or cursor.connection is not database.connection:
        cursor = kept.cursors[row_factory] = database.connection.cursor(row_factory=row_factory)
    execute: Any = _execute
    for watcher in reversed(database.execute_wrappers):
        execute = partial(watcher, execute)
    execute(statement, values, False, {"connection": database, "cursor": cursor})
    return cursor


def _execute(statement: str, values: Any, _many: bool, context: Mapping[str, Any]) -> Any:
    return context["cursor"].execute(statement, values)
