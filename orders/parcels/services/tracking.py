"""What carriers tell: written once, whatever comes twice, late, or out of order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from omni.lib import sql
from orders.parcels.models import Parcel, TrackingEvent
from orders.sales import parcel_events

RECORDED, KNOWN, UNKNOWN = "recorded", "known", "unknown_tracking_number"
MOST_EVENTS = 100

WRITE = """
INSERT INTO parcels_trackingevent (parcel_id, carrier, event_id, kind, text, happened_at)
SELECT told.parcel_id, %(carrier)s::text, told.event_id, told.kind, told.text, told.happened_at
FROM json_to_recordset(%(told)s::json) AS told(
    parcel_id bigint, event_id text, kind text, text text, happened_at timestamptz)
ORDER BY told.event_id
ON CONFLICT (carrier, event_id) DO NOTHING
RETURNING event_id
"""
"""In the order of the events' ids, so that two batches with the same events wait for each other and never deadlock."""

TOLD = {
    TrackingEvent.Kind.AT_RELAY.value: parcel_events.AT_RELAY,
    TrackingEvent.Kind.DELIVERED.value: parcel_events.ARRIVED,
    TrackingEvent.Kind.COLLECTED_AT_RELAY.value: parcel_events.ARRIVED,
    TrackingEvent.Kind.FAILED_ATTEMPT.value: parcel_events.MISSED,
    TrackingEvent.Kind.RETURNED.value: parcel_events.RETURNED,
}
"""What the order's own story tells; the rest is the carrier's daily work, and stands with the parcel."""


@dataclass(frozen=True)
class ToldEvent:
    """One event as a carrier tells it; `kind` is one of `TrackingEvent.Kind`."""

    tracking_number: str
    event_id: str
    kind: str
    happened_at: datetime
    text: str = ""


@transaction.atomic
def record(*, carrier: str, events: Sequence[ToldEvent], store_ids: Collection[int] | None) -> list[str]:
    """Write the events of a carrier's parcels; return for each what became of it: `RECORDED`, `KNOWN` (it was told
    before) or `UNKNOWN`. `store_ids` names whose parcels may be told of; None for all of the house.

    Two statements, and one for each event that the order's story tells.
    """
    parcels = _parcels(carrier, {one.tracking_number for one in events}, store_ids)
    known = {one.event_id: one for one in reversed(events) if one.tracking_number in parcels}
    written = _write(carrier, list(known.values()), parcels)
    outcomes = []
    for one in events:
        if one.tracking_number not in parcels:
            outcomes.append(UNKNOWN)
        elif one.event_id in written and known[one.event_id] is one:
            outcomes.append(RECORDED)
            _tell(parcels[one.tracking_number], one)
        else:
            outcomes.append(KNOWN)
    return outcomes


def _parcels(carrier: str, numbers: set[str], store_ids: Collection[int] | None) -> dict[str, Parcel]:
    found = Parcel.objects.select_related("fulfilment").filter(carrier=carrier, tracking_number__in=numbers - {""})
    if store_ids is not None:
        found = found.filter(fulfilment__location__in=store_ids)
    return {one.tracking_number: one for one in found}


def _write(carrier: str, events: Sequence[ToldEvent], parcels: dict[str, Parcel]) -> set[str]:
    if not events:
        return set()
    told = sql.records(
        {
            "parcel_id": parcels[one.tracking_number].pk,
            "event_id": one.event_id,
            "kind": one.kind,
            "text": one.text,
            "happened_at": one.happened_at.isoformat(),
        }
        for one in events
    )
    return {row.event_id for row in sql.rows(WRITE, {"carrier": carrier, "told": told})}


def _tell(parcel: Parcel, event: ToldEvent) -> None:
    kind = TOLD.get(event.kind)
    if kind is None or parcel.cancelled_at:
        return
    parcel_events.tracked(
        kind=kind,
        order_id=parcel.fulfilment.order_id,
        location_id=parcel.fulfilment.location_id,
        fulfilment_id=parcel.fulfilment_id,
        parcel_id=parcel.pk,
        number=parcel.number,
        happened_at=event.happened_at,
    )
