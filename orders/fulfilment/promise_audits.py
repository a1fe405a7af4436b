"""What the promise clock promises, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

LEADS_TO_THE_LAST_TOLD = """
SELECT coalesce(change.fulfilment_id, told.fulfilment_id) AS fulfilment, change.number AS times, change.before,
       change.after, way.promised_at, told.after AS told,
       change.id IS NOT NULL AND told.after IS NOT NULL
       AND change.before IS NOT DISTINCT FROM coalesce(earlier.after, change.before)
       AND (change.number = 1) = (earlier.id IS NULL)
       AND (later.id IS NOT NULL OR change.after = way.promised_at) AS holds
FROM fulfilment_loweredpromise change
FULL JOIN (
    SELECT (data ->> 'fulfilment')::bigint AS fulfilment_id, (data ->> 'after')::timestamptz AS after
    FROM sales_orderevent WHERE kind = 'promise_lowered'
) told ON told.fulfilment_id = change.fulfilment_id AND told.after = change.after
LEFT JOIN fulfilment_fulfilment way ON way.id = change.fulfilment_id
LEFT JOIN fulfilment_loweredpromise earlier
       ON earlier.fulfilment_id = change.fulfilment_id AND earlier.number = change.number - 1
LEFT JOIN fulfilment_loweredpromise later
       ON later.fulfilment_id = change.fulfilment_id AND later.number = change.number + 1
"""

INVARIANTS = [
    Invariant(
        "P7",
        _("A promise that was put off leads from the first to the last, and its customer was told of each."),
        LEADS_TO_THE_LAST_TOLD,
    ),
]
