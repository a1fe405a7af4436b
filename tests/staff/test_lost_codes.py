"""Six digits are few: when an undone hand-over has lost its code to another order, nobody gets another's bag."""

import pytest
from django.core import mail
from django.urls import reverse

from omni import tasks
from orders.fulfilment import codes
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import handing_over, undoing
from tests import journeys

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost(house, clerk, monkeypatch) -> tuple[Fulfilment, Fulfilment]:
    """A pickup that was given, whose digits another got, and that was taken back; and that other one."""
    monkeypatch.setattr(codes, "digits", lambda _public_id, code_round: f"{code_round:06}")
    first = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    tasks.drain_outbox()
    given = handing_over.hand_over(fulfilment_id=first.pk, proof="code", actor_id=clerk.pk, tender="cash")
    other = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    return Fulfilment.objects.get(pk=first.pk), other


def test_the_customer_is_told_the_new_code(lost):
    first, other = lost
    assert (first.code_round, other.code_round) == (1, 0)
    tasks.drain_outbox()
    told = [one.body for one in mail.outbox if first.short_id in one.subject]
    assert ["000 000" in told[0], "000 001" in told[1], len(told)] == [True, True, 2]


def test_the_old_qr_does_not_open_the_order_that_has_its_digits_now(lost, clerk_client):
    first, other = lost
    answer = clerk_client.post(reverse("scan"), {"code": codes.qr_text(first.public_id, 0)})
    assert answer.status_code == 200
    assert "proof" not in clerk_client.session
    for one, code_round in ((first, 1), (other, 0)):
        answer = clerk_client.post(reverse("scan"), {"code": codes.qr_text(one.public_id, code_round)})
        assert answer["Location"] == reverse("hand-over", args=[one.public_id])
        assert clerk_client.session["proof"]["how"] == "qr"
