"""The twin of a guarded table: the same rows, the same code, one guard less. A race that is green there proves nothing.

The real tables are never altered: copies stand in a schema of their own, and every connection of this process finds
them first. They carry no foreign keys and no triggers, and every other constraint except the ones that are left out.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

SCHEMA = "twin"

COLUMNS = """
SELECT quote_ident(column_name) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'p', 'x')
"""
UNIQUE_INDEXES = """
SELECT index.relname, pg_get_indexdef(index.oid)
FROM pg_index JOIN pg_class index ON index.oid = indexrelid
WHERE indrelid = %s::regclass AND indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def twin(*tables: str, without: Collection[str] = ()) -> Iterator[None]:
    """Work on copies of the tables that lack the constraints in `without`. Refuses a name that guards none of them."""
    _run(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    _run(f"CREATE SCHEMA {SCHEMA}")
    try:
        left_out = {name for table in tables for name in _copy(table, without)}
        assert left_out == set(without), f"no such guard: {set(without) - left_out}"
        connection_created.connect(_look_here_first, dispatch_uid=SCHEMA)
        _run(f"SET search_path = {SCHEMA}, public")
        yield
    finally:
        connection_created.disconnect(dispatch_uid=SCHEMA)
        _run("RESET search_path")
        _run(f"DROP SCHEMA {SCHEMA} CASCADE")


def _look_here_first(connection: Any, **_signal: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {SCHEMA}, public")


def _copy(table: str, without: Collection[str]) -> set[str]:
    """Copy a table with its rows; return the guards that were left out."""
    _run(
        f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED)"
    )
    columns = ", ".join(name for (name,) in _rows(COLUMNS, table))
    _run(f"INSERT INTO {SCHEMA}.{table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM public.{table}")
    sequence = f"pg_get_serial_sequence('{SCHEMA}.{table}', 'id')"
    _run(f"SELECT setval({sequence}, (SELECT last_value FROM public.{table}_id_seq))")
    left_out = set()
    for name, definition in _rows(CONSTRAINTS, f"public.{table}"):
        if name in without:
            left_out.add(name)
        else:
            _run(f"ALTER TABLE {SCHEMA}.{table} ADD CONSTRAINT {name} {definition}")
    for name, definition in _rows(UNIQUE_INDEXES, f"public.{table}"):
        if name in without:
            left_out.add(name)
        else:
            _run(definition.replace(f" ON public.{table} ", f" ON {SCHEMA}.{table} "))
    return left_out


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(statement: str, *values: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def without_text(statement: str, *guards: str, instead: str = "") -> str:
    """Return a copy of an SQL statement without some of its words. Refuses words that do not stand there once."""
    for guard in guards:
        assert statement.count(guard) == 1, f"the statement no longer says {guard!r}"
        statement = statement.replace(guard, instead)
    return statement
