"""Mail leaves once, however slow the mail server is, and not at all when it is no longer true."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from customers.models import Message
from omni import tasks
from omni.effects import FOLLOWERS
from omni.lib import outbox, sql
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import giving_up, handing_over, undoing
from orders.sales.models import OrderEvent
from tests import journeys
from tests.races.books import due


class SlowServer(EmailBackend):
    """Takes what it is given after longer than PostgreSQL lets a transaction rest."""

    def send_messages(self, messages: Sequence[Any]) -> int:
        time.sleep(0.5)
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_does_not_get_a_mail_twice(house, clerk, settings):
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    sql.run("SET idle_in_transaction_session_timeout = 200")
    try:
        tasks.drain_outbox()
        tasks.drain_outbox()
    finally:
        connection.close()  # the next test gets a session with the house's own limits
    assert len(mail.outbox) == 1
    assert list(Message.objects.values_list("status", "attempts")) == [("sent", 1)]


@pytest.fixture
def told(house, clerk) -> Fulfilment:
    """A pickup that is ready; its mail is written and has not left."""
    waiting = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk), by=clerk)
    outbox.drain(OrderEvent, FOLLOWERS)
    assert list(Message.objects.values_list("status", flat=True)) == ["queued"]
    return waiting


ENDS = {
    "collected": lambda one, by: handing_over.hand_over(
        fulfilment_id=one.pk, proof="code", actor_id=by.pk, tender="cash"
    ),
    "cancelled": lambda one, by: giving_up.cancel(fulfilment_id=one.pk, actor_id=by.pk, reason="test"),
    "expired": lambda one, by: giving_up.expire(fulfilment_id=due(one).pk),
}


@pytest.mark.django_db
@pytest.mark.parametrize("end", ENDS)
def test_ready_is_not_said_of_what_ended_before_the_mail_left(told, clerk, clerk_client, end):
    ENDS[end](told, clerk)
    tasks.send_messages()
    message = Message.objects.get(template="pickup_ready")
    assert (message.status, message.dropped_because, message.attempts, message.sent_at) == ("dropped", end, 0, None)
    assert mail.outbox == []
    tasks.drain_outbox()
    assert [letter.subject for letter in mail.outbox if "ready" in letter.subject] == []
    assert len(mail.outbox) == (0 if end == "collected" else 1), "that it is cancelled is told"
    listed = clerk_client.get("/messages/?status=dropped")
    assert [row["status"]["label"] for row in listed.context["rows"]] == ["No longer needed"]
    assert "before this message left. It was not sent." in clerk_client.get(f"/messages/{message.pk}/").content.decode()
    person = clerk_client.get(f"/customers/{message.customer.code}/").content.decode()
    assert message.subject not in person, "the customer never read it"


@pytest.mark.django_db
def test_a_mail_that_was_given_up_and_is_tried_again_is_dropped_too(told, clerk):
    Message.objects.update(status="failed", attempts=8)
    ENDS["collected"](told, clerk)
    Message.objects.update(status="queued", attempts=0)
    tasks.send_messages()
    assert (Message.objects.get().status, mail.outbox) == ("dropped", [])


@pytest.mark.django_db
def test_an_undo_before_the_mail_left_leads_to_one_mail(told, clerk):
    given = ENDS["collected"](told, clerk)
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    tasks.drain_outbox()
    assert (list(Message.objects.values_list("status", flat=True)), len(mail.outbox)) == (["sent"], 1)


@pytest.mark.django_db
def test_an_undo_after_the_mail_was_dropped_has_the_customer_told(told, clerk):
    given = ENDS["collected"](told, clerk)
    tasks.send_messages()
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    tasks.drain_outbox()
    assert (list(Message.objects.order_by("pk").values_list("status", flat=True)), len(mail.outbox)) == (
        ["dropped", "sent"],
        1,
    )


@pytest.mark.django_db
def test_an_undo_after_the_mail_was_sent_sends_nothing(told, clerk):
    tasks.send_messages()
    given = ENDS["collected"](told, clerk)
    undoing.undo_hand_over(hand_over_id=given.pk, actor_id=clerk.pk)
    tasks.drain_outbox()
    assert (Message.objects.get().status, len(mail.outbox)) == ("sent", 1)
