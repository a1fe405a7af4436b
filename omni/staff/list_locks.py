"""The lock of many rows at once: taken before the order's own, and never waited for."""

from django.db import connection

from omni.staff.list_models import BulkItem


def next_item(run_id: int) -> BulkItem | None:
    """Lock the next row of a run that nobody else is at work on; None when there is none."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction locks nothing")
    waiting = BulkItem.objects.filter(run=run_id, outcome=BulkItem.Outcome.WAITING).order_by("pk")
    return waiting.select_for_update(skip_locked=True).first()
