"""Work for later. Each task takes nothing, reads what is due, calls a service, and may run twice or not at all."""

import time

from celery import shared_task
from django.utils import timezone

from customers.services import sending
from inventory.catalog.services import abandoning
from inventory.confidence.services import nights
from inventory.stock.services import expiring
from loyalty.services import settling
from omni.desk.beats import beating
from omni.effects import FOLLOWERS
from omni.lib import outbox, reference
from omni.staff.services import sweeping
from orders.fulfilment import notices
from orders.fulfilment.services import giving_up
from orders.sales.models import OrderEvent
from orders.sales.services import following

NIGHT_SECONDS = 60
"""How long one turn of long work goes on before it leaves the rest to the next: half of what a task may take."""


@shared_task
@beating
def drain_outbox() -> int:
    """Run the followers of what happened, then send what they wrote."""
    reference.refresh_if_due()
    handled = total = outbox.drain(OrderEvent, FOLLOWERS)
    while handled:
        handled = outbox.drain(OrderEvent, FOLLOWERS)
        total += handled
    send_messages()
    return total


@shared_task
@beating
def send_messages() -> int:
    """Send the messages that are due."""
    reference.refresh_if_due()
    return sending.send_due(compose=notices.compose, attach=notices.attach, outdated=notices.outdated)


@shared_task
@beating
def expire_pickups() -> int:
    """Give up what nobody collected."""
    reference.refresh_if_due()
    return giving_up.expire_due()


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


@shared_task
@beating
def sweep() -> int:
    """Delete what has had its time: answers to forms that were sent twice, finished runs, sessions, drafts, files'
    rows."""
    return sweeping.sweep() + abandoning.sweep()
