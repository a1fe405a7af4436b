"""What happens to an order while it waits for its customer, or after they came: one function per kind of event."""

from datetime import datetime

from orders.sales.events import record

ARRIVED = "customer_arrived"
EXTENDED = "keep_extended"
RATED = "visit_rated"
LINK_RENEWED = "customer_link_renewed"
PUT_BACK = "put_back"


def arrived(*, order_id: int, location_id: int, fulfilment_id: int, spot: str) -> None:
    """The customer says that they are there."""
    record(ARRIVED, order_id, location_id, None, fulfilment=fulfilment_id, spot=spot)


def extended(
    *, order_id: int, location_id: int, fulfilment_id: int, actor_id: int | None, keep_until: datetime
) -> None:
    """The pickup is kept longer; without an actor because its customer asked for it."""
    record(EXTENDED, order_id, location_id, actor_id, fulfilment=fulfilment_id, keep_until=keep_until)


def rated(*, order_id: int, location_id: int, fulfilment_id: int, stars: int, sentence: str) -> None:
    """The customer said how the visit was."""
    record(RATED, order_id, location_id, None, fulfilment=fulfilment_id, stars=stars, sentence=sentence)


def put_back(*, order_id: int, location_id: int, fulfilment_id: int, actor_id: int) -> None:
    """What was in the bag is on the shelf again."""
    record(PUT_BACK, order_id, location_id, actor_id, fulfilment=fulfilment_id)


def link_renewed(*, order_id: int, location_id: int, actor_id: int) -> None:
    """The links that were sent open nothing any more."""
    record(LINK_RENEWED, order_id, location_id, actor_id)
