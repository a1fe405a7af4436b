"""What is in which parcel. Whoever calls this holds the lock of the fulfilment, and counts there what it packs."""

from collections.abc import Mapping

from django.db.models import F, Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from orders.parcels.errors import NothingToPack, ParcelGone
from orders.parcels.models import Parcel, ParcelLine


def put(*, fulfilment_id: int, line_id: int, pieces: int) -> None:
    """Put pieces into the open parcel, or take some out of it (negative); the first opens one, the last closes nothing
    in: an empty parcel is none. Raises `NothingToPack` for more than are in it."""
    parcel = open_parcel(fulfilment_id) or _new(fulfilment_id)
    line = ParcelLine.objects.filter(parcel=parcel, line=line_id).first()
    left = (line.quantity if line else 0) + pieces
    if left < 0:
        raise NothingToPack(_("There are not that many pieces in the open parcel."))
    if line is None and left:
        ParcelLine.objects.create(parcel=parcel, line_id=line_id, quantity=left)
    elif line and left:
        ParcelLine.objects.filter(pk=line.pk).update(quantity=F("quantity") + pieces)
    elif line:
        line.delete()
    if not parcel.lines.exists():
        parcel.delete()


def open_parcel(fulfilment_id: int) -> Parcel | None:
    """Return the parcel into which pieces are put, or None."""
    return Parcel.objects.filter(fulfilment=fulfilment_id, packed_at=None, cancelled_at=None).first()


def next_number(fulfilment_id: int) -> int:
    """Return the number of the next parcel that is opened: that of one taken apart is not given again, it may be on a
    label."""
    return 1 + int(Parcel.objects.filter(fulfilment=fulfilment_id).aggregate(last=Max("number"))["last"] or 0)


def _new(fulfilment_id: int) -> Parcel:
    return Parcel.objects.create(fulfilment_id=fulfilment_id, number=next_number(fulfilment_id))


def close(*, parcel: Parcel, carrier: str, weight_grams: int | None, actor_id: int) -> None:
    """Close the open parcel for a carrier. Raises `ParcelGone` when it is not open any more."""
    closed = Parcel.objects.filter(pk=parcel.pk, packed_at=None, cancelled_at=None)
    if not closed.update(packed_at=Now(), packed_by_id=actor_id, carrier=carrier, weight_grams=weight_grams):
        raise ParcelGone(_("Somebody closed this parcel, or took it apart."))
    parcel.refresh_from_db()


def take_apart(*, parcel: Parcel) -> Mapping[int, int]:
    """Take a parcel apart; return the pieces that were in it, by slice. Raises `ParcelGone` when it was already."""
    pieces = dict(parcel.lines.values_list("line", "quantity"))
    if not Parcel.objects.filter(pk=parcel.pk, cancelled_at=None).update(cancelled_at=Now()):
        raise ParcelGone(_("This parcel was taken apart already."))
    return pieces


def pieces_in(parcel: Parcel) -> int:
    """Return how many pieces a parcel holds."""
    return sum(parcel.lines.values_list("quantity", flat=True))
