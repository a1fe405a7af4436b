"""The wrong customer, the wrong bag: a hand-over can be taken back for ten minutes."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from inventory.stock.services import selling
from loyalty.services import settling
from orders.fulfilment import locks, notices
from orders.fulfilment.errors import TooLate
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import readying
from orders.fulfilment.services.picking import units_by_variant
from orders.payments.models import Payment
from orders.sales import events
from orders.sales.models import Order

UNDO_WITHIN = timedelta(minutes=10)


@transaction.atomic
def undo_hand_over(*, hand_over_id: int, actor_id: int) -> Fulfilment:
    """Take a hand-over back: the pickup is ready again under its code, stock, points and money are as before it.

    Where another order got its digits meanwhile it waits under others. The customer is told again when the code is
    another one, or when the mail that told it was dropped because the order had been handed over; else nothing is sent.
    Raises `TooLate` ten minutes after the hand-over (the database's clock) or when it was undone already.
    """
    given = HandOver.objects.get(pk=hand_over_id)
    fulfilment = locks.lock_fulfilment(given.fulfilment_id)
    order = fulfilment.order
    taken_back = HandOver.objects.filter(pk=given.pk, undone_at=None, created_at__gte=Now() - UNDO_WITHIN)
    if not taken_back.update(undone_at=Now(), undone_by_id=actor_id):
        raise TooLate(_("A hand-over can be undone for ten minutes only."))
    done = f"{order.number}/hand-over/{given.pk}"
    undo = f"{order.number}/undo/{given.pk}"
    lines = list(fulfilment.lines.select_related("order_line"))
    told_round = fulfilment.code_round
    code_round, code_hash = readying.free_code(fulfilment)  # its own, unless another order got these digits meanwhile
    fulfilment.move_to(Fulfilment.Status.READY, ended_at=None, code_round=code_round, code_hash=code_hash)
    fulfilment.lines.update(collected=0)
    order.move_to(Order.Status.OPEN)
    _give_back(order, done=done, undo=undo, actor_id=actor_id)
    settling.reopen(cause=order.number, reference=undo, undone=done, actor_id=actor_id)
    selling.take_back(
        location_id=fulfilment.location_id,
        wanted=units_by_variant(lines, "collected"),
        reservation=order.number,
        reference=undo,
        actor_id=actor_id,
    )
    events.hand_over_undone(order=order, actor_id=actor_id, fulfilment_id=fulfilment.pk)
    if fulfilment.hold_place and (code_round != told_round or notices.was_never_told(fulfilment)):
        place = fulfilment.hold_place.name
        events.pickup_ready(order=order, actor_id=actor_id, fulfilment_id=fulfilment.pk, place=place)
    return fulfilment


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
