"""The list of messages to customers, described."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Message
from inventory.places.queries import place, place_by_code, places_of
from omni.lib.lists import Column, Listing
from omni.staff.access import Actor
from omni.templatetags.omni import figure
from orders.appointments import notices as appointments
from orders.fulfilment import notices, parcel_notices, promise_notices
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes import notices as substitutes
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.parcels.models import TrackingEvent

STATES = {
    Message.Status.QUEUED: "new",
    Message.Status.SENT: "done",
    Message.Status.FAILED: "late",
    Message.Status.DROPPED: "neutral",
}
GONE_ON = gettext_lazy("The parcel had gone on before this message left.")
Question = SubstituteQuestion.Status
WHY_DROPPED: dict[str, Promise] = {
    promise_notices.LOWERED_AGAIN: gettext_lazy("The promise was put off again before this message left."),
    Fulfilment.Status.READY: gettext_lazy("The order was ready before this message left."),
    Fulfilment.Status.COLLECTED: gettext_lazy("The order was collected before this message left."),
    Fulfilment.Status.DISPATCHED: gettext_lazy("The order was sent before this message left."),
    Fulfilment.Status.CANCELLED: gettext_lazy("The order was cancelled before this message left."),
    Fulfilment.Status.EXPIRED: gettext_lazy("The order was given up before this message left."),
    substitutes.because(Question.ACCEPTED): gettext_lazy("The customer had accepted before this message left."),
    substitutes.because(Question.DECLINED): gettext_lazy("The customer had declined before this message left."),
    substitutes.because(Question.EXPIRED): gettext_lazy("The time to answer was over before this message left."),
    substitutes.because(Question.WITHDRAWN): gettext_lazy("The question was taken back before this message left."),
    TrackingEvent.Kind.ACCEPTED: GONE_ON,
    TrackingEvent.Kind.IN_TRANSIT: GONE_ON,
    TrackingEvent.Kind.OUT_FOR_DELIVERY: GONE_ON,
    TrackingEvent.Kind.FAILED_ATTEMPT: GONE_ON,
    parcel_notices.ELSEWHERE: GONE_ON,
    TrackingEvent.Kind.DELIVERED: gettext_lazy("The parcel was delivered before this message left."),
    TrackingEvent.Kind.COLLECTED_AT_RELAY: gettext_lazy("The parcel was collected before this message left."),
    TrackingEvent.Kind.RETURNED: gettext_lazy("The parcel was sent back before this message left."),
    appointments.IS_OFF: gettext_lazy("The appointment was cancelled before this message left."),
    appointments.IS_MOVED: gettext_lazy("The appointment was moved before this message left."),
    appointments.HAS_COME: gettext_lazy("The customer had come, or had not, before this message left."),
}
KINDS = {
    promise_notices.LOWERED: gettext_lazy("Ready later"),
    notices.READY: gettext_lazy("Pickup ready"),
    notices.REMINDER: gettext_lazy("Pickup reminder"),
    notices.REROUTED: gettext_lazy("Another store serves it"),
    substitutes.ASKED: gettext_lazy("Question of what may come instead"),
    notices.DISPATCHED: gettext_lazy("Parcel sent"),
    parcel_notices.AT_RELAY: gettext_lazy("Parcel at the relay point"),
    notices.CANCELLED: gettext_lazy("Pickup cancelled"),
    appointments.BOOKED: gettext_lazy("Appointment confirmed"),
    appointments.MOVED: gettext_lazy("Appointment moved"),
    appointments.CANCELLED: gettext_lazy("Appointment cancelled"),
    appointments.REMINDER: gettext_lazy("Reminder of an appointment"),
}
COLUMNS = (
    Column("kind", gettext_lazy("Message"), "title", fixed=True, card="title"),
    Column("recipient", gettext_lazy("Recipient"), card="strong"),
    Column("order", gettext_lazy("Order"), "linked", card="plain"),
    Column("store", gettext_lazy("Store"), shown=False, card="plain"),
    Column("status", gettext_lazy("State"), "chip", card="state"),
    Column("attempts", gettext_lazy("Attempts"), "number"),
    Column("written", gettext_lazy("Written"), "moment", sort="created_at"),
    Column("sent", gettext_lazy("Sent"), "moment"),
    Column("read", gettext_lazy("As the customer"), "linked", card="plain", offered=lambda: settings.DEMO),
)


def masked(address: str) -> str:
    """Return an address by which somebody recognises their own, and nobody else another's."""
    name, _at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"


def kind_labels() -> dict[str, str]:
    """Return what each template is, in the reader's language."""
    return {template: str(label) for template, label in KINDS.items()}


class MessageFilter(django_filters.FilterSet):
    """Messages of one actor's stores, by state, kind and store."""

    status = django_filters.MultipleChoiceFilter(
        choices=Message.Status.choices,
        label=gettext_lazy("State"),
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    template = django_filters.MultipleChoiceFilter(
        choices=list(KINDS.items()), label=gettext_lazy("Message"), distinct=False, widget=forms.CheckboxSelectMultiple
    )
    store = django_filters.MultipleChoiceFilter(
        method="by_store", label=gettext_lazy("Store"), choices=[], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, queryset: QuerySet[Message], *, actor: Actor) -> None:
        super().__init__(data, queryset)
        stores = places_of(actor.store_ids)
        self.filters["store"].extra["choices"] = [(one.code, one.name) for one in stores]
        if len(stores) < 2:
            del self.filters["store"]

    def by_store(self, found: QuerySet[Message], name: str, codes: list[str]) -> QuerySet[Message]:
        """Messages about these stores."""
        places = [place_by_code(code) for code in codes]
        return found.filter(location__in=[place.id for place in places if place])


def rows(messages: Sequence[Message], actor: Actor) -> list[dict[str, Any]]:
    """Return the rows of some messages. No statement."""
    return [row(message, actor) for message in messages]


def row(message: Message, actor: Actor) -> dict[str, Any]:
    """Return one message as the list shows it."""
    number = message.facts.get("order", "")
    store = place(message.location_id) if message.location_id else None
    address = [message.pk]
    return {
        "key": message.pk,
        "kind": kind_labels().get(message.template, message.template),
        "url": reverse("message", args=address),
        "recipient": masked(message.recipient),
        "order": number,
        "order_url": reverse("order", args=[number]) if number and actor.may("orders.view") else "",
        "store": store.name if store else "",
        "zone": store.zone if store else None,
        "status": {"state": STATES[Message.Status(message.status)], "label": str(message.get_status_display())},
        "attempts": message.attempts,
        "written": message.created_at,
        "sent": message.sent_at,
        "read": _("Read as the customer") if settings.DEMO else "",
        "read_url": reverse("message-as-customer", args=address) if settings.DEMO else "",
    }


def count_words(number: int, more: bool) -> str:
    """Return "41 messages"."""
    if more:
        return _("more than %(number)s messages") % {"number": figure(number)}
    return ngettext("%(number)s message", "%(number)s messages", number) % {"number": figure(number)}


def news_words(number: int) -> str:
    """Return "2 new messages"."""
    return ngettext("%(number)s new message", "%(number)s new messages", number) % {"number": number}


MESSAGES = Listing(
    name="outbox",
    title=gettext_lazy("Messages to customers"),
    permission="messages.view",
    export_permission="messages.export",
    template="customers/messages.html",
    columns=COLUMNS,
    source=lambda actor: Message.objects.filter(location__in=actor.store_ids),
    filters=MessageFilter,
    rows=rows,
    count_words=count_words,
    news_words=news_words,
    default_sort="-written",
    stores=lambda actor: [(one.id, one.name) for one in places_of(actor.store_ids)],
)
