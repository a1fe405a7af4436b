"""Opening a fulfilment: its short number, its slices, in one statement."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inventory.places.queries import Place
from omni.lib import sql

OPEN = """
WITH counted AS (
    INSERT INTO fulfilment_shortidcounter (location_id, last) VALUES (%(location)s::bigint, 1)
    ON CONFLICT (location_id) DO UPDATE SET last = fulfilment_shortidcounter.last %% 999 + 1
    RETURNING last
), opened AS (
    INSERT INTO fulfilment_fulfilment (public_id, order_id, kind, location_id, short_id, status, promised_at, ship_to,
                                       instead_of_id)
    SELECT %(public_id)s::uuid, %(order)s::bigint, %(kind)s::text, %(location)s::bigint,
           %(short_code)s::text || '-' || counted.last, 'to_pick', %(promised_at)s::timestamptz, %(ship_to)s::jsonb,
           %(instead_of)s::bigint
    FROM counted
    RETURNING id, short_id
), sliced AS (
    INSERT INTO fulfilment_fulfilmentline (fulfilment_id, order_line_id, quantity)
    SELECT opened.id, slice.order_line_id, slice.quantity
    FROM opened, json_to_recordset(%(slices)s::json) AS slice(order_line_id bigint, quantity int)
)
SELECT id, short_id FROM opened
"""


def open_fulfilment(
    *,
    order_id: int,
    kind: str,
    place: Place,
    promised_at: datetime,
    slices: Sequence[tuple[int, int]],
    ship_to: dict[str, Any] | None = None,
    instead_of: int | None = None,
) -> tuple[int, str]:
    """Write a fulfilment with its slices (order line id, units); return its id and short id. The store's counter is
    the last lock of the order path, and the shortest. `instead_of` is the fulfilment that lacked these pieces."""
    found = sql.row(
        OPEN,
        {
            "location": place.id,
            "public_id": uuid.uuid4(),
            "order": order_id,
            "kind": kind,
            "short_code": place.short_code,
            "promised_at": promised_at,
            "ship_to": json.dumps(ship_to) if ship_to else None,
            "instead_of": instead_of,
            "slices": sql.records({"order_line_id": line, "quantity": quantity} for line, quantity in slices),
        },
    )
    return int(found.id), str(found.short_id)
