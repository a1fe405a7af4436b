"""Run by the kill tests in a process of its own: a clerk who prepares, hands over and gives up orders, and who counts,
sets aside, sends and receives in between, whatever dies.

Every step is one transaction of a service; after an error the clerk looks again at what there is, as a person would.
"""

import os
import random
import time

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection  # noqa: E402

from inventory.places.queries import hold_places  # noqa: E402
from omni.lib.errors import Refusal  # noqa: E402
from orders.fulfilment.models import Fulfilment  # noqa: E402
from orders.fulfilment.services import giving_up, handing_over, picking, readying, shorting, undoing  # noqa: E402
from tests.kills import storeroom  # noqa: E402

CLERK = int(os.environ["CLERK"])


def take_one_step() -> bool:
    """Take some order one step further; False when there is nothing to do."""
    open_ones = Fulfilment.objects.filter(status__in=["to_pick", "picking", "ready"]).order_by("?")
    fulfilment = open_ones.first()
    if fulfilment is None:
        return False
    if fulfilment.status == Fulfilment.Status.READY:
        leave(fulfilment)
    elif random.random() < 0.1:
        giving_up.cancel(fulfilment_id=fulfilment.pk, actor_id=CLERK, reason="kill test")
    else:
        prepare(fulfilment)
    return True


def prepare(fulfilment: Fulfilment) -> None:
    for line in fulfilment.lines.all():
        left = line.quantity - line.picked - line.short
        if left and random.random() < 0.1:
            shorting.report_short(
                fulfilment_id=fulfilment.pk, line_id=line.pk, quantity=1, reason="damaged", actor_id=CLERK
            )
            left -= 1
        if left:
            picking.pick(fulfilment_id=fulfilment.pk, line_id=line.pk, pieces=left, actor_id=CLERK)
    spot = random.choice(hold_places(fulfilment.location_id))
    readying.declare_ready(fulfilment_id=fulfilment.pk, hold_place_id=spot.pk, actor_id=CLERK)


def leave(fulfilment: Fulfilment) -> None:
    given = handing_over.hand_over(fulfilment_id=fulfilment.pk, proof="code", actor_id=CLERK, tender="cash")
    if random.random() < 0.1:
        undoing.undo_hand_over(hand_over_id=given.pk, actor_id=CLERK)


def main() -> None:
    while True:
        try:
            worked = take_one_step()
            storeroom.take_one_step(CLERK)
            if not worked:
                time.sleep(0.1)
        except Refusal:
            continue
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.1)


main()
