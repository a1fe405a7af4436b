"""Days that pass for one order: what is written of it moves into the past, by the calendar of its store."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F

from omni.lib import sql
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.waiting.models import Extension

MONTH = timedelta(days=31)

SINCE_YESTERDAY = """
SELECT place.time_zone AS zone,
       (way.keep_until AT TIME ZONE place.time_zone)::date
       - ((statement_timestamp() AT TIME ZONE place.time_zone)::date - 1) AS days
FROM fulfilment_fulfilment way JOIN places_location place ON place.id = way.location_id
WHERE way.id = %s::bigint
"""
EARLIER = "{0} = ({0} AT TIME ZONE %(zone)s - make_interval(days => %(days)s)) AT TIME ZONE %(zone)s"
MOVE = "UPDATE {table} SET {changes} WHERE id = %(pk)s::bigint"


def last_day_passed(fulfilment_id: int) -> None:
    """Let the last day of what is ready be yesterday, and all that led to it as long before as it was."""
    passed = sql.row(SINCE_YESTERDAY, [fulfilment_id])
    _earlier("fulfilment_fulfilment", fulfilment_id, ["ready_at", "promised_at", "keep_until"], passed)
    extensions = Extension.objects.filter(fulfilment=fulfilment_id).order_by("kept_until")
    for pk in extensions.values_list("pk", flat=True):  # the first one first: no two may begin at one end
        _earlier("waiting_extension", pk, ["kept_until", "keep_until"], passed)


def _earlier(table: str, pk: int, columns: Sequence[str], passed: Any) -> None:
    changes = ", ".join(EARLIER.format(column) for column in columns)
    sql.run(MOVE.format(table=table, changes=changes), {"pk": pk, "zone": passed.zone, "days": passed.days})


def a_month_passed(order_id: int) -> None:
    """Let everything of an order have ended a month ago."""
    Fulfilment.objects.filter(order=order_id).update(ended_at=F("ended_at") - MONTH)
    HandOver.objects.filter(fulfilment__order=order_id).update(created_at=F("created_at") - MONTH)
