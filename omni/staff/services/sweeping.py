"""What grows without end and is of no use any more is deleted, the oldest first, in short statements.

What tells what happened is never swept: orders and their events, the ledgers, messages, the log of changes.
"""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone

from omni.lib import sql
from omni.staff.list_models import BulkItem, BulkRun
from omni.staff.models import AnsweredRequest, AtWork, DeviceCode, Draft, Tries
from omni.staff.services.drafts import KEPT_FOR

BATCH, MOST_BATCHES = 5_000, 20
"""So many rows in a statement, so many statements for a table each time: whatever is left waits for the next sweep."""
COUNTED_FOR = timedelta(days=1)
"""Counted guesses lock for minutes; a day later they are nobody's."""

OLDEST = """
DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} ORDER BY {key} LIMIT %s::int)
AND {moment} < %s::timestamptz
"""
"""Rows are written in the order of their moments, nearly: the oldest are found by their key, whatever the size. A table
with nothing to sweep costs one batch."""


def sweep() -> int:
    """Delete what has had its time; return how many rows. May run twice at once."""
    now = timezone.now()
    runs_end = now - timedelta(days=settings.KEEP_RUNS_DAYS)
    swept = _oldest(AnsweredRequest, "created_at", now - timedelta(days=settings.KEEP_ANSWERS_DAYS))
    swept += _items_of_runs_before(runs_end)
    for expired in (
        BulkRun.objects.filter(created_at__lt=runs_end, items=None),
        AtWork.objects.filter(seen_at__lt=now - COUNTED_FOR),
        Draft.objects.filter(saved_at__lte=now - KEPT_FOR),
        DeviceCode.objects.filter(expires_at__lt=now - COUNTED_FOR, device=None),
        Tries.objects.filter(began_at__lt=now - COUNTED_FOR),
        AccessAttempt.objects.filter(attempt_time__lt=now - COUNTED_FOR),
        Session.objects.filter(expire_date__lt=now),
    ):
        swept += expired.delete()[0]
    return swept


def _oldest(table: type[Model], moment: str, before: object) -> int:
    """Delete the rows whose `moment` lies before, from the beginning of the table on."""
    statement = OLDEST.format(table=table._meta.db_table, key=table._meta.pk.column, moment=moment)
    return _in_batches(statement, [BATCH, before])


ITEMS = f"""
DELETE FROM {BulkItem._meta.db_table} WHERE id IN (
    SELECT item.id FROM {BulkItem._meta.db_table} item JOIN {BulkRun._meta.db_table} run ON run.id = item.run_id
    WHERE run.created_at < %s::timestamptz LIMIT %s::int
)
"""  # noqa: S608  (names of our tables)


def _items_of_runs_before(moment: object) -> int:
    """Delete the rows of old runs; a run follows when none of its rows is left."""
    return _in_batches(ITEMS, [moment, BATCH])


def _in_batches(statement: str, values: list[object]) -> int:
    swept = 0
    for _turn in range(MOST_BATCHES):
        deleted = sql.run(statement, values)
        swept += deleted
        if deleted < BATCH:
            break
    return swept
