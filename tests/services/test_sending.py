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
from omni.lib import sql
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
