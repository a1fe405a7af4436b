"""What is missing leaves the order, what may come instead is kept; a yes puts it in, and it never costs more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.catalog.models import Price, Variant
from inventory.places.queries import place
from inventory.stock.errors import ShortStock
from inventory.stock.models import Reservation, StockLevel
from omni import audit
from omni.lib import reference
from orders.fulfilment.errors import NotInThisOrder
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, picking, readying
from orders.fulfilment.substitutes import queries
from orders.fulfilment.substitutes.errors import AlreadyAnswered, NotOffered, StillAsked
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.substitutes.services import answering
from orders.payments.models import Payment
from orders.sales.models import Order, OrderEvent, OrderLine
from tests import journeys
from tests.substitutes.conftest import ask

pytestmark = pytest.mark.django_db


def offered(line, quantity=1):
    found = queries.candidates(line.fulfilment, line, place(line.fulfilment.location_id), quantity, timezone.now())
    return [(one.offer.sku, one.unit_price) for one in found]


def kept(question):
    rows = Reservation.objects.filter(reference=question.held_under).select_related("variant")
    return {row.variant.sku: row.quantity - row.released - row.fulfilled for row in rows}


def order_of(question):
    return Order.objects.get(pk=question.fulfilment.order_id)


def told(question):
    kinds = OrderEvent.objects.filter(order=question.fulfilment.order_id, kind__startswith="substitute_")
    return [event.kind for event in kinds.order_by("pk")]


def late(question):
    SubstituteQuestion.objects.filter(pk=question.pk).update(answer_by=timezone.now() - timedelta(seconds=1))
    Reservation.objects.filter(reference=question.held_under).update(expires_at=timezone.now() - timedelta(seconds=1))


def accept(question, by=None, sku="SKU-1"):
    return answering.accept(question_id=question.pk, sku=sku, actor_id=by.pk if by else None)


# --- what may be offered ------------------------------------------------------------------------------------------


def test_what_is_near_in_price_is_offered_and_not_what_is_in_the_order_already(missing):
    """Missing at 20; 40 is in the order, 50 is more than twice as much."""
    assert offered(missing) == [("SKU-1", 1000), ("SKU-3", 3000)]


def test_another_variant_of_the_same_product_comes_first_at_any_price(missing, shelf):
    other = Variant.objects.get(sku="SKU-5")
    other.product = Variant.objects.get(sku="SKU-2").product
    other.save()
    reference.forget()
    assert offered(missing)[0] == ("SKU-5", 5000)


@pytest.mark.parametrize(
    "change",
    [
        lambda: StockLevel.objects.filter(variant__sku="SKU-1").update(safety_stock=99),
        lambda: Variant.objects.filter(sku="SKU-1").update(withdrawn_at=timezone.now()),
        lambda: Price.objects.filter(variant__sku="SKU-1").delete(),
        lambda: Variant.objects.filter(sku="SKU-1").update(measure="milligallon"),
    ],
    ids=["too few", "withdrawn", "without a price", "measured otherwise"],
)
def test_what_cannot_be_sold_here_is_not_offered(missing, change):
    change()
    reference.forget()
    assert "SKU-1" not in dict(offered(missing, quantity=2))


# --- asking -------------------------------------------------------------------------------------------------------


def test_what_is_missing_leaves_the_order_and_what_is_offered_is_kept(question, shelf):
    order = order_of(question)
    assert (order.total, order.dropped, question.worth) == (8000, 4000, 4000)
    assert kept(question) == {"SKU-1": 2, "SKU-3": 2}
    assert shelf.level("SKU-1").reserved == 2
    assert told(question) == ["substitute_asked"]
    assert audit.differences() == []


def test_nobody_is_asked_about_what_cannot_be_offered(missing, clerk):
    with pytest.raises(NotOffered):
        ask(missing, clerk, skus=["SKU-1", "SKU-5"])
    with pytest.raises(NotOffered):
        ask(missing, clerk, skus=[])
    missing.refresh_from_db()
    assert (missing.short, SubstituteQuestion.objects.count(), Reservation.objects.filter(expires_at=None).count()) == (
        0, 0, 2,
    )  # fmt: skip


def test_nobody_is_asked_when_nobody_is_known(shelf, clerk):
    order = journeys.placed(shelf.lille, {"SKU-2": 2}, by=clerk, customer=None)
    with pytest.raises(NotInThisOrder):
        ask(journeys.fulfilment_of(order).lines.get(), clerk)


def test_an_order_is_not_ready_while_its_customer_is_asked(question, clerk, shelf):
    picking.pick_variant(fulfilment_id=question.fulfilment_id, variant_id=shelf.variants[3].pk, actor_id=clerk.pk)
    ready = {"fulfilment_id": question.fulfilment_id, "hold_place_id": shelf.places(shelf.lille)[0].pk}
    with pytest.raises(StillAsked):
        readying.declare_ready(actor_id=clerk.pk, **ready)
    late(question)
    assert readying.declare_ready(actor_id=clerk.pk, **ready).status == "ready"
    with pytest.raises(AlreadyAnswered):
        accept(question)


# --- the answer ---------------------------------------------------------------------------------------------------


def test_a_yes_puts_it_into_the_order_and_to_the_pieces_that_are_prepared(question, shelf):
    line = accept(question)
    assert (line.position, line.quantity, line.total, line.tax, line.instead_of_id) == (
        3, 2, 2000, 333, question.line.order_line_id,
    )  # fmt: skip
    order = order_of(question)
    assert (order.total, order.lines_total, order.dropped, order.tax) == (10000, 10000, 4000, 1333 + 333)
    assert kept(question) == {"SKU-1": 0, "SKU-3": 0}
    assert (shelf.level("SKU-1").reserved, shelf.level("SKU-3").reserved) == (2, 0)
    assert told(question) == ["substitute_asked", "substitute_accepted"]
    assert audit.differences() == []


def test_what_is_dearer_costs_what_was_missing(question):
    line = accept(question, sku="SKU-3")
    assert (line.gross, line.discount, line.total, line.tax) == (6000, 2000, 4000, 209)
    assert audit.differences() == []


def test_what_is_cheaper_is_paid_back_when_it_is_ready_and_counts_for_points(question, clerk, shelf):
    """80 were paid; 40 are missing, 20 come instead: 20 go back, 60 give points."""
    accept(question)
    one = journeys.ready_again(question.fulfilment, by=clerk)
    assert list(Payment.objects.filter(kind="refund").values_list("amount", flat=True)) == [2000]
    handing_over.hand_over(fulfilment_id=one.pk, proof="code", actor_id=clerk.pk)
    order = order_of(question)
    assert order.status == "completed"
    assert order.total - order.dropped == 6000
    assert audit.differences() == []


def test_a_no_leaves_nothing_kept(question, clerk, shelf):
    answering.decline(question_id=question.pk, actor_id=clerk.pk)
    question.refresh_from_db()
    assert (question.status, question.answered_by_id) == ("declined", clerk.pk)
    assert kept(question) == {"SKU-1": 0, "SKU-3": 0}
    assert OrderLine.objects.filter(order=question.fulfilment.order_id).count() == 2
    assert told(question) == ["substitute_asked", "substitute_refused"]
    assert audit.differences() == []


def test_the_first_answer_stands(question):
    accept(question)
    for again in (accept, lambda asked: answering.decline(question_id=asked.pk, actor_id=None)):
        with pytest.raises(AlreadyAnswered):
            again(question)


def test_what_was_not_offered_does_not_come(question):
    with pytest.raises(NotOffered):
        accept(question, sku="SKU-5")


def test_after_its_time_nothing_comes_and_nothing_is_kept(question):
    assert answering.expire_due() == 0
    late(question)
    with pytest.raises(AlreadyAnswered):
        accept(question)
    assert (answering.expire_due(), answering.expire_due()) == (1, 0)
    question.refresh_from_db()
    assert (question.status, kept(question)) == ("expired", {"SKU-1": 0, "SKU-3": 0})
    assert OrderEvent.objects.get(kind="substitute_refused").data["why"] == "expired"


def test_what_was_kept_and_given_away_by_mistake_is_refused_at_the_answer(question):
    """Its hold ended early; somebody else has the pieces."""
    Reservation.objects.filter(reference=question.held_under).update(released=2, expires_at=None)
    StockLevel.objects.filter(variant__sku="SKU-1").update(reserved=0, safety_stock=99)
    with pytest.raises(ShortStock):
        accept(question)
    question.refresh_from_db()
    assert question.status == "open"


def test_what_is_kept_comes_though_a_count_left_no_more_than_the_safety_stock(question, shelf):
    """Two are kept, and two are all that was found: the store's own safety stock takes none of them away."""
    StockLevel.objects.filter(variant__sku="SKU-1", location=shelf.lille).update(on_hand=2, safety_stock=5)
    assert accept(question).quantity == 2
    assert (shelf.level("SKU-1").reserved, kept(question)["SKU-1"]) == (2, 0)


def test_a_cancelled_order_asks_nothing_any_more(question, clerk, shelf):
    giving_up.cancel(fulfilment_id=question.fulfilment_id, actor_id=clerk.pk, reason="customer_wish")
    question.refresh_from_db()
    assert (question.status, kept(question)) == ("withdrawn", {"SKU-1": 0, "SKU-3": 0})
    assert Fulfilment.objects.get(pk=question.fulfilment_id).status == "cancelled"
    assert sum(Payment.objects.filter(kind="refund").values_list("amount", flat=True)) == 8000
    assert audit.differences() == []


def test_what_came_instead_can_be_missing_too(question, clerk, shelf):
    """A second question, about the substitute; its price is the limit then."""
    Price.objects.filter(variant__sku="SKU-5").update(amount=1500)
    reference.forget()
    line = accept(question)
    slice_ = question.fulfilment.lines.get(order_line=line)
    again = ask(slice_, clerk, skus=["SKU-5"], quantity=1)
    assert again.worth == 1000
    assert accept(again, sku="SKU-5").total == 1000
    assert audit.differences() == []
