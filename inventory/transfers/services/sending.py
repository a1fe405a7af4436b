"""From a list to a parcel on its way: reserved where it is, then gone from there and incoming where it goes."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.locks import lock_levels
from inventory.stock.services import arriving, reserving, selling
from inventory.stock.services.opening import open_levels
from inventory.transfers.errors import NothingToSend, WrongPlaces
from inventory.transfers.locks import lock_transfer
from inventory.transfers.models import Transfer

Status = Transfer.Status


@transaction.atomic
def open_transfer(
    *, origin_id: int, destination_id: int, actor_id: int, wanted: dict[int, int] | None = None, public_id: UUID | None
) -> Transfer:
    """Begin a draft between two of our places, under a number of one's own or a new one; `wanted` is variant id →
    units to begin with. Nothing is reserved yet. Raises `WrongPlaces`."""
    if origin_id == destination_id:
        raise WrongPlaces(_("A transfer goes from one place to another."))
    transfer: Transfer = Transfer.objects.create(
        public_id=public_id or uuid4(), origin_id=origin_id, destination_id=destination_id, opened_by_id=actor_id
    )
    transfer.lines.bulk_create(transfer.lines.model(transfer=transfer, variant_id=pk, asked=units)
                               for pk, units in sorted((wanted or {}).items()))  # fmt: skip
    return transfer


@transaction.atomic
def expect_delivery(
    *, destination_id: int, supplier: str, delivery_note: str, actor_id: int, wanted: dict[int, int] | None = None,
    public_id: UUID | None = None,
) -> Transfer:  # fmt: skip
    """Announce what a supplier sends, or that something of theirs is at the door (nothing `wanted`): it is on its way
    and can be received. Raises `WrongPlaces` without a supplier."""
    if not supplier.strip():
        raise WrongPlaces(_("Say who delivers."))
    transfer: Transfer = Transfer.objects.create(
        public_id=public_id or uuid4(), destination_id=destination_id, supplier=supplier.strip(),
        delivery_note=delivery_note.strip(), status=Status.IN_TRANSIT, opened_by_id=actor_id, sent_at=Now(),
    )  # fmt: skip
    if wanted:
        transfer.lines.bulk_create(transfer.lines.model(transfer=transfer, variant_id=pk, asked=units, sent=units)
                                   for pk, units in sorted(wanted.items()))  # fmt: skip
        arriving.expect(location_id=destination_id, coming=wanted)
    return transfer


@transaction.atomic
def make_ready(*, transfer_id: int) -> None:
    """Reserve every unit of a draft where it is: nobody else is promised it while it is packed. Raises `ShortStock`
    with each article of which fewer are free, `NothingToSend`, `TransitionRefused`."""
    transfer = _may_become(transfer_id, Status.READY)
    wanted = _units(transfer)
    if not wanted:
        raise NothingToSend(_("There is nothing on this list yet."))
    reserving.reserve(location_id=_origin(transfer), wanted=wanted, reference=transfer.reference)
    transfer.move_to(Status.READY)


@transaction.atomic
def reopen(*, transfer_id: int) -> None:
    """Make a ready transfer a draft again; what it kept is free. Raises `TransitionRefused`."""
    transfer = _may_become(transfer_id, Status.DRAFT)
    _release(transfer)
    transfer.move_to(Status.DRAFT)


@transaction.atomic
def send(*, transfer_id: int, actor_id: int) -> None:
    """Let a ready transfer leave: its units are no longer on hand where they were, and incoming where they go.
    Raises `TransitionRefused`."""
    transfer = _may_become(transfer_id, Status.IN_TRANSIT)
    if transfer.status != Status.READY:  # a draft leaves by way of ready
        raise transfer.refused(Status.IN_TRANSIT)
    wanted, origin_id = _units(transfer), _origin(transfer)
    open_levels(location_id=transfer.destination_id, variant_ids=list(wanted))
    # Both sides at once and in order: another transfer may go the other way at this moment.
    lock_levels([(variant_id, place_id) for variant_id in wanted for place_id in (origin_id, transfer.destination_id)])
    selling.send_reserved(
        location_id=origin_id, wanted=wanted, reservation=transfer.reference, reference=transfer.reference,
        actor_id=actor_id,
    )  # fmt: skip
    arriving.expect(location_id=transfer.destination_id, coming=wanted)
    transfer.lines.update(sent=F("asked"))
    transfer.move_to(Status.IN_TRANSIT, sent_at=Now(), sent_by_id=actor_id)


@transaction.atomic
def cancel(*, transfer_id: int, actor_id: int) -> None:
    """Give up a transfer that has not left; what it kept is free. Raises `TransitionRefused`."""
    transfer = _may_become(transfer_id, Status.CANCELLED)
    if transfer.status == Status.READY:
        _release(transfer)
    transfer.move_to(Status.CANCELLED, ended_at=Now(), ended_by_id=actor_id)


def _may_become(transfer_id: int, status: str) -> Transfer:
    transfer = lock_transfer(transfer_id)
    if not transfer.may_move_to(status):
        raise transfer.refused(status)
    return transfer


def _origin(transfer: Transfer) -> int:
    if transfer.origin_id is None:
        raise NothingToSend(_("A supplier's delivery does not leave from here."))
    return transfer.origin_id


def _units(transfer: Transfer) -> dict[int, int]:
    return dict(transfer.lines.filter(asked__gt=0).values_list("variant_id", "asked"))


def _release(transfer: Transfer) -> None:
    reserving.release(location_id=_origin(transfer), wanted=_units(transfer), reference=transfer.reference)
