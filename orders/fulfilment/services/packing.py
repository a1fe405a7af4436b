"""Packing: what was picked of a fulfilment that is sent goes into parcels, all in one or piece by piece.

The fulfilment is locked, `packed` is counted on its slices, and the parcels stand in `orders.parcels`. No carrier is
asked here: that happens once this has been committed (`orders.parcels.services.booking`).
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services.readying import require_closed_lines
from orders.parcels.carriers import registry
from orders.parcels.errors import NoCarrier, NothingToPack, NotPacked, ParcelGone
from orders.parcels.models import Parcel
from orders.parcels.services import packing as parcels
from orders.sales import parcel_events


@transaction.atomic
def put(*, fulfilment_id: int, line_id: int, pieces: int) -> None:
    """Put picked pieces of a slice into the open parcel, or take some out of it (negative). Raises `NothingToPack` for
    pieces that were not picked or are in a parcel, `TransitionRefused` when it left."""
    fulfilment = _locked(fulfilment_id)
    _put(fulfilment, line_id, pieces)


@transaction.atomic
def put_variant(*, fulfilment_id: int, variant_id: int) -> None:
    """Put one scanned piece into the open parcel. Raises `NothingToPack`."""
    fulfilment = _locked(fulfilment_id)
    wanted = fulfilment.lines.filter(order_line__variant=variant_id).order_by("pk")
    line = wanted.filter(picked__gt=F("packed")).first()
    if line is None:
        raise NothingToPack(
            _("All pieces of this article are in a parcel.")
            if wanted.exists()
            else _("This article is not in order %(short_id)s.") % {"short_id": fulfilment.short_id}
        )
    _put(fulfilment, line.pk, 1)


@transaction.atomic
def pack(
    *, fulfilment_id: int, actor_id: int, rest: bool = True, carrier: str = "", weight_grams: int | None = None
) -> Parcel:
    """Close a parcel: with all that is in no parcel yet (`rest`), or with what was put into the open one.

    `carrier` is one of those that take parcels of this kind, the preferred one unless it is named. Raises `NoCarrier`,
    `StillOpen` while pieces are neither picked nor missing, `NothingToPack` when it would be empty.
    """
    fulfilment = _locked(fulfilment_id)
    require_closed_lines(fulfilment)
    code = _carrier(fulfilment, carrier)
    if rest:
        for line in fulfilment.lines.filter(picked__gt=F("packed")).order_by("pk"):
            _put(fulfilment, line.pk, line.picked - line.packed)
    parcel = parcels.open_parcel(fulfilment.pk)
    if parcel is None:
        raise NothingToPack(_("Everything is in a parcel already.") if rest else _("Nothing is in this parcel yet."))
    parcels.close(parcel=parcel, carrier=code, weight_grams=weight_grams, actor_id=actor_id)
    parcel_events.packed(
        order_id=fulfilment.order_id,
        location_id=fulfilment.location_id,
        fulfilment_id=fulfilment.pk,
        actor_id=actor_id,
        parcel_id=parcel.pk,
        number=parcel.number,
        pieces=parcels.pieces_in(parcel),
    )
    return parcel


@transaction.atomic
def unpack(*, parcel_id: int, actor_id: int) -> None:
    """Take a parcel apart: its pieces can be packed again, and its carrier is told. Raises `ParcelGone` when it was
    already, `TransitionRefused` when it left."""
    fulfilment = _locked(Parcel.objects.values_list("fulfilment_id", flat=True).get(pk=parcel_id))
    _unpack(fulfilment, Parcel.objects.get(pk=parcel_id), actor_id=actor_id)


def unpack_all(fulfilment: Fulfilment, *, actor_id: int | None) -> None:
    """Take apart what was packed of a locked fulfilment that will not leave."""
    for parcel in Parcel.objects.filter(fulfilment=fulfilment.pk).standing().order_by("number"):
        _unpack(fulfilment, parcel, actor_id=actor_id)


def require_packed(fulfilment: Fulfilment) -> None:
    """Refuse while picked pieces of a locked fulfilment are in no closed parcel, where a carrier takes such parcels.
    Without one, or once everything is packed, there is nothing to refuse."""
    if not registry.carriers_for(fulfilment.kind) and not fulfilment.lines.filter(packed__gt=0).exists():
        return
    if parcels.open_parcel(fulfilment.pk):
        raise NotPacked(_("A parcel is still open. Close it first."))
    loose = sum(line.picked - line.packed for line in fulfilment.lines.all())
    if loose:
        words = ngettext("%(count)s picked piece is in no parcel.", "%(count)s picked pieces are in no parcel.", loose)
        raise NotPacked(words % {"count": loose})


def _locked(fulfilment_id: int) -> Fulfilment:
    """Lock a fulfilment whose goods are in the house and in somebody's hands; refuse any other."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if not fulfilment.is_sent or fulfilment.status != Fulfilment.Status.PICKING:
        raise fulfilment.refused(Fulfilment.Status.PICKING)
    return fulfilment


def _put(fulfilment: Fulfilment, line_id: int, pieces: int) -> None:
    changed = FulfilmentLine.objects.filter(
        pk=line_id, fulfilment=fulfilment, packed__gte=-pieces, picked__gte=F("packed") + pieces
    ).update(packed=F("packed") + pieces)
    if not changed:
        raise NothingToPack(_("All picked pieces of this article are in a parcel."))
    parcels.put(fulfilment_id=fulfilment.pk, line_id=line_id, pieces=pieces)


def _carrier(fulfilment: Fulfilment, wanted: str) -> str:
    known = [one.code for one in registry.carriers_for(fulfilment.kind)]
    if not known or (wanted and wanted not in known):
        raise NoCarrier(_("No carrier of this house takes this parcel."))
    return wanted or known[0]


def _unpack(fulfilment: Fulfilment, parcel: Parcel, *, actor_id: int | None) -> None:
    if parcel.fulfilment_id != fulfilment.pk:
        raise ParcelGone(_("This parcel was taken apart already."))
    for line_id, pieces in parcels.take_apart(parcel=parcel).items():
        FulfilmentLine.objects.filter(pk=line_id).update(packed=F("packed") - pieces)
    if parcel.packed_at:
        parcel_events.taken_apart(
            order_id=fulfilment.order_id,
            location_id=fulfilment.location_id,
            fulfilment_id=fulfilment.pk,
            actor_id=actor_id,
            parcel_id=parcel.pk,
            number=parcel.number,
        )
