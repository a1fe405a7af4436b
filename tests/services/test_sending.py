"""Mail leaves once, however slow the mail server is."""

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
from omni.staff.models import User
from orders.fulfilment.services import giving_up
from orders.sales.models import OrderEvent
from tests import journeys


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


@pytest.mark.django_db
def test_a_mail_that_says_ready_is_dropped_when_the_order_was_cancelled_meanwhile(
    house: House, clerk: User, integrator: User
) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 1}, by=integrator, email="late@example.org")
    fulfilment = journeys.ready(order, by=clerk)
    outbox.drain(OrderEvent, FOLLOWERS)
    giving_up.cancel_order(fulfilment_id=fulfilment.pk, actor_id=clerk.pk, reason="test")

    tasks.send_messages()

    message = Message.objects.get(template="pickup_ready")
    assert (message.status, message.sent_at, mail.outbox) == ("dropped", None, [])
