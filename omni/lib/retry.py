"""Run a whole transaction again when PostgreSQL says that this is the cure."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from omni.lib.errors import Busy

ResultT = TypeVar("ResultT")

SERIALIZATION_FAILURE, DEADLOCK, LOCK_TIMEOUT, UNIQUE = "40001", "40P01", "55P03", "23505"
AGAIN = frozenset({SERIALIZATION_FAILURE, DEADLOCK, LOCK_TIMEOUT})


def _state(error: DatabaseError | InterfaceError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def constraint_name(error: DatabaseError | InterfaceError) -> str:
    """Return the constraint that a database error names, or an empty text."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def retrying(
    work: Callable[[], ResultT], *, lost_races: frozenset[str] = frozenset(), reconnect: bool = False, tries: int = 4
) -> ResultT:
    """Run `work` in a transaction of its own, and again after a deadlock, a lock time-out or a lost race.

    `lost_races` names unique constraints that two equal requests can hit at once; the second run finds the winner's
    row.
    `reconnect=True` also runs it again on a fresh connection after the server went away, which may be after an unseen
    commit: allowed only where `work` recognises its own earlier effect (an idempotency key).
    Raises `Busy` when the last try fails for such a reason.
    """
    for attempt in range(1, tries + 1):
        try:
            with transaction.atomic(durable=not connection.in_atomic_block):
                return work()
        except (DatabaseError, InterfaceError) as error:
            lost = not connection.in_atomic_block and not connection.is_usable()
            curable = (
                _state(error) in AGAIN
                or (_state(error) == UNIQUE and constraint_name(error) in lost_races)
                or (reconnect and lost and isinstance(error, OperationalError | InterfaceError))
            )
            if not curable or connection.in_atomic_block:
                raise
            if lost:
                connection.close()
            if attempt == tries:
                raise Busy(_("The house is very busy. Please send this again: it never acts twice.")) from error
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311  (spreading load, not a secret)
    raise AssertionError("unreachable")
