"""Picking: somebody takes an order in hand and counts its pieces, by scan or by tap."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from orders.fulfilment import locks
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.sales import events


@transaction.atomic
def start_picking(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Take the order in hand. Somebody who comes second joins the first; raises `TransitionRefused` when it is past
    picking."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    return begin(fulfilment, actor_id=actor_id)


@transaction.atomic
def claim(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Take the order in hand alone. Raises `TransitionRefused` when somebody else has it, or when it is past
    picking."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if fulfilment.status == Fulfilment.Status.PICKING and fulfilment.picker_id != actor_id:
        raise fulfilment.refused(Fulfilment.Status.PICKING)
    return begin(fulfilment, actor_id=actor_id)


def begin(fulfilment: Fulfilment, *, actor_id: int) -> Fulfilment:
    """Move a locked fulfilment to picking unless it is there already."""
    if fulfilment.status != Fulfilment.Status.PICKING:
        fulfilment.move_to(Fulfilment.Status.PICKING, picker_id=actor_id)
        events.picking_started(order=fulfilment.order, way=fulfilment, actor_id=actor_id)
    return fulfilment


@transaction.atomic
def return_to_queue(*, fulfilment_id: int, actor_id: int) -> Fulfilment:
    """Give the order back to the queue; what was picked stays counted. Raises `TransitionRefused`."""
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    fulfilment.move_to(Fulfilment.Status.TO_PICK, picker_id=None)
    events.picking_returned(order=fulfilment.order, way=fulfilment, actor_id=actor_id)
    return fulfilment


@transaction.atomic
def pick(*, fulfilment_id: int, line_id: int, pieces: int, actor_id: int) -> FulfilmentLine:
    """Count `pieces` more (or, negative, fewer) of a line as picked. Raises `NotInThisOrder` beyond what is wanted or
    below none, and for a piece that is in a parcel already."""
    fulfilment = begin(locks.lock_fulfilment(fulfilment_id), actor_id=actor_id)
    changed = FulfilmentLine.objects.filter(
        pk=line_id,
        fulfilment=fulfilment,
        picked__gte=F("packed") - pieces,
        quantity__gte=F("picked") + F("short") + pieces,
    ).update(picked=F("picked") + pieces)
    if not changed and pieces < 0:
        raise NotInThisOrder(_("No piece of this article is picked and in no parcel."))
    if not changed:
        raise NotInThisOrder(_("All pieces of this article are already counted."))
    return FulfilmentLine.objects.select_related("order_line").get(pk=line_id)


@transaction.atomic
def pick_variant(*, fulfilment_id: int, variant_id: int, actor_id: int) -> FulfilmentLine:
    """Count one scanned piece on the first line that still wants it. Raises `NotInThisOrder`."""
    fulfilment = begin(locks.lock_fulfilment(fulfilment_id), actor_id=actor_id)
    wanted = fulfilment.lines.filter(order_line__variant=variant_id).order_by("pk")
    line = wanted.filter(quantity__gt=F("picked") + F("short")).first()
    if line is None:
        raise NotInThisOrder(
            _("All pieces of this article are already counted.")
            if wanted.exists()
            else _("This article is not in order %(short_id)s.") % {"short_id": fulfilment.short_id}
        )
    return pick(fulfilment_id=fulfilment_id, line_id=line.pk, pieces=1, actor_id=actor_id)


def lines_of(fulfilment: Fulfilment) -> list[FulfilmentLine]:
    """Return the lines of a locked fulfilment with `order_line`, as they are under the lock: what somebody gave, found
    or gave up meanwhile is in them."""
    return list(fulfilment.lines.select_related("order_line"))


def units_by_variant(lines: list[FulfilmentLine], count: str) -> Mapping[int, int]:
    """Return variant id → units over `lines`, counting the field `count`, without zeros; lines need `order_line`
    loaded."""
    return summed((line.order_line.variant_id, getattr(line, count)) for line in lines)


def summed(pieces: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Return variant id → units, without zeros, over pairs of both."""
    units: dict[int, int] = {}
    for variant_id, number in pieces:
        units[variant_id] = units.get(variant_id, 0) + number
    return {variant_id: number for variant_id, number in units.items() if number}
