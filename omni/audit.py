"""Adding every ledger up again, in one snapshot: what the constraints cannot see, and whether they are still there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from inventory.catalog import audits as catalog
from inventory.stock import audits as stock
from inventory.transfers import audits as transfers
from loyalty import audits as loyalty
from omni.lib import sql
from omni.lib.invariants import Invariant
from orders.appointments import audits as appointments
from orders.fulfilment import audits as fulfilment
from orders.fulfilment import promise_audits as promises
from orders.fulfilment.substitutes import audits as substitutes
from orders.fulfilment.waiting import audits as waiting
from orders.parcels import audits as parcels
from orders.payments import audits as payments
from orders.sales import audits as sales

COUNT = "SELECT count(*) AS checked, count(*) FILTER (WHERE holds IS NOT TRUE) AS differing FROM ({rows}) AS row"
EXAMPLES = "SELECT * FROM ({rows}) AS row WHERE holds IS NOT TRUE LIMIT 5"


@dataclass(frozen=True)
class Finding:
    """What adding up one invariant found: how many rows were checked, how many differ, and the first of those."""

    invariant: Invariant
    checked: int
    differing: int
    examples: tuple[dict[str, Any], ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the invariant holds, or only tells."""
        return not self.differing or self.invariant.tells_only


def run() -> list[Finding]:
    """Check every invariant in one read-only snapshot; one finding for each, also for those that hold.

    Inside a transaction (a test's) it looks with that transaction's eyes.
    """
    return list(findings())


def findings() -> Iterator[Finding]:
    """Find one after the other, for somebody who watches; the snapshot ends with the last."""
    with snapshot():
        for invariant in invariants():
            yield look(invariant)


def differences() -> list[Finding]:
    """Return the findings that are differences; an empty list is a clean house."""
    return [finding for finding in run() if not finding.ok]


def invariants() -> list[Invariant]:
    """Return every invariant of the house, in the order of the book that names them."""
    return [
        *stock.INVARIANTS,
        *transfers.INVARIANTS,
        *appointments.INVARIANTS,
        *catalog.INVARIANTS,
        *fulfilment.INVARIANTS,
        *promises.INVARIANTS,
        *waiting.INVARIANTS,
        *substitutes.INVARIANTS,
        *parcels.INVARIANTS,
        *sales.INVARIANTS,
        *payments.INVARIANTS,
        *loyalty.INVARIANTS,
        Invariant("DB", _("Every constraint and trigger of the models is in the database, and on."), guards()),
    ]


def look(invariant: Invariant) -> Finding:
    """Count what one invariant checks, and fetch the first rows that differ, if any do."""
    began = time.monotonic()
    counted = sql.row(COUNT.format(rows=invariant.sql))
    examples = sql.rows(EXAMPLES.format(rows=invariant.sql)) if counted.differing else []
    rows = tuple(map(_named, examples))
    return Finding(invariant, counted.checked, counted.differing, rows, time.monotonic() - began)


@contextmanager
def snapshot() -> Iterator[None]:
    """One instant for all that is read, and nothing is written (`REPEATABLE READ READ ONLY`)."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sql.run("SET LOCAL work_mem = '64MB'")
        sql.run("SET LOCAL jit = off")
        yield


def guards() -> str:
    """Return the query that looks for every constraint and trigger of the installed models."""
    wanted = [
        ("constraint", model._meta.db_table, constraint.name)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint | models.UniqueConstraint | ExclusionConstraint)
    ] + [("trigger", model._meta.db_table, trigger.get_pgid(model)) for model, trigger in pgtrigger.registered()]
    rows = ", ".join(f"('{kind}', '{table}', '{name}')" for kind, table, name in wanted)
    return f"""
    SELECT wanted.kind, wanted.table_name, wanted.name,
           EXISTS (SELECT FROM pg_constraint WHERE conrelid = wanted.table_name::regclass AND conname = wanted.name
                      AND convalidated)
           OR EXISTS (SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid AND relname = wanted.name
                       WHERE indrelid = wanted.table_name::regclass AND indisunique AND indisvalid)
           OR EXISTS (SELECT FROM pg_trigger WHERE tgrelid = wanted.table_name::regclass AND tgname = wanted.name
                         AND tgenabled IN ('O', 'A')) AS holds
    FROM (VALUES {rows}) AS wanted (kind, table_name, name)
    """  # noqa: S608  (names of our own models)


def _named(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "holds"}
