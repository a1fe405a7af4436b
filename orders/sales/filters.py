"""What orders can be narrowed down by: the same set for the screen and for the API."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.queries import finding
from inventory.places.queries import place_by_code, places_of
from omni.staff.access import Actor
from omni.staff.models import Channel
from orders.sales import queries
from orders.sales.models import Order

FIRST_YEAR, LAST_YEAR = 1970, 9000
MOST_PEOPLE = 200
MOST_ORDERS = 200


class OrderFilter(django_filters.FilterSet):
    """Orders of one actor, by text, store, channel, state and day. The queryset must be `visible_to` that actor."""

    text = django_filters.CharFilter(method="by_text", label=_("Number, reference, customer"), max_length=80)
    store = django_filters.ChoiceFilter(method="by_store", label=_("Store"), empty_label=_("All stores"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"), empty_label=_("All channels"))
    status = django_filters.ChoiceFilter(choices=Order.Status.choices, label=_("State"), empty_label=_("All states"))
    day = django_filters.DateFilter(
        method="by_day", label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    customer = django_filters.CharFilter(field_name="customer__code", widget=forms.HiddenInput, max_length=12)

    class Meta:
        model = Order
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Order], *, actor: Actor) -> None:
        super().__init__(data, queryset)
        self.actor = actor
        stores = places_of(actor.store_ids)
        self.filters["store"].extra["choices"] = [(one.code, one.name) for one in stores]
        if len(stores) < 2:
            del self.filters["store"]

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.filters)

    def by_store(self, orders: QuerySet[Order], name: str, code: str) -> QuerySet[Order]:
        """Orders served by a store."""
        place = place_by_code(code)
        return orders.filter(location=place.id) if place else orders.none()

    def by_day(self, orders: QuerySet[Order], name: str, day: date) -> QuerySet[Order]:
        """Orders of a local day. The list's own index reads the instants around it, two days wide of noon."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return orders.none()
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        around = (noon - timedelta(days=2), noon + timedelta(days=2))
        return orders.filter(placed_on=day, placed_at__range=around)

    def by_text(self, orders: QuerySet[Order], name: str, text: str) -> QuerySet[Order]:
        """Orders with this number or reference, or of the people whom the text finds.

        What the text means is looked up first, so that the list itself is read by keys.
        """
        text = " ".join(text.replace("\x00", " ").split())
        if not text:
            return orders
        numbers = [order.number for order in queries.by_reference(text, self.actor, MOST_ORDERS)]
        if numbers or not self.actor.may("customers.view"):
            return orders.filter(number__in=numbers)
        found = finding.by_identity(text, MOST_PEOPLE) or finding.by_name(text, MOST_PEOPLE)
        return orders.filter(customer__in={one.customer_id for one in found})
