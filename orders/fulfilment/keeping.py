"""Until when the store keeps what is ready for its owner."""

from datetime import datetime

from inventory.places import hours
from inventory.places.queries import Place
from orders.fulfilment.models import Fulfilment


def kept_until(store: Place, kind: str, *, ready_at: datetime, promised_at: datetime) -> datetime:
    """Return when the store gives up what is ready (UTC), always a moment up to which somebody could come.

    A pickup is kept for the store's days. A reservation is kept until the end of the store's n-th opening after it is
    ready, and after it was promised: who was told a day at first is never told an earlier one.
    """
    if kind == Fulfilment.Kind.RESERVATION:
        return hours.closing_of_opening(store, max(ready_at, promised_at), store.reservation_openings)
    return hours.last_closing(store, ready_at, store.keep_days)


def longer(store: Place, kind: str, until: datetime) -> datetime:
    """Return until when it would be kept if it were kept longer once more."""
    if kind == Fulfilment.Kind.RESERVATION:
        return hours.closing_of_opening(store, until, store.reservation_openings)
    return hours.last_closing(store, until, store.extension_days)
