"""What orders can be narrowed down by once it is known how they reach the customer: the same set for screen and API."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.fulfilment.models import Fulfilment
from orders.fulfilment.promises import AT_RISK
from orders.sales.filters import OrderFilter
from orders.sales.models import Order

TO_PREPARE = (Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING)
STEPS = (*TO_PREPARE, Fulfilment.Status.READY)
LATE, RISK = "late", "at_risk"


class ServedOrderFilter(OrderFilter):
    """Orders of one actor, also by how far they are, how they reach the customer, and whether the promise holds."""

    status = django_filters.MultipleChoiceFilter(
        method="by_status",
        label=_("State"),
        choices=[*((one.value, one.label) for one in STEPS), *Order.Status.choices],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.MultipleChoiceFilter(
        method="by_kind",
        label=_("Way to the customer"),
        choices=Fulfilment.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    promise = django_filters.MultipleChoiceFilter(
        method="by_promise",
        label=_("Promise"),
        choices=[(LATE, _("Late")), (RISK, _("At risk"))],
        widget=forms.CheckboxSelectMultiple,
    )

    def by_status(self, orders: QuerySet[Order], name: str, wanted: list[str]) -> QuerySet[Order]:
        """Orders in one of these states; what is open may be asked for step by step."""
        whole = [one for one in wanted if one in Order.Status.values]
        steps = [one for one in wanted if one not in Order.Status.values]
        at_step = Q(status=Order.Status.OPEN, pk__in=self._served(status__in=steps)) if steps else Q()
        return orders.filter((Q(status__in=whole) | at_step) if whole else at_step)

    def by_kind(self, orders: QuerySet[Order], name: str, wanted: list[str]) -> QuerySet[Order]:
        """Orders that reach their customer in one of these ways."""
        return orders.filter(pk__in=self._served(kind__in=wanted))

    def by_promise(self, orders: QuerySet[Order], name: str, wanted: list[str]) -> QuerySet[Order]:
        """Open orders whose promise has passed, or will within twenty minutes with nobody at work on it."""
        now = timezone.now()
        asked = Q()
        if LATE in wanted:
            asked |= Q(promised_at__lte=now, status__in=TO_PREPARE)
        if RISK in wanted:
            asked |= self._at_risk(now)
        return orders.filter(status=Order.Status.OPEN, pk__in=self._served(asked))

    def _at_risk(self, now: datetime) -> Q:
        return Q(promised_at__gt=now, promised_at__lte=now + AT_RISK, status=Fulfilment.Status.TO_PICK)

    def _served(self, *asked: Q, **named: Any) -> QuerySet[Any]:
        return Fulfilment.objects.visible_to(self.actor).filter(*asked, **named).values("order")
