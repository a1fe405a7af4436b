"""Work for later. Each task takes nothing, reads what is due, calls a service, and may run twice or not at all."""

import time

from celery import shared_task
from django.utils import timezone

from customers.services import sending
from inventory.catalog.services import abandoning, working
from inventory.confidence.services import nights
from inventory.stock.services import expiring
from loyalty.services import settling
from omni import letters
from omni.desk.beats import beating
from omni.effects import FOLLOWERS
from omni.lib import outbox, reference
from omni.staff.services import sweeping
from orders.appointments import notices as appointments
from orders.appointments.models import AppointmentEvent
from orders.fulfilment.services import giving_up, watching
from orders.fulfilment.substitutes.services import answering
from orders.fulfilment.waiting.services import reminding
from orders.parcels.services import forgetting, reading
from orders.sales.models import OrderEvent
from orders.sales.services import following

NIGHT_SECONDS = 60
"""How long one turn of long work goes on before it leaves the rest to the next: half of what a task may take."""
LONG_WORK_SECONDS = 580
"""What a file of the catalogue may take; a little less than the broker waits before it hands a task out again."""


@shared_task
@beating
def drain_outbox() -> int:
    """Run the followers of what happened, then send what they wrote."""
    reference.refresh_if_due()
    total = 0
    for happened in (OrderEvent, AppointmentEvent):
        while handled := outbox.drain(happened, FOLLOWERS):
            total += handled
    send_messages()
    return total


@shared_task
@beating
def send_messages() -> int:
    """Send the messages that are due."""
    reference.refresh_if_due()
    return sending.send_due(compose=letters.compose, attach=letters.attach, outdated=letters.outdated)


@shared_task
@beating
def remind_of_appointments() -> int:
    """Remind people of their appointments."""
    reference.refresh_if_due()
    return appointments.remind_due()


@shared_task
@beating
def expire_pickups() -> int:
    """Give up what nobody collected."""
    reference.refresh_if_due()
    return giving_up.expire_due()


@shared_task
@beating
def end_questions() -> int:
    """End what customers were asked and did not answer in time."""
    reference.refresh_if_due()
    return answering.expire_due()


@shared_task
@beating
def read_tracking() -> int:
    """Read the files in which carriers tell where parcels are."""
    reference.refresh_if_due()
    return reading.read_due()


@shared_task
@beating
def tell_carriers() -> int:
    """Tell carriers which parcels will not come."""
    return forgetting.tell_due()


@shared_task
@beating
def watch_promises() -> int:
    """Put off what will not be ready in time, tell the managers of promises in danger."""
    reference.refresh_if_due()
    return watching.watch()


@shared_task
@beating
def remind_waiting() -> int:
    """Remind those whose pickup waits; what is written leaves with the other messages."""
    reference.refresh_if_due()
    return reminding.remind_due()


@shared_task
@beating
def expire_holds() -> int:
    """Give back what was only held and whose time is over."""
    return expiring.sweep()


@shared_task
@beating
def learn_sales_rates() -> int:
    """Learn how fast each store sells each article, for what it is told to ask for."""
    reference.refresh_if_due()
    return following.learn_sales_rates()


@shared_task
@beating
def post_due_points() -> int:
    """Let points count whose day has come."""
    reference.refresh_if_due()
    return settling.post_due(timezone.now())


@shared_task
@beating
def learn_confidence() -> int:
    """Learn from the counts that were closed; once a day list what each store should count."""
    reference.refresh_if_due()
    return nights.work(until=time.monotonic() + NIGHT_SECONDS)


@shared_task(soft_time_limit=LONG_WORK_SECONDS, time_limit=LONG_WORK_SECONDS + 20)
@beating
def work_on_catalogue() -> int:
    """Check and apply large files, one after the other."""
    reference.refresh_if_due()
    return working.work_on_due()


@shared_task
@beating
def sweep() -> int:
    """Delete what has had its time: answers to forms that were sent twice, finished runs, sessions, drafts, files'
    rows."""
    return sweeping.sweep() + abandoning.sweep()
