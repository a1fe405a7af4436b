"""A mail that says "it is ready", and an order that is collected meanwhile: no customer is told what is not so, and
none who waits is left untold."""

from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError

from customers.models import Message
from omni import tasks
from omni.effects import FOLLOWERS
from omni.lib import outbox
from orders.fulfilment import locks
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.services import undoing
from orders.sales.models import OrderEvent
from tests.races.books import hand_over
from tests.races.crowd import at_once
from tests.races.walls import Meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queued(waiting: Fulfilment) -> Fulfilment:
    """An order that is ready, whose mail is written and has not left."""
    outbox.drain(OrderEvent, FOLLOWERS)
    assert Message.objects.get().status == "queued"
    return waiting


@pytest.fixture
def taken(queued: Fulfilment, clerk: Any) -> Any:
    """The same, and a clerk who takes its hand-over back when called."""
    given = hand_over(queued, clerk)
    return partial(undoing.undo_hand_over, hand_over_id=given.pk, actor_id=clerk.pk)


class WhileItAnswers(EmailBackend):
    """A mail server that takes so long that the order is collected meanwhile."""

    work: Any = None
    outcome: Any = None

    def send_messages(self, messages: Any) -> int:
        WhileItAnswers.outcome = at_once([WhileItAnswers.work])[0]
        return super().send_messages(messages)


def test_a_hand_over_does_not_wait_for_the_mail_server(queued, clerk, settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.WhileItAnswers"
    monkeypatch.setattr(WhileItAnswers, "work", partial(hand_over, queued, clerk))
    tasks.send_messages()
    assert WhileItAnswers.outcome.fulfilment_id == queued.pk, WhileItAnswers.outcome
    assert (Message.objects.get().status, len(mail.outbox)) == ("sent", 1)


def test_an_undo_waits_until_the_mail_is_dropped_and_has_it_told_again(taken, monkeypatch):
    colleague = Meanwhile(monkeypatch, locks, "lock_status", taken)
    tasks.send_messages()
    assert isinstance(colleague.outcome, OperationalError), "the undo went past a lock"
    assert (Message.objects.get().status, mail.outbox) == ("dropped", [])
    taken()
    tasks.drain_outbox()
    assert sorted(Message.objects.values_list("status", flat=True)) == ["dropped", "sent"]
    assert len(mail.outbox) == 1


def test_a_mail_whose_order_somebody_has_in_hand_waits_for_the_next_turn(taken, monkeypatch):
    sender = Meanwhile(monkeypatch, locks, "lock_fulfilment", tasks.send_messages)
    taken()
    assert (sender.outcome, Message.objects.get().status, mail.outbox) == (0, "queued", [])
    tasks.drain_outbox()
    assert (Message.objects.get().status, len(mail.outbox)) == ("sent", 1)


def test_without_the_lock_a_customer_who_waits_is_never_told(taken, monkeypatch):
    monkeypatch.setattr(locks, "lock_status", lambda pk: Fulfilment.objects.get(pk=pk).status)
    colleague = Meanwhile(monkeypatch, locks, "lock_status", taken)
    tasks.send_messages()
    assert type(colleague.outcome) is Fulfilment
    tasks.drain_outbox()
    assert colleague.outcome.status == "ready"
    assert (Message.objects.get().status, mail.outbox) == ("dropped", [])
