"""Parcels as pages, mails and the API show them: each with the event that happened last."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from omni.lib import sql
from orders.parcels.carriers import registry
from orders.parcels.models import Parcel, TrackingEvent

Kind = TrackingEvent.Kind
ARRIVED = {Kind.DELIVERED.value, Kind.COLLECTED_AT_RELAY.value}
MARKS = {
    Kind.AT_RELAY: "ready",
    Kind.DELIVERED: "done",
    Kind.COLLECTED_AT_RELAY: "done",
    Kind.FAILED_ATTEMPT: "at_risk",
    Kind.RETURNED: "late",
}

OF_FULFILMENTS = """
SELECT parcel.id, parcel.public_id, parcel.fulfilment_id, parcel.number, parcel.carrier, parcel.tracking_number,
       parcel.weight_grams, parcel.packed_at, parcel.booked_at, coalesce(pieces.count, 0)::int AS pieces,
       last.kind, last.text, last.happened_at
FROM parcels_parcel parcel
LEFT JOIN LATERAL (
    SELECT sum(quantity) AS count FROM parcels_parcelline WHERE parcel_id = parcel.id
) pieces ON true
LEFT JOIN LATERAL (
    SELECT kind, text, happened_at FROM parcels_trackingevent
    WHERE parcel_id = parcel.id ORDER BY happened_at DESC, id DESC LIMIT 1
) last ON true
WHERE parcel.fulfilment_id = ANY(%s::bigint[]) AND parcel.cancelled_at IS NULL
ORDER BY parcel.fulfilment_id, parcel.number
"""


@dataclass(frozen=True)
class Standing:
    """One parcel that was not taken apart, and where it is: `kind` is "" before the carrier told anything."""

    id: int
    public_id: UUID
    number: int
    carrier: str
    tracking_number: str
    weight_grams: int | None
    pieces: int
    packed_at: datetime | None
    booked_at: datetime | None
    kind: str
    text: str
    happened_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.packed_at is None

    @property
    def url(self) -> str:
        """The carrier's own page about it, or an empty text."""
        return registry.tracking_url(self.carrier, self.tracking_number)

    @property
    def carrier_name(self) -> str:
        found = registry.carrier(self.carrier)
        return found.name if found else self.carrier

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind else ""

    @property
    def mark(self) -> str:
        """The mark of its state."""
        return MARKS.get(Kind(self.kind), "in_progress") if self.kind else "neutral"


def of_fulfilments(fulfilment_ids: Collection[int]) -> dict[int, list[Standing]]:
    """Return, per fulfilment, its parcels by number. One statement."""
    found: dict[int, list[Standing]] = {}
    for row in sql.rows(OF_FULFILMENTS, [sql.numbers(fulfilment_ids)]):
        found.setdefault(row.fulfilment_id, []).append(
            Standing(
                id=row.id,
                public_id=row.public_id,
                number=row.number,
                carrier=row.carrier,
                tracking_number=row.tracking_number,
                weight_grams=row.weight_grams,
                pieces=row.pieces,
                packed_at=row.packed_at,
                booked_at=row.booked_at,
                kind=row.kind or "",
                text=row.text or "",
                happened_at=row.happened_at,
            )
        )
    return found


def of_fulfilment(fulfilment_id: int) -> list[Standing]:
    """Return the parcels of one fulfilment by number. One statement."""
    return of_fulfilments([fulfilment_id]).get(fulfilment_id, [])


def stage(parcels: Collection[Standing]) -> str:
    """Return how far a whole fulfilment is: `with_you` when every parcel arrived, `at_relay` when every other one waits
    at its point, else `sent`; "" when no carrier tells of it."""
    told = [one for one in parcels if one.tracking_number]
    if not told:
        return ""
    if all(one.kind in ARRIVED for one in told):
        return "with_you"
    there = ARRIVED | {Kind.AT_RELAY.value}
    return "at_relay" if all(one.kind in there for one in told) else "sent"


def latest_kind(parcel_id: int) -> str:
    """Return what happened to a parcel last, or an empty text. One statement."""
    told = TrackingEvent.objects.filter(parcel=parcel_id).order_by("-happened_at", "-pk")
    return told.values_list("kind", flat=True).first() or ""


def whole(parcel_id: int) -> Parcel:
    """Return a parcel with what its carrier and its customer are told of it. One statement."""
    return Parcel.objects.select_related("fulfilment__order__customer").get(pk=parcel_id)
