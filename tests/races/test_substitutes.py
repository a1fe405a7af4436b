"""Two answers to one question, and an answer in the second in which its time ends: one of them counts."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from inventory.catalog.models import Product
from omni import audit
from omni.lib import reference
from omni.lib.transitions import TransitionRefused
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up
from orders.fulfilment.substitutes.errors import AlreadyAnswered
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering, asking
from orders.sales.models import OrderLine
from tests import journeys
from tests.races.crowd import at_once, raised, returned
from tests.races.walls import Meanwhile, take_down

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 40


def asked(house: Any, clerk: Any) -> SubstituteQuestion:
    """One piece at 20.00 € is missing; one at 10.00 € and one at 30.00 € are offered."""
    line = journeys.fulfilment_of(journeys.placed(house.lille, {"SKU-2": 1}, by=clerk, paid=2000)).lines.get()
    return asking.ask(
        fulfilment_id=line.fulfilment_id, line_id=line.pk, quantity=1, reason="damaged", skus=["SKU-1", "SKU-3"],
        actor_id=clerk.pk,
    )  # fmt: skip


@pytest.fixture
def question(house: Any, clerk: Any) -> SubstituteQuestion:
    Product.objects.update(category="Mugs")
    reference.forget()
    return asked(house, clerk)


def accept(question: SubstituteQuestion, sku: str) -> Any:
    return partial(answering.accept, question_id=question.pk, sku=sku, actor_id=None)


def lines_of(question: SubstituteQuestion) -> int:
    return OrderLine.objects.filter(order=question.fulfilment.order_id, instead_of__isnull=False).count()


def test_of_eight_answers_the_first_counts(house, question):
    nothing = partial(answering.decline, question_id=question.pk, actor_id=None)
    outcomes = at_once([accept(question, "SKU-1"), accept(question, "SKU-3"), nothing, nothing] * 2)
    assert len(raised(outcomes, AlreadyAnswered)) == 7
    assert lines_of(question) == (SubstituteQuestion.objects.get().status == "accepted")
    assert audit.differences() == []


@pytest.mark.parametrize("standing", ["lock", "status", "nothing"])
def test_one_guard_of_an_answer_is_enough(house, question, monkeypatch, standing):
    """With neither lock nor comparison two articles come in the place of one."""
    take_down(monkeypatch, *{"lock", "status"} - {standing})
    if standing == "lock":
        outcomes = at_once([accept(question, "SKU-1"), accept(question, "SKU-3")])
    else:
        other = Meanwhile(monkeypatch, answering, "vat_rate", accept(question, "SKU-3"))
        outcomes = [*at_once([accept(question, "SKU-1")]), other.outcome]
    assert len(returned(outcomes)) == lines_of(question) == (2 if standing == "nothing" else 1)


def test_an_answer_in_the_last_second_counts_or_its_time_is_over(house, question, clerk):
    ends: Counter[str] = Counter()
    for turn in range(ROUNDS):
        one = asked(house, clerk)
        soon = timezone.now() + timedelta(milliseconds=5 * (turn % 5))
        SubstituteQuestion.objects.filter(pk=one.pk).update(answer_by=soon)
        works: list[Any] = [accept(one, "SKU-1"), answering.expire_due, answering.expire_due]
        outcomes = at_once(works)
        assert set(map(type, raised(outcomes, Exception))) <= {AlreadyAnswered}
        answering.expire_due()
        status = SubstituteQuestion.objects.get(pk=one.pk).status
        assert lines_of(one) == (status == "accepted")
        ends[status] += 1
    assert set(ends) <= {"accepted", "expired"}
    assert ends.total() == ROUNDS
    assert audit.differences() == []


def test_an_order_that_is_cancelled_while_its_customer_answers_keeps_nothing(house, question, clerk):
    for _turn in range(ROUNDS):
        one = asked(house, clerk)
        give_up = partial(giving_up.cancel, fulfilment_id=one.fulfilment_id, actor_id=clerk.pk, reason="customer_wish")
        outcomes = at_once([accept(one, "SKU-1"), give_up])
        assert set(map(type, raised(outcomes, Exception))) <= {AlreadyAnswered, TransitionRefused}
        assert Fulfilment.objects.get(pk=one.fulfilment_id).status == "cancelled"
    assert (house.level("SKU-1").reserved, house.level("SKU-3").reserved) == (1, 1), "those of the first question"
    assert audit.differences() == []
