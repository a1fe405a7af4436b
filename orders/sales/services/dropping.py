"""Pieces of an order that will not be delivered: counted on the line and on the order, never erased."""

from django.db.models import F
from django.utils.translation import gettext as _

from omni.lib.money import allot
from omni.lib.transitions import TransitionRefused
from orders.sales.models import Order, OrderLine


def value_of(line: OrderLine, quantity: int) -> int:
    """Return the cents of the next `quantity` pieces to be dropped from a line.

    The line's total is allotted to its pieces by largest remainder, and pieces are dropped from the last one:
    dropping all of them, in any steps, gives exactly the line's total.
    """
    pieces = allot(line.total, [1] * line.quantity)
    kept = line.quantity - line.dropped_quantity
    return sum(pieces[kept - quantity : kept])


def drop(*, line: OrderLine, quantity: int) -> int:
    """Drop pieces of a line; return the cents they no longer cost. Refuses more pieces than are left."""
    amount = value_of(line, quantity)
    left = OrderLine.objects.filter(
        pk=line.pk, dropped_quantity=line.dropped_quantity, quantity__gte=F("dropped_quantity") + quantity
    )
    if not left.update(dropped_quantity=F("dropped_quantity") + quantity):
        raise TransitionRefused(_("These pieces are no longer part of the order."))
    line.dropped_quantity += quantity
    Order.objects.filter(pk=line.order_id).update(dropped=F("dropped") + amount)
    return amount


def restore(*, line: OrderLine, quantity: int) -> int:
    """Take dropped pieces of a line back into the order; return the cents they cost again."""
    line.dropped_quantity -= quantity
    amount = value_of(line, quantity)
    OrderLine.objects.filter(pk=line.pk).update(dropped_quantity=F("dropped_quantity") - quantity)
    Order.objects.filter(pk=line.order_id).update(dropped=F("dropped") - amount)
    return amount


def value_of_first(line: OrderLine, quantity: int) -> int:
    """Return the cents of the first `quantity` pieces of a line: what a customer who got that many owes for it."""
    return sum(allot(line.total, [1] * line.quantity)[:quantity])


def kept_value(line: OrderLine) -> int:
    """Return the cents of the pieces that are still part of the order."""
    return line.total - value_of(OrderLine(total=line.total, quantity=line.quantity), line.dropped_quantity)
