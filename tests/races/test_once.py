"""The same thing said twice at the same instant is done once: keys, channel references, new customers."""

from functools import partial

import pytest

from customers.models import Customer, Identity
from customers.services import identifying
from inventory.stock.models import Reservation
from omni.lib import idempotency
from orders.payments.models import Payment
from orders.sales.models import Order
from tests.races.crowd import at_once, meet_before, raised
from tests.races.twin import twin, without_text
from tests.races.walls import Meanwhile

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8
LOCK = """pg_try_advisory_xact_lock(hashtextextended(%(client)s::text || chr(10) || %(key)s::text, 0))"""
ANSWERED_ONCE, REF_ONCE = "answered_request_client_key_once", "order_external_ref_once_per_channel"
ONE_PERSON = "identity_leads_to_one_customer"


def no_claim(monkeypatch) -> None:
    """Let everybody believe that the key is theirs."""
    monkeypatch.setattr(idempotency, "CLAIM", without_text(idempotency.CLAIM, LOCK, instead="true"))


# --- one key ----------------------------------------------------------------------------------------------------------


def test_one_key_from_eight_threads_over_http_has_one_effect(house, wire, order_body):
    answers = at_once([partial(wire.place, order_body(), key="one-key")] * CROWD)
    assert not raised(answers, Exception)
    placed = [answer for answer in answers if answer.status == 201]
    refused = [answer for answer in answers if answer.status != 201]
    assert placed
    assert len({answer.bytes for answer in placed}) == 1, "the same key, the same answer"
    assert len([answer for answer in placed if "Idempotent-Replayed" not in answer.headers]) == 1
    assert {(answer.status, answer.body["code"]) for answer in refused} <= {(409, "idempotency_key_in_flight")}
    assert (Order.objects.count(), Payment.objects.count(), Reservation.objects.count()) == (1, 1, 3)
    again = wire.place(order_body(), key="one-key")
    assert (again.status, again.bytes, again.headers["Idempotent-Replayed"]) == (201, placed[0].bytes, "true")


def test_forty_keys_sent_four_times_each_make_forty_orders(house, wire, order_body):
    keys = [f"key-{number}" for number in range(40)]
    send = [partial(wire.place, order_body(lines=[{"sku": "SKU-1", "quantity": 1}], payment=None, total=None), key=key)
            for key in keys for _ in range(4)]  # fmt: skip
    answers = at_once(send)
    assert not raised(answers, Exception)
    assert {answer.status for answer in answers} <= {201, 409}
    assert Order.objects.count() == house.level("SKU-1").reserved == len(keys)
    for number in range(len(keys)):
        bodies = {answer.bytes for answer in answers[4 * number : 4 * number + 4] if answer.status == 201}
        assert len(bodies) == 1


def test_without_the_lock_the_constraint_still_keeps_one_key_to_one_order(house, wire, order_body, monkeypatch):
    no_claim(monkeypatch)
    meet_before(monkeypatch, idempotency, "remember", 2)
    answers = at_once([partial(wire.place, order_body(), key="one-key")] * CROWD)
    assert [answer.status for answer in answers] == [201] * CROWD
    assert len({answer.bytes for answer in answers}) == Order.objects.count() == 1
    assert house.level("SKU-1").reserved == 2


def test_without_lock_and_constraint_one_key_makes_two_orders(house, wire, order_body, monkeypatch):
    no_claim(monkeypatch)
    with twin("staff_answeredrequest", without=[ANSWERED_ONCE]):
        send = partial(wire.place, order_body(), key="one-key")
        other = Meanwhile(monkeypatch, idempotency, "claim", send)
        mine = at_once([send])[0]
        assert (mine.status, other.outcome.status) == (201, 201)
        assert mine.bytes != other.outcome.bytes
        assert Order.objects.count() == 2


# --- one reference of a channel ---------------------------------------------------------------------------------------


def test_one_reference_under_eight_keys_is_one_order(house, wire, order_body):
    answers = at_once([partial(wire.place, order_body(external_ref="WEB-1"))] * CROWD)
    placed = [answer for answer in answers if answer.status == 201]
    refused = [answer for answer in answers if answer.status != 201]
    assert len(placed) == Order.objects.count() == 1
    assert {(answer.status, answer.body["code"]) for answer in refused} == {(409, "external_ref_taken")}
    assert {answer.body["order"] for answer in refused} == {placed[0].body["number"]}
    assert house.level("SKU-1").reserved == 2


def test_without_the_constraint_one_reference_makes_eight_orders(house, wire, order_body):
    tables = ["sales_order", "sales_orderline", "sales_orderevent", "payments_payment"]
    tables += ["fulfilment_fulfilment", "fulfilment_fulfilmentline"]
    with twin(*tables, without=[REF_ONCE]):
        answers = at_once([partial(wire.place, order_body(external_ref="WEB-1"))] * CROWD)
        assert [answer.status for answer in answers] == [201] * CROWD
        assert Order.objects.filter(external_ref="WEB-1").count() == CROWD


# --- one person -------------------------------------------------------------------------------------------------------


def test_eight_first_orders_of_one_new_person_make_one_customer(house, wire, order_body, monkeypatch):
    meet_before(monkeypatch, identifying, "_enrol", 4)
    answers = at_once([partial(wire.place, order_body())] * CROWD)
    assert [answer.status for answer in answers] == [201] * CROWD
    assert Customer.objects.count() == Identity.objects.count() == 1
    assert Order.objects.filter(customer=Customer.objects.get()).count() == CROWD


def test_without_the_constraint_one_new_person_becomes_two_customers(house, wire, order_body, monkeypatch):
    meet_before(monkeypatch, identifying, "_enrol", 2)
    with twin("customers_identity", without=[ONE_PERSON]):
        answers = at_once([partial(wire.place, order_body())] * 2)
        assert [answer.status for answer in answers] == [201] * 2
        assert Customer.objects.count() == Identity.objects.count() == 2
