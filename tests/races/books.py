"""What the races at the counter are about, and what the books say of it."""

from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from inventory.stock.models import StockMovement
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, HandOver
from orders.fulfilment.services import handing_over
from orders.payments.models import Payment

SKU, UNITS, CENTS = "SKU-1", 3, 3000
CROWD = 8


def hand_over(fulfilment: Fulfilment, clerk: User) -> HandOver:
    """Hand the order over at the counter."""
    return handing_over.hand_over(fulfilment_id=fulfilment.pk, proof="code", actor_id=clerk.pk)


def due(fulfilment: Fulfilment) -> Fulfilment:
    """Let the last day of a waiting pickup have passed."""
    Fulfilment.objects.filter(pk=fulfilment.pk).update(keep_until=timezone.now() - timedelta(minutes=1))
    return fulfilment


def units(kind: str) -> int:
    """Return the units of all movements of a kind."""
    return StockMovement.objects.filter(kind=kind).aggregate(units=Sum("quantity"))["units"] or 0


def money(kind: str, fulfilment: Fulfilment) -> int:
    """Return the cents of all payments of a kind of one order."""
    payments = Payment.objects.filter(kind=kind, order=fulfilment.order_id)
    return payments.aggregate(cents=Sum("amount"))["cents"] or 0
