"""Telling carriers which parcels will not come: read, call, record. The call stands inside no transaction (ADR 19)."""

import logging
from collections import Counter

from django.db import transaction
from django.db.models.functions import Now

from orders.parcels.carriers import registry
from orders.parcels.carriers.port import CarrierFailed
from orders.parcels.models import Parcel

logger = logging.getLogger(__name__)

PATIENCE = 3
"""After so many failures a carrier is asked nothing more in this round."""


def tell_due(*, limit: int = 200) -> int:
    """Tell carriers of the parcels that were taken apart and of which they were not told; return how many were told.

    Refuses to run inside another transaction: no lock may wait for a carrier. Whatever dies or fails on the way is told
    again in a later round, which is fine with a carrier. The order is drawn by lot, so that parcels which a carrier
    refuses keep no others waiting.
    """
    with transaction.atomic(durable=True):
        due = list(Parcel.objects.untold().only("public_id", "carrier", "tracking_number").order_by("?")[:limit])
    told, failures = 0, Counter[str]()
    for parcel in due:
        if failures[parcel.carrier] < PATIENCE and tell(parcel):
            told += 1
        else:
            failures[parcel.carrier] += 1
    return told


def tell(parcel: Parcel, *, tracking_number: str = "") -> bool:
    """Tell the carrier of one parcel that it will not come, and write down that it was told; False when it gave no
    answer. A carrier that the house has no more need not be told."""
    carrier = registry.carrier(parcel.carrier)
    try:
        if carrier is not None:
            carrier.cancel(str(parcel.public_id), tracking_number or parcel.tracking_number)
    except (CarrierFailed, OSError) as error:
        said = error if isinstance(error, CarrierFailed) else type(error).__name__
        logger.warning("carrier %s does not forget %s: %s", parcel.carrier, parcel.public_id, said)
        Parcel.objects.filter(pk=parcel.pk).update(carrier_told_at=None)
        return False
    Parcel.objects.filter(pk=parcel.pk, cancelled_at__isnull=False).update(carrier_told_at=Now())
    return True
