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
AROUND = timedelta(days=2)
"""No clock of any zone is as far from UTC as this."""


def _day() -> forms.DateInput:
    """Return a field for a day, as browsers write it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _is_told(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


class OrderFilter(django_filters.FilterSet):
    """Orders of one actor, by text, store, channel, state and days. The queryset must be `visible_to` that actor."""

    text = django_filters.CharFilter(method="by_text", label=_("Number, reference, customer"), max_length=80)
    store = django_filters.MultipleChoiceFilter(
        method="by_store", label=_("Store"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    channel = django_filters.MultipleChoiceFilter(
        choices=Channel.choices, label=_("Channel"), distinct=False, widget=forms.CheckboxSelectMultiple
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Order.Status.choices, label=_("State"), distinct=False, widget=forms.CheckboxSelectMultiple
    )
    placed_from = django_filters.DateFilter(method="since", label=_("Placed from"), widget=_day())
    placed_to = django_filters.DateFilter(method="until", label=_("Placed to"), widget=_day())
    day = django_filters.DateFilter(method="by_day", label=_("Day"), widget=forms.HiddenInput)
    customer = django_filters.CharFilter(
        field_name="customer__code", label=_("One customer"), widget=forms.HiddenInput, max_length=12
    )

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

    def by_store(self, orders: QuerySet[Order], name: str, codes: list[str]) -> QuerySet[Order]:
        """Orders served by these stores."""
        places = [place_by_code(code) for code in codes]
        return orders.filter(location__in=[place.id for place in places if place])

    def by_day(self, orders: QuerySet[Order], name: str, day: date) -> QuerySet[Order]:
        """Orders of a local day."""
        return self.until(self.since(orders, name, day), name, day)

    def since(self, orders: QuerySet[Order], name: str, day: date) -> QuerySet[Order]:
        """Orders of a local day or later. The list's own index reads from an instant two days before its noon."""
        return orders.filter(placed_on__gte=day, placed_at__gte=_noon(day) - AROUND) if _is_told(day) else orders.none()

    def until(self, orders: QuerySet[Order], name: str, day: date) -> QuerySet[Order]:
        """Orders of a local day or earlier."""
        return orders.filter(placed_on__lte=day, placed_at__lte=_noon(day) + AROUND) if _is_told(day) else orders.none()

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
