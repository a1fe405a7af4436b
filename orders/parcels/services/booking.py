"""The carrier is asked: read, call, record. The call stands between two transactions and inside none (ADR 19).

Whatever dies on the way, the next try says the same reference and gets the same label; one parcel is booked once.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.places.queries import place
from orders.parcels import queries
from orders.parcels.carriers import registry
from orders.parcels.carriers.port import Booking, Carrier, CarrierFailed, Consignment, Party
from orders.parcels.errors import CarrierSilent, NoCarrier, ParcelGone
from orders.parcels.models import Parcel
from orders.parcels.services import forgetting
from orders.parcels.services.packing import pieces_in

logger = logging.getLogger(__name__)


def book(*, parcel_id: int) -> Parcel:
    """Ask the carrier of a packed parcel for its label, unless it has one; return the parcel with it.

    Refuses to run inside another transaction: no lock may wait for a carrier. Raises `CarrierSilent` (the parcel is as
    before, ask again), `ParcelGone` for one that is open or was taken apart, `NoCarrier`.
    """
    parcel = queries.whole(parcel_id)
    if parcel.booked_at:
        return parcel
    with transaction.atomic(durable=True):
        if parcel.is_open or parcel.cancelled_at:
            raise _gone()
        carrier, consignment = _carrier_of(parcel), consignment_of(parcel)
    booking = _asked(carrier, consignment)
    if not record(parcel_id=parcel_id, booking=booking):
        forgetting.tell(parcel, tracking_number=booking.tracking_number)
        raise _gone()
    return queries.whole(parcel_id)


def _asked(carrier: Carrier, consignment: Consignment) -> Booking:
    try:
        return carrier.book(consignment)
    except (CarrierFailed, OSError) as error:
        logger.warning("carrier %s gave no label for %s: %s", carrier.code, consignment.reference, _said(error))
        words = _("%(carrier)s gives no label just now. The parcel stays packed: ask again, or let it leave without.")
        raise CarrierSilent(words % {"carrier": carrier.name}) from error


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, CarrierFailed) else type(error).__name__


@transaction.atomic
def record(*, parcel_id: int, booking: Booking) -> bool:
    """Write down what the carrier answered; False, and nothing is written, for a parcel that was taken apart meanwhile.
    Written twice it stays as it was the first time."""
    waiting = Parcel.objects.filter(pk=parcel_id, booked_at=None, cancelled_at=None, packed_at__isnull=False)
    written = waiting.update(
        booked_at=Now(),
        tracking_number=booking.tracking_number,
        label=booking.label,
        label_type=booking.label_type,
    )
    return bool(written) or Parcel.objects.filter(pk=parcel_id, cancelled_at=None, booked_at__isnull=False).exists()


def _carrier_of(parcel: Parcel) -> Carrier:
    carrier = registry.carrier(parcel.carrier)
    if carrier is None:
        raise NoCarrier(_("This house no longer works with this carrier. Take the parcel apart and pack it anew."))
    return carrier


def _gone() -> ParcelGone:
    return ParcelGone(_("This parcel is not closed, or was taken apart: there is nothing to label."))


def consignment_of(parcel: Parcel) -> Consignment:
    """Return what the carrier is told of a parcel: from the store, to the address that is frozen on its fulfilment."""
    fulfilment = parcel.fulfilment
    store, customer = place(fulfilment.location_id), fulfilment.order.customer
    to: dict[str, Any] = fulfilment.ship_to or {}
    code = str(to.get("relay_point", ""))
    known = customer.name if customer else fulfilment.order.number
    there = _party(to, str(to.get("name") or known))
    return Consignment(
        reference=str(parcel.public_id),
        short_id=fulfilment.short_id,
        number=parcel.number,
        pieces=pieces_in(parcel),
        weight_grams=parcel.weight_grams,
        sender=Party(store.name, store.address, store.postal_code, store.town, store.territory),
        recipient=Party(known, "", "", "", "") if code else there,
        relay_code=code,
        relay=there if code else None,
    )


def _party(address: dict[str, Any], name: str) -> Party:
    parts = [str(address.get(part) or "") for part in ("line", "postal_code", "town", "country")]
    return Party(name, *parts)
