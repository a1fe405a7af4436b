"""The one lock of administration."""

from django.db import connection

from omni.lib import sql


def lock_administration() -> None:
    """Let one change of people or roles happen at a time, until this transaction ends: or two administrators could
    take the last rights from each other in the same moment."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction holds nothing")
    sql.rows("SELECT pg_advisory_xact_lock(hashtextextended('staff.administration', 0))")
