"""What is due happens at once: the rounds of the worker, one after the other, without waiting for the scheduler."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from django.utils import timezone

from customers.services import sending
from inventory.stock.services import expiring
from loyalty.services import settling
from omni import letters
from omni.effects import FOLLOWERS
from omni.lib import outbox
from orders.appointments import notices as appointments
from orders.appointments.models import AppointmentEvent
from orders.fulfilment.services import giving_up, watching
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.waiting.services import reminding
from orders.parcels.services import forgetting
from orders.sales.models import OrderEvent


@dataclass(frozen=True)
class Done:
    """How much happened: promises put off or managers told, pickups given up, holds that ran out, questions that
    nobody answered, reminders written, points that count now, letters that left."""

    watched: int = 0
    given_up: int = 0
    holds: int = 0
    questions: int = 0
    reminders: int = 0
    points: int = 0
    letters: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})


def settle() -> Done:
    """Let everything that is due happen, as the worker would; return how much. The worker may do the same at once."""
    done = Done(
        holds=expiring.sweep(),
        watched=watching.watch(),
        questions=_until_nothing(answering.expire_due),
        reminders=reminding.remind_due() + appointments.remind_due(),
        given_up=_until_nothing(giving_up.expire_due),
        points=settling.post_due(timezone.now()),
    )
    for happened in (OrderEvent, AppointmentEvent):
        while outbox.drain(happened, FOLLOWERS):
            pass
    forgetting.tell_due()
    return done + Done(letters=_until_nothing(_send))


def _send() -> int:
    return sending.send_due(compose=letters.compose, attach=letters.attach, outdated=letters.outdated)


def _until_nothing(work: Callable[[], int]) -> int:
    """Return how much a round did that does a part of it at a time."""
    total = done = work()
    while done:
        done = work()
        total += done
    return total
