"""What users of other houses complain about at the counter: charged twice, told twice, bags searched for, oversold."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from customers.models import Message
from inventory.stock.models import StockLevel
from omni import tasks
from orders.fulfilment.models import Fulfilment, HandOver
from orders.payments.models import Payment
from orders.sales.models import Order
from tests import journeys
from tests.conftest import House


@pytest.fixture
def unpaid(house: House, clerk: Any) -> Fulfilment:
    """An order for 20.00 €, ready, to pay at the counter; its mail has left."""
    waiting = journeys.ready(
        journeys.placed(house.lille, {"SKU-1": 2}, by=clerk, email="camille@example.org"), by=clerk
    )
    tasks.drain_outbox()
    assert len(mail.outbox) == 1
    return waiting


def shown_card(client: Any, waiting: Fulfilment) -> None:
    answer = client.post(reverse("hand-over-identity", args=[waiting.public_id]), {"kind": "identity"})
    assert answer.status_code == 302


def given_away(client: Any, waiting: Fulfilment, key: str) -> Any:
    fields = {"tender": "card_terminal", "idempotency_key": key}
    return client.post(reverse("hand-over", args=[waiting.public_id]), fields)


def once_only(waiting: Fulfilment) -> None:
    """One charge of 20.00 €, one hand-over, and the one mail that said it was ready."""
    tasks.drain_outbox()
    assert list(Payment.objects.values_list("kind", "tender", "amount")) == [("capture", "card_terminal", 2000)]
    assert HandOver.objects.filter(fulfilment=waiting, undone_at=None).count() == 1
    assert (Message.objects.count(), len(mail.outbox)) == (1, 1)
    level = StockLevel.objects.get(location=waiting.location_id, variant__sku="SKU-1")
    assert (level.on_hand, level.reserved) == (98, 0)


def test_the_same_hand_over_sent_twice_charges_once(clerk_client: Any, unpaid: Fulfilment) -> None:
    shown_card(clerk_client, unpaid)
    key = str(uuid.uuid4())
    answers = [given_away(clerk_client, unpaid, key) for _turn in range(2)]
    shown = reverse("handed-over", args=[unpaid.public_id])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, shown)] * 2
    once_only(unpaid)


def test_a_second_tablet_that_hands_over_again_charges_nothing(
    clerk_client: Any, manager_client: Any, unpaid: Fulfilment
) -> None:
    for client in (clerk_client, manager_client):
        shown_card(client, unpaid)
    assert given_away(clerk_client, unpaid, str(uuid.uuid4())).status_code == 302
    assert given_away(manager_client, unpaid, str(uuid.uuid4())).status_code == 422
    once_only(unpaid)


def test_a_hand_over_taken_back_and_done_again_charges_once_in_all(clerk_client: Any, unpaid: Fulfilment) -> None:
    for _turn in range(2):
        shown_card(clerk_client, unpaid)
        given_away(clerk_client, unpaid, str(uuid.uuid4()))
        clerk_client.post(reverse("hand-over-undo", args=[unpaid.public_id]), {"idempotency_key": str(uuid.uuid4())})
    tasks.drain_outbox()
    sums = [amount if kind == "capture" else -amount for kind, amount in Payment.objects.values_list("kind", "amount")]
    assert sum(sums) in {0, 2000}
    assert (Message.objects.count(), len(mail.outbox)) == (1, 1)


def test_the_bag_is_found_without_searching(clerk_client: Any, house: House, unpaid: Fulfilment) -> None:
    place = house.places(house.lille)[0]
    for address in (reverse("hand-over", args=[unpaid.public_id]), reverse("today"), reverse("ready")):
        assert place.name in clerk_client.get(address).content.decode(), address


def test_no_order_takes_more_than_a_store_has(api: Any, house: House, order_body: Any) -> None:
    def wished(quantity: int) -> dict[str, Any]:
        total = quantity * 1000
        return order_body(
            lines=[{"sku": "SKU-1", "quantity": quantity, "unit_price": 1000}],
            payment={"state": "captured", "tender": "card_online", "amount": total, "reference": "psp"},
            total=total,
        )

    statuses = [api.place(wished(quantity)).status_code for quantity in (60, 60, 40, 1)]
    assert statuses == [201, 409, 201, 409]
    levels = {
        level.location.code: (level.on_hand, level.reserved)
        for level in StockLevel.objects.select_related("location").filter(variant__sku="SKU-1")
    }
    assert levels == {"lille": (100, 100), "lens": (100, 0), "amiens": (100, 0)}
    assert Order.objects.count() == 2
