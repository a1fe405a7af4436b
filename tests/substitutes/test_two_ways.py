"""An order that goes two ways, and a question about one of them: the other pays nothing back that a yes needs again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from inventory.places.queries import place
from omni import audit
from omni.staff.models import User
from orders.fulfilment import giving_back, queries
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import finishing, giving_up, handing_over, picking
from orders.fulfilment.services.handing_over import Part
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering
from orders.payments.models import Payment
from orders.placing.wishes import WishedWay
from orders.sales.models import Order
from tests import journeys
from tests.conftest import House
from tests.substitutes.conftest import ask

pytestmark = pytest.mark.django_db
ADDRESS = {"name": "", "line": "1 rue X", "postal_code": "59000", "town": "Lille", "country": "FR"}


@pytest.fixture
def order(shelf: House, clerk: User) -> Order:
    """Two pieces at 10.00 € to collect in Lens, one at 40.00 € to be sent from Lille; paid."""
    ways = [
        WishedWay("pickup", place(shelf.lens.pk), [(0, 2)]),
        WishedWay("ship", place(shelf.lille.pk), [(1, 1)], ADDRESS),
    ]
    placed = journeys.placed(shelf.lille, {"SKU-1": 2, "SKU-4": 1}, by=clerk, paid=6000, ways=ways)
    return Order.objects.get(pk=placed.order.id)


@pytest.fixture
def question(order: Order, clerk: User) -> SubstituteQuestion:
    """What was to be sent is missing; one at 30.00 € is offered."""
    line = FulfilmentLine.objects.select_related("fulfilment__order", "order_line").get(fulfilment=parcel(order))
    return ask(line, clerk, quantity=1, skus=["SKU-3"])


def parcel(order: Order) -> Fulfilment:
    return Fulfilment.objects.get(order=order, kind="ship")


def pickup(order: Order) -> Fulfilment:
    return Fulfilment.objects.get(order=order, kind="pickup")


def say_yes(question: SubstituteQuestion, by: User) -> None:
    """The customer takes what is offered, and it is picked."""
    bought = answering.accept(question_id=question.pk, sku="SKU-3", actor_id=None)
    picking.pick_variant(fulfilment_id=question.fulfilment_id, variant_id=bought.variant_id, actor_id=by.pk)


def send(order: Order, by: User) -> None:
    finishing.dispatch(fulfilment_id=parcel(order).pk, actor_id=by.pk)


def give(order: Order, by: User, **more: Any) -> None:
    handing_over.hand_over(fulfilment_id=pickup(order).pk, proof="code", actor_id=by.pk, **more)


def money(order: Order) -> list[tuple[str, int]]:
    return list(Payment.objects.filter(order=order).order_by("pk").values_list("kind", "amount"))


def test_what_is_collected_meanwhile_leaves_the_money_of_a_yes(order: Order, question: Any, clerk: User) -> None:
    """60 were paid; what comes instead costs 10 less: these go back when it leaves, and nobody asks for money again."""
    journeys.ready_again(pickup(order), by=clerk)
    give(order, clerk)
    assert money(order) == [("capture", 6000)]
    say_yes(question, clerk)
    send(order, clerk)
    order.refresh_from_db()
    assert order.status == "completed"
    assert money(order) == [("capture", 6000), ("refund", 1000)]
    assert audit.differences() == []


def test_what_is_sent_first_leaves_nothing_to_pay_at_the_counter(order: Order, question: Any, clerk: User) -> None:
    journeys.ready_again(pickup(order), by=clerk)
    say_yes(question, clerk)
    send(order, clerk)
    give(order, clerk)
    assert money(order) == [("capture", 6000), ("refund", 1000)]
    assert audit.differences() == []


def test_a_refused_piece_is_paid_back_alone(order: Order, question: Any, clerk: User) -> None:
    waiting = journeys.ready_again(pickup(order), by=clerk)
    give(order, clerk, parts={waiting.lines.get().pk: Part(1, 1)})
    assert money(order) == [("capture", 6000), ("refund", 1000)]


def test_a_cancelled_part_is_paid_back_alone_as_was_foretold(order: Order, question: Any, clerk: User) -> None:
    one = queries.in_hand().get(pk=pickup(order).pk)
    assert giving_back.of_parts({one: queries.lines_in_hand(one)}).refunds == [("card_online", 2000)]
    giving_up.cancel(fulfilment_id=one.pk, actor_id=clerk.pk, reason="customer_wish")
    assert money(order) == [("capture", 6000), ("refund", 2000)]


def test_a_cancelled_order_is_paid_back_whole_as_was_foretold(order: Order, question: Any, clerk: User) -> None:
    leaving = {one: queries.lines_in_hand(one) for one in queries.in_hand().filter(order=order)}
    assert giving_back.of_parts(leaving).refunds == [("card_online", 6000)]
    giving_up.cancel_order(order_id=order.pk, actor_id=clerk.pk, reason="customer_wish")
    assert sum(amount for kind, amount in money(order) if kind == "refund") == 6000
    assert audit.differences() == []


def test_a_no_is_paid_back_when_its_own_part_ends(order: Order, question: Any, clerk: User) -> None:
    journeys.ready_again(pickup(order), by=clerk)
    answering.decline(question_id=question.pk, actor_id=None)
    assert money(order) == [("capture", 6000)]
    giving_up.cancel(fulfilment_id=parcel(order).pk, actor_id=clerk.pk, reason="nothing_found")
    assert money(order) == [("capture", 6000), ("refund", 4000)]


def test_once_its_time_is_over_nothing_is_kept_back(order: Order, question: Any, clerk: User) -> None:
    """No answer counts any more, swept or not."""
    SubstituteQuestion.objects.filter(pk=question.pk).update(answer_by=timezone.now() - timedelta(seconds=1))
    journeys.ready_again(pickup(order), by=clerk)
    assert money(order) == [("capture", 6000), ("refund", 4000)]
