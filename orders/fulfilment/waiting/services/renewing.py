"""Taking the links to a customer's page back: the next mail carries a new one."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from orders.fulfilment.waiting.models import CustomerLink
from orders.sales import locks, waiting_events
from orders.sales.models import Order


@transaction.atomic
def renew_link(*, order_id: int, actor_id: int) -> Order:
    """End every link to an order's page that was sent or given so far; sent twice it only begins one round more."""
    order = locks.lock_order(order_id)
    link, made = CustomerLink.objects.get_or_create(order=order, defaults={"renewed_by_id": actor_id})
    if not made:
        CustomerLink.objects.filter(pk=link.pk).update(round=F("round") + 1, renewed_at=Now(), renewed_by_id=actor_id)
    waiting_events.link_renewed(order_id=order.pk, location_id=order.location_id, actor_id=actor_id)
    return order
