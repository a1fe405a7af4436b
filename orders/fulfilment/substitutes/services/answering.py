"""The answer: another article comes into the order and to the pieces that are prepared, or nothing does."""

import logging
from collections.abc import Iterable

from django.db import DatabaseError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.catalog import queries as catalog
from inventory.places.queries import place
from inventory.stock.services import holding, reserving
from omni.lib.errors import Refusal
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.substitutes.errors import AlreadyAnswered, NotOffered
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.pricing.queries import vat_rate
from orders.sales import substitute_events
from orders.sales.models import OrderLine
from orders.sales.services import adding

logger = logging.getLogger(__name__)
Status = SubstituteQuestion.Status


@transaction.atomic
def accept(*, question_id: int, sku: str, actor_id: int | None) -> OrderLine:
    """Let an offered article come instead: it is reserved, to be picked, and costs no more than what was missing.

    `actor_id` is who answers for the customer; None is the customer. Raises `AlreadyAnswered` after the first answer or
    the end of the time, `NotOffered` for anything else, `ShortStock` when it is gone.
    """
    fulfilment, question = _locked(question_id)
    chosen = question.substitutes.select_related("variant").filter(variant__sku=sku).first()
    if chosen is None:
        raise NotOffered(_("That was not offered. Choose one of the articles of the question."))
    order, quantity, here = fulfilment.order, question.quantity, place(fulfilment.location_id)
    offer = catalog.offers([("sku", sku)])["sku", sku]
    rate = vat_rate(territory=here.territory, vat_class=offer.vat_class, on=here.local(timezone.now()).date())
    if rate is None:
        raise NotOffered(_("%(sku)s is not for sale on this channel today.") % {"sku": sku})
    line = adding.add_instead(
        order=order,
        instead_of=question.line.order_line,
        offer=offer,
        quantity=quantity,
        unit_price=chosen.unit_price,
        most=question.worth,
        vat_rate=rate,
    )
    FulfilmentLine.objects.create(fulfilment=fulfilment, order_line=line, quantity=quantity)
    _close(question, Status.ACCEPTED, actor_id=actor_id, bought=line)
    substitute_events.accepted(
        order=order,
        way=fulfilment,
        actor_id=actor_id,
        line_name=line.name,
        instead_of=question.line.order_line.name,
        quantity=quantity,
        amount=line.total,
    )
    kept = holding.give_way(reference=question.held_under, levels=[(chosen.variant_id, here.id)])
    reserving.reserve(
        location_id=here.id,
        wanted={chosen.variant_id: quantity},
        reference=order.number,
        adds=True,
        given={chosen.variant_id: kept.get((chosen.variant_id, here.id), 0)},
    )
    return line


@transaction.atomic
def decline(*, question_id: int, actor_id: int | None) -> None:
    """Nothing comes instead; what was offered is for sale again. Raises `AlreadyAnswered`."""
    fulfilment, question = _locked(question_id)
    _end(fulfilment, question, Status.DECLINED, actor_id=actor_id)


def withdraw(fulfilment: Fulfilment, *, actor_id: int | None) -> list[SubstituteQuestion]:
    """Take back what is still asked about a fulfilment that ends, and is locked by the caller; return it. What was kept
    for an answer is kept until the caller has locked it, with all else that it frees, and lets it go."""
    still_open = SubstituteQuestion.objects.filter(fulfilment=fulfilment.pk, status=Status.OPEN)
    questions = list(still_open.select_related("line__order_line").prefetch_related("substitutes").order_by("pk"))
    for question in questions:
        _refuse(fulfilment, question, Status.WITHDRAWN, actor_id=actor_id)
    return questions


def let_go(questions: Iterable[SubstituteQuestion]) -> None:
    """Let what was kept for answers be for sale again."""
    for question in questions:
        holding.release(reference=question.held_under)


def expire_due(*, limit: int = 200) -> int:
    """End the questions that were not answered in time (the database's clock); return how many. May run twice at
    once."""
    late = SubstituteQuestion.objects.filter(status=Status.OPEN, answer_by__lte=Now()).order_by("answer_by")
    ended = 0
    for pk, fulfilment_id in list(late.values_list("pk", "fulfilment")[:limit]):
        try:
            ended += _expire(pk, fulfilment_id)
        except (DatabaseError, Refusal):
            logger.exception("question %s about a substitute could not be ended", pk)
    return ended


@transaction.atomic
def _expire(pk: int, fulfilment_id: int) -> bool:
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    late = SubstituteQuestion.objects.filter(pk=pk, status=Status.OPEN, answer_by__lte=Now())
    question = late.select_related("line__order_line").first()
    if question is None:
        return False
    _end(fulfilment, question, Status.EXPIRED, actor_id=None)
    return True


def _locked(question_id: int) -> tuple[Fulfilment, SubstituteQuestion]:
    """Lock order and fulfilment of a question that can still be answered."""
    asked = SubstituteQuestion.objects.get(pk=question_id)
    fulfilment = locks.lock_fulfilment(asked.fulfilment_id)
    can_still = SubstituteQuestion.objects.filter(pk=question_id, status=Status.OPEN, answer_by__gt=Now())
    question = can_still.select_related("line__order_line").first()
    if question is None:
        raise AlreadyAnswered(_("This was answered already, or the time for it is over."))
    return fulfilment, question


def _end(fulfilment: Fulfilment, question: SubstituteQuestion, status: str, *, actor_id: int | None) -> None:
    _refuse(fulfilment, question, status, actor_id=actor_id)
    let_go([question])


def _refuse(fulfilment: Fulfilment, question: SubstituteQuestion, status: str, *, actor_id: int | None) -> None:
    _close(question, status, actor_id=actor_id)
    substitute_events.refused(
        order=fulfilment.order,
        way=fulfilment,
        actor_id=actor_id,
        instead_of=question.line.order_line.name,
        why=status,
    )


def _close(question: SubstituteQuestion, status: str, *, actor_id: int | None, bought: OrderLine | None = None) -> None:
    question.move_to(status, answered_at=Now(), answered_by_id=actor_id, bought=bought)
