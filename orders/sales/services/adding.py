"""A line that comes into an order after it was placed: only ever in the place of pieces that left it."""

from django.db.models import F, Max

from inventory.catalog.queries import Offer
from omni.lib.money import tax_included
from orders.sales.models import Order, OrderLine


def add_instead(
    *, order: Order, instead_of: OrderLine, offer: Offer, quantity: int, unit_price: int, most: int, vat_rate: int
) -> OrderLine:
    """Add a line in the place of pieces of another one; the order is locked. Amounts in cents, the rate in basis
    points: it costs its price, but all of it never more than `most`."""
    gross = quantity * unit_price
    total = min(gross, most)
    last = OrderLine.objects.filter(order=order.pk).aggregate(last=Max("position"))["last"]
    line = OrderLine.objects.create(
        order_id=order.pk,
        position=last + 1,
        variant_id=offer.variant_id,
        name=offer.name,
        quantity=quantity,
        unit_price=unit_price,
        gross=gross,
        discount=gross - total,
        total=total,
        vat_rate=vat_rate,
        tax=tax_included(total, vat_rate),
        instead_of=instead_of,
    )
    Order.objects.filter(pk=order.pk).update(
        lines_total=F("lines_total") + total, total=F("total") + total, tax=F("tax") + line.tax
    )
    order.refresh_from_db(fields=["lines_total", "total", "tax"])
    return line
