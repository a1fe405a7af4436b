"""The customer at a glance, beside an order: how they are reached, what they hold, what else they ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from inventory.places.queries import place
from omni.desk.identities import initials, shown_phone
from omni.desk.order_list import state_of
from omni.staff.access import Actor
from orders.fulfilment.panels import Served
from orders.sales import panels as sales
from orders.sales import queries
from orders.sales.models import Order
from orders.sales.queries import OrderRow

SHOWN = 3


@dataclass(frozen=True)
class Others:
    """The customer's newest orders beside the one on the page, as far as the reader may see; `elsewhere` counts those
    of stores that are not the reader's."""

    rows: list[OrderRow]
    elsewhere: int


def others_of(order: Order, actor: Actor) -> Others | None:
    """Return what else the customer of an order bought; None for who may not see customers, and for an order without
    one. One statement."""
    if order.customer_id is None or not actor.may("customers.view"):
        return None
    found = queries.of_customer(order.customer_id, actor, SHOWN + 1)
    return Others([one for one in found.newest if one.id != order.pk][:SHOWN], found.elsewhere)


def context(
    order: Any, others: Others, served_of: Mapping[int, Sequence[Served]], balance: int | None, now: datetime
) -> dict[str, Any]:
    """Return what `sales/_customer_beside.html` shows; `order` carries `phone` and `email`. No statement."""
    person = order.customer
    return {
        "person": {
            "name": person.name,
            "initials": initials(person.name),
            "url": reverse("customer", args=[person.code]),
            "phone": shown_phone(order.phone) if order.phone else "",
            "phone_link": order.phone or "",
            "email": order.email or "",
            "points": balance,
        },
        "others": [_row(one, served_of.get(one.id, []), now) for one in others.rows],
        "elsewhere_line": sales.elsewhere_line(others.elsewhere),
    }


def _row(one: OrderRow, served: Sequence[Served], now: datetime) -> dict[str, Any]:
    store = place(one.location_id)
    return {
        "number": one.number,
        "url": reverse("order", args=[one.number]),
        "placed_at": one.placed_at,
        "zone": store.zone,
        "store_name": store.name,
        "amount": one.amount,
        "status": state_of(one.status, served, now),
    }
