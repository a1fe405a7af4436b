"""Making the demo older, in SQL: what it lived through since it was opened by any span, its loaded past by whole weeks.

Both are monotone: what came first still comes first. Nothing here checks whether it may; `services` does.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models

from omni.demo.clock import calendar, columns
from omni.demo.models import Clock
from omni.demo.places import TIME_ZONE
from omni.lib import sql
from orders.sales.models import Order

Values = dict[str, Any]
Formula = Callable[[str], str]
FAR = "interval '400000 days'"
LONG_AGO = "'1500-01-01Z'::timestamptz"

IGNORED = "SELECT set_config('pgtrigger.ignore', %s::text, true)"

LOCKED_FIRST = ("customers_customer", "sales_order", "fulfilment_fulfilment", "appointments_appointment")
"""In the order of ADR 1: whoever writes has one of these first, so that we wait there, holding nothing of theirs."""


def lived(column: str) -> str:
    """Return the SQL of a younger instant grown older, never into the past that was loaded."""
    past, by = "%(past)s::timestamptz", "%(by)s::interval"
    return f"CASE WHEN {column} > {past} THEN greatest({column} - {by}, {past}) ELSE {column} END"


def loaded(column: str) -> str:
    """Return the SQL of a loaded instant moved back by whole weeks of the wall: a Saturday at nine stays one."""
    wall = f"({column} AT TIME ZONE '{TIME_ZONE}' - %(by)s::interval) AT TIME ZONE '{TIME_ZONE}'"
    return f"CASE WHEN {column} <= %(past)s::timestamptz THEN {wall} ELSE {column} END"


def lock(tables: Iterable[str]) -> None:
    """Let nobody write into the tables until the transaction ends; who reads goes on."""
    wanted = set(tables)
    first = [table for table in LOCKED_FIRST if table in wanted]
    names = ", ".join([*first, *sorted(wanted - set(first))])
    sql.run(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


@contextmanager
def silence(moving: Iterable[type[models.Model]]) -> Iterator[None]:
    """Inside, the triggers of these tables do nothing: a ledger is not edited, its calendar moves; and the history
    notes no change, because nobody changed anything. Inside a transaction only."""
    tables = {model._meta.db_table for model in moving}
    guards = (trigger.get_pgid(model) for model, trigger in pgtrigger.registered() if model._meta.db_table in tables)
    sql.run(IGNORED, [f"{{{','.join(guards)}}}"])
    yield
    sql.run(IGNORED, ["{}"])


def live_on(moving: dict[type[models.Model], list[str]], values: Values) -> int:
    """Make what the demo lived through older by `by`; return how many rows. `days`: the midnights that this passes."""
    rows = sum(_move(model, names, lived, ">", values) for model, names in moving.items())
    rows += sum(_rewrite(key, written, values) for key, written in columns.WRITTEN)
    for statement in calendar.STATEMENTS:
        sql.run(statement, values)
    return rows


def move_past(moving: dict[type[models.Model], list[str]], values: Values) -> int:
    """Move the loaded past back by whole weeks; return how many rows. The demo's opening stays, also one that stands at
    the past's own end."""
    by_hand = {Order, Clock}
    rows = sum(_move(model, names, loaded, "<=", values) for model, names in moving.items() if model not in by_hand)
    rows += _move(Clock, ["past_until"], loaded, "<=", values)
    return rows + sql.run(calendar.PAST_ORDERS.format(placed_at=loaded("placed_at")), values)


def belongs_to_the_past(moving: dict[type[models.Model], list[str]], past: datetime) -> int:
    """Let what was written while the past was loaded be as old as its end; what lies ahead stays. Return how many
    rows."""
    rows = 0
    for model, names in moving.items():
        inside = {name: f"{name} > %(past)s::timestamptz AND {name} <= now()" for name in names}
        news = [
            f"{name} = CASE WHEN {each} THEN %(past)s::timestamptz ELSE {name} END" for name, each in inside.items()
        ]
        rows += sql.run(_update(model, news, inside.values()), {"past": past})
    return rows


def _move(model: type[models.Model], names: list[str], formula: Formula, side: str, values: Values) -> int:
    chosen = [f"{name} {side} %(past)s::timestamptz" for name in names]
    if model._meta.label not in columns.COLLIDES:
        return sql.run(_update(model, [f"{name} = {formula(name)}" for name in names], chosen), values)
    sql.run(_update(model, [f"{name} = {name} - {FAR}" for name in names], chosen), values)
    back = [f"{name} = {formula(f'({name} + {FAR})')}" for name in names]
    return sql.run(_update(model, back, [f"{name} < {LONG_AGO}" for name in names]), values)


def _update(model: type[models.Model], news: Iterable[str], chosen: Iterable[str]) -> str:
    """Return the statement for rows of which one of the conditions is true."""
    return f"UPDATE {model._meta.db_table} SET {', '.join(news)} WHERE ({') OR ('.join(chosen)})"  # noqa: S608  (columns of ours)


def _rewrite(key: columns.Key, written: columns.Written, values: Values) -> int:
    """Move the instants that a JSON column holds, each as it was written."""
    label, _, name = key.rpartition(".")
    table = apps.get_model(label)._meta.db_table
    instants = {one: f"({name} ->> '{one}')::timestamptz" for one in written.keys}
    news = ", ".join(
        f"'{one}', to_char({lived(instant)} AT TIME ZONE 'UTC', '{written.form}')" for one, instant in instants.items()
    )
    chosen = " OR ".join(f"{instant} > %(past)s::timestamptz" for instant in instants.values())
    statement = f"""
        UPDATE {table} SET {name} = {name} || jsonb_strip_nulls(jsonb_build_object({news}))
        WHERE jsonb_exists_any({name}, ARRAY{list(written.keys)}) AND ({chosen})
    """  # noqa: S608  (columns of ours)
    return sql.run(statement, values)
