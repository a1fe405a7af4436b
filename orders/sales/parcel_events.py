"""What happens to the parcels of an order: packed, taken apart, and what its carrier tells that people care about."""

from datetime import datetime

from orders.sales.events import record

PACKED = "parcel_packed"
TAKEN_APART = "parcel_taken_apart"
AT_RELAY = "parcel_at_relay"
ARRIVED = "parcel_arrived"
MISSED = "parcel_missed"
RETURNED = "parcel_returned"


def packed(
    *, order_id: int, location_id: int, fulfilment_id: int, actor_id: int, parcel_id: int, number: int, pieces: int
) -> None:
    """A parcel is closed."""
    record(PACKED, order_id, location_id, actor_id,
           fulfilment=fulfilment_id, parcel=parcel_id, number=number, pieces=pieces)  # fmt: skip


def taken_apart(
    *, order_id: int, location_id: int, fulfilment_id: int, actor_id: int | None, parcel_id: int, number: int
) -> None:
    """A parcel was taken apart again."""
    record(TAKEN_APART, order_id, location_id, actor_id, fulfilment=fulfilment_id, parcel=parcel_id, number=number)


def tracked(
    *,
    kind: str,
    order_id: int,
    location_id: int,
    fulfilment_id: int,
    parcel_id: int,
    number: int,
    happened_at: datetime,
) -> None:
    """The carrier told of a parcel; the follower of `AT_RELAY` tells its customer."""
    record(kind, order_id, location_id, None,
           fulfilment=fulfilment_id, parcel=parcel_id, number=number, happened_at=happened_at)  # fmt: skip
