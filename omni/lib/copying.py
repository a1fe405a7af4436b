"""COPY for imports: the fastest door into PostgreSQL, with every constraint and trigger of the tables still on."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into the model's table and return how many. Columns that are not named take the database's default."""
    columns: list[sql.Composable] = [sql.Identifier(_column(model, name)) for name in fields]
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, sql.SQL(", ").join(columns))
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def _column(model: type[models.Model], field: str) -> str:
    return str(cast("models.Field[Any, Any]", model._meta.get_field(field)).column)


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` primary keys from the table's sequence, for rows that others of the same COPY point to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


@contextmanager
def history_in_bulk(model: Any) -> Iterator[None]:
    """Inside: rows put into a tracked model get their first event by one statement at the end, not one by one by its
    trigger.

    The trigger costs 0.2 ms a row, a third of an import. Refuses to work outside a transaction (the silence is local to
    it).
    """
    event = model.pgh_event_model
    with silenced(model, "insert_insert"):
        yield
    own = [field.column for field in event._meta.fields if not field.name.startswith("pgh_")]
    columns = sql.SQL(", ").join(map(sql.Identifier, own))
    statement = sql.SQL(
        "INSERT INTO {event} ({columns}, pgh_obj_id, pgh_created_at, pgh_label) SELECT {columns}, id, now(), 'insert' "
        "FROM {table} WHERE id NOT IN (SELECT pgh_obj_id FROM {event})"
    )
    with connection.cursor() as cursor:
        table, events = sql.Identifier(model._meta.db_table), sql.Identifier(event._meta.db_table)
        cursor.execute(statement.format(event=events, columns=columns, table=table))


@contextmanager
def silenced(model: Any, name: str) -> Iterator[None]:
    """Inside: one trigger of a model does nothing, because the statement itself does its work. Refuses to work outside
    a transaction."""
    trigger = next(trigger for trigger in model._meta.triggers if trigger.name == name)
    _silence(f"{{{trigger.get_pgid(model)}}}")
    yield
    _silence("{}")


def _silence(triggers: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("Triggers are silenced inside a transaction only.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [triggers])
