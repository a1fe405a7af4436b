"""Asking a customer whether something else may come: it is kept for them while they think."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.places.queries import place
from inventory.stock.services import holding, reserving
from orders.fulfilment import locks
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import shorting
from orders.fulfilment.substitutes import queries
from orders.fulfilment.substitutes.errors import NotOffered, StillAsked
from orders.fulfilment.substitutes.models import Substitute, SubstituteQuestion
from orders.sales import substitute_events

MINUTES = 15
"""How long an answer is waited for, and the articles kept."""


@transaction.atomic
def ask(
    *,
    fulfilment_id: int,
    line_id: int,
    quantity: int,
    reason: str,
    skus: Sequence[str],
    actor_id: int,
    note: str = "",
) -> SubstituteQuestion:
    """Report `quantity` pieces as missing and ask the customer whether one of `skus` may come in their place.

    The missing pieces leave the order at once and every article offered is kept for `MINUTES`; the follower of the
    event writes to the customer. Raises `NotOffered` for what cannot be offered here, `ShortStock` for what others took
    meanwhile, `StillAsked` while the line has a question already, `NotInThisOrder` for more pieces than are open, or
    when nobody is known who could be asked.
    """
    fulfilment = locks.lock_fulfilment(fulfilment_id)
    if fulfilment.order.customer_id is None:
        raise NotInThisOrder(_("Nobody is known who could be asked."))
    line = FulfilmentLine.objects.select_related("order_line").filter(pk=line_id, fulfilment=fulfilment).first()
    if line is None:
        raise NotInThisOrder(_("There are not that many pieces left to report as missing."))
    if SubstituteQuestion.objects.filter(line=line, status=SubstituteQuestion.Status.OPEN).exists():
        raise StillAsked(_("The customer is asked about this article already."))
    offered = _offered(fulfilment, line, quantity, skus)
    here, units = fulfilment.location_id, {one.offer.variant_id: quantity for one in offered}
    reserving.lock([(pk, here) for pk in (line.order_line.variant_id, *units)])
    report = shorting.report_short(
        fulfilment_id=fulfilment.pk, line_id=line.pk, quantity=quantity, reason=reason, note=note, actor_id=actor_id
    )
    question = SubstituteQuestion.objects.create(
        fulfilment=fulfilment,
        line=line,
        quantity=quantity,
        worth=report.amount,
        answer_by=Now() + timedelta(minutes=MINUTES),
        asked_by_id=actor_id,
    )
    question.refresh_from_db(fields=["answer_by"])
    Substitute.objects.bulk_create(
        Substitute(question=question, variant_id=one.offer.variant_id, position=position, unit_price=one.unit_price)
        for position, one in enumerate(offered, 1)
    )
    holding.hold(location_id=here, wanted=units, reference=question.held_under, seconds=MINUTES * 60)
    substitute_events.asked(
        order=fulfilment.order,
        way=fulfilment,
        actor_id=actor_id,
        question=question.pk,
        line_name=line.order_line.name,
        quantity=quantity,
        offered=[one.offer.name for one in offered],
        answer_by=question.answer_by,
    )
    return question


def _offered(
    fulfilment: Fulfilment, line: FulfilmentLine, quantity: int, skus: Sequence[str]
) -> list[queries.Candidate]:
    """Return what was chosen of what the house would offer, as it stands now."""
    store = place(fulfilment.location_id)
    found = queries.candidates(fulfilment, line, store, quantity, timezone.now())
    chosen = [one for one in found if one.offer.sku in skus]
    if not chosen or len(chosen) != len(set(skus)):
        raise NotOffered(_("That cannot be offered any more. Choose again."))
    return chosen
