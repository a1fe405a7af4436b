"""The wrong customer, the wrong bag: a hand-over can be taken back for ten minutes."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.errors import ShortStock
from inventory.stock.services import reserving, selling
from loyalty.services import settling
from orders.fulfilment import locks, notices
from orders.fulfilment.errors import TooLate
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver, HandOverLine
from orders.fulfilment.services import readying
from orders.fulfilment.services.handing_over import lock_stock, units_of
from orders.payments.models import Payment
from orders.sales import events
from orders.sales.models import Order
from orders.sales.services import dropping

UNDO_WITHIN = timedelta(minutes=10)


@transaction.atomic
def undo_hand_over(*, hand_over_id: int, actor_id: int) -> Fulfilment:
    """Take a hand-over back: its pieces wait again under the code, stock, points and money are as before it.

    Where another order got its digits meanwhile it waits under others. The customer is told again when the code is
    another one, or when the mail that told it was dropped because the order had been handed over; else nothing is sent.
    What was refused at the counter is part of the order again; money that went back for it stays with the customer and
    is due again. Raises `TooLate` ten minutes after the hand-over (the database's clock), when it was undone already,
    when a later one gave the rest, or when refused pieces are sold meanwhile; `TransitionRefused` when what was left of
    it was given up since.
    """
    given = HandOver.objects.get(pk=hand_over_id)
    fulfilment = locks.lock_fulfilment(given.fulfilment_id)
    _require_last(given)
    taken_back = HandOver.objects.filter(pk=given.pk, undone_at=None, created_at__gte=Now() - UNDO_WITHIN)
    if not taken_back.update(undone_at=Now(), undone_by_id=actor_id):
        raise TooLate(_("A hand-over can be undone for ten minutes only."))
    lines = list(given.lines.select_related("line__order_line"))
    told_round = fulfilment.code_round
    _wait_again(fulfilment, lines)
    done, undo = given.reference(fulfilment.order.number), f"{fulfilment.order.number}/undo/{given.pk}"
    _give_back(fulfilment.order, done=done, undo=undo, actor_id=actor_id)
    _reopen(fulfilment.order, undo=undo, actor_id=actor_id)
    _take_back(fulfilment, lines, undo=undo, actor_id=actor_id)
    events.hand_over_undone(order=fulfilment.order, way=fulfilment, actor_id=actor_id)
    if fulfilment.code_round != told_round or notices.was_never_told(fulfilment):
        readying.say_ready(fulfilment, actor_id=actor_id)
    return fulfilment


def _require_last(given: HandOver) -> None:
    if HandOver.objects.filter(fulfilment=given.fulfilment_id, undone_at=None, pk__gt=given.pk).exists():
        raise TooLate(_("The rest of it was handed over since: undo that first."))


def _wait_again(fulfilment: Fulfilment, lines: list[HandOverLine]) -> None:
    if fulfilment.status != Fulfilment.Status.READY:  # else a part of it waits still, under a code that is its own
        code_round, code_hash = readying.free_code(fulfilment)
        fulfilment.move_to(Fulfilment.Status.READY, ended_at=None, code_round=code_round, code_hash=code_hash)
    for one in lines:
        FulfilmentLine.objects.filter(pk=one.line_id).update(
            collected=F("collected") - one.collected, refused=F("refused") - one.refused
        )
        if one.refused:
            dropping.restore(line=one.line.order_line, quantity=one.refused)


def _give_back(order: Order, *, done: str, undo: str, actor_id: int) -> None:
    """Give back what this hand-over took at the counter."""
    for taken in Payment.objects.filter(order=order, reference=done, kind=Payment.Kind.CAPTURE):
        Payment.objects.create(
            order=order,
            kind=Payment.Kind.REFUND,
            tender=taken.tender,
            amount=taken.amount,
            currency=taken.currency,
            reference=undo,
            actor_id=actor_id,
        )


def _reopen(order: Order, *, undo: str, actor_id: int) -> None:
    """Open the order again if this hand-over, or one that came after it elsewhere, closed it."""
    if order.status == Order.Status.COMPLETED:
        undone = order.closed_under
        order.move_to(Order.Status.OPEN, closed_under="")
        settling.reopen(cause=order.number, reference=undo, undone=undone, actor_id=actor_id)


def _take_back(fulfilment: Fulfilment, lines: list[HandOverLine], *, undo: str, actor_id: int) -> None:
    """Let the pieces be on hand and kept for the order again."""
    location_id, number = fulfilment.location_id, fulfilment.order.number
    lock_stock(lines, location_id)
    selling.take_back(
        location_id=location_id,
        wanted=units_of(lines, "collected"),
        reservation=number,
        reference=undo,
        actor_id=actor_id,
    )
    refused = units_of(lines, "refused")
    if not refused:
        return
    try:
        reserving.reserve(location_id=location_id, wanted=refused, reference=number, adds=True)
    except ShortStock as short:
        raise TooLate(_("What the customer refused is sold meanwhile: this can no longer be undone.")) from short
