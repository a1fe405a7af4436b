"""What a customer is told, and when: followers of events. Each takes an event's id and may run twice."""

from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.hour_words import in_words
from inventory.places.queries import Place, place
from omni.lib import qr
from omni.lib.money import format_cents
from omni.templatetags.omni import clock
from orders.fulfilment import codes, locks, parcel_notices, promise_notices, queries
from orders.fulfilment.models import Fulfilment
from orders.fulfilment.substitutes import notices as substitutes
from orders.fulfilment.waiting import links
from orders.payments import queries as payment_queries
from orders.sales import events
from orders.sales.models import OrderEvent

READY, DISPATCHED, REROUTED, CANCELLED = "pickup_ready", "dispatched", "rerouted", "pickup_cancelled"
REMINDER = "pickup_reminder"
WITH_CODE = {READY, REMINDER}
"""What says how a pickup that waits is collected; no longer true once it does not wait."""


def tell_ready(event_id: int) -> None:
    """Tell the customer that a pickup is ready, with its code."""
    event, fulfilment = _of(event_id)
    _queue(
        event,
        fulfilment,
        READY,
        lambda: (
            _("%(short_id)s is reserved for you at %(store)s")
            if fulfilment.reserved
            else _("%(short_id)s is ready at %(store)s")
        ),
    )


def tell_dispatched(event_id: int) -> None:
    """Tell the customer that a parcel left."""
    event, fulfilment = _of(event_id)
    _queue(event, fulfilment, DISPATCHED, lambda: _("%(short_id)s left %(store)s"))


def tell_given_up(event_id: int) -> None:
    """Tell the customer that a pickup was cancelled, or given up because nobody came."""
    event, fulfilment = _of(event_id)
    if all(line.rerouted == line.quantity for line in queries.lines_in_hand(fulfilment)):
        return  # another store serves all of it, and that was told
    _queue(
        event,
        fulfilment,
        CANCELLED,
        lambda: (
            _("Your reservation %(short_id)s at %(store)s has ended")
            if fulfilment.reserved
            else _("%(short_id)s at %(store)s is cancelled")
        ),
    )


def tell_rerouted(event_id: int) -> None:
    """Tell the customer that another store serves what one could not find."""
    event, fulfilment = _of(event_id)
    _queue(event, fulfilment, REROUTED, lambda: _("A part of your order comes from %(store)s"))


def _of(event_id: int) -> tuple[OrderEvent, Fulfilment]:
    event = OrderEvent.objects.get(pk=event_id)
    return event, queries.in_hand().get(pk=event.data["fulfilment"])


def _queue(event: OrderEvent, fulfilment: Fulfilment, template: str, subject: Any) -> None:
    customer = fulfilment.order.customer
    if customer is None:
        return
    store = place(fulfilment.location_id)
    with translation.override(customer.language):
        queue_message(
            customer=customer,
            template=template,
            subject=subject() % {"short_id": fulfilment.short_id, "store": store.name},
            reference=_reference(event.pk),
            facts={"fulfilment": fulfilment.pk, "order": fulfilment.order.number, "short_id": fulfilment.short_id},
            location_id=fulfilment.location_id,
        )


def outdated(message: Message) -> str:
    """Return why a message is no longer true: "it is ready" is not said of what was collected or given up meanwhile.

    Before it is dropped the pickup is locked: an undo either comes first, and the message is sent, or finds it dropped.
    """
    pk = message.facts.get("fulfilment")
    if message.template == promise_notices.LOWERED:
        return promise_notices.outdated(message)
    if message.template == substitutes.ASKED:
        return substitutes.outdated(message)
    if message.template == parcel_notices.AT_RELAY:
        return parcel_notices.outdated(message)
    if message.template not in WITH_CODE or Fulfilment.objects.filter(pk=pk, status=Fulfilment.Status.READY).exists():
        return ""
    status = locks.lock_status(pk)
    return "" if status == Fulfilment.Status.READY else status


def was_never_told(fulfilment: Fulfilment) -> bool:
    """Whether the last "it is ready" of this pickup was dropped, so that its customer does not know the code. The
    pickup is locked by whoever asks."""
    ready = OrderEvent.objects.filter(order=fulfilment.order_id, kind=events.READY, data__fulfilment=fulfilment.pk)
    last = ready.order_by("-pk").values_list("pk", flat=True).first()
    return Message.objects.filter(reference=_reference(last), status=Message.Status.DROPPED).exists()


def _reference(event_id: int | None) -> str:
    return f"event/{event_id}"


def _given_back(template: str, fulfilment: Fulfilment) -> int:
    """Return the cents that went back for what the letter tells of: another part of the order has letters of its
    own."""
    ending = {DISPATCHED: "dispatch", CANCELLED: fulfilment.status}.get(template, "ready")
    return payment_queries.given_back(fulfilment.order_id, fulfilment.refund_reference(ending))


def compose(message: Message) -> dict[str, Any]:
    """Return what a message's template shows. The code is made here, when it is sent, and kept nowhere."""
    fulfilment = queries.in_hand().get(pk=message.facts["fulfilment"])
    store = place(fulfilment.location_id)
    lines = queries.lines_in_hand(fulfilment)
    digits = codes.digits(fulfilment.public_id, fulfilment.code_round)
    refunded = _given_back(message.template, fulfilment)
    return {
        "first_name": message.customer.given_name or message.customer.name,
        "house": settings.HOUSE_NAME,
        "customer_url": links.address_of(fulfilment.order),
        "store": store.name,
        "address": store.address_line,
        "hours": in_words(store.hours_text),
        "short_id": fulfilment.short_id,
        "order_number": fulfilment.order.number,
        "code": f"{digits[:3]} {digits[3:]}" if message.template in WITH_CODE else "",
        "hold_until": _kept(store, fulfilment),
        "pieces": sum(line.waiting or line.picked for line in lines),
        "lines": [{"name": line.order_line.name, "quantity": line.quantity} for line in lines],
        "missing": [
            {"name": line.order_line.name, "quantity": line.short - line.rerouted}
            for line in lines
            if line.short > line.rerouted
        ],
        "ships": fulfilment.is_sent,
        "promised": _("%(day)s at %(time)s")
        % {"day": _day(store, fulfilment.promised_at), "time": clock(fulfilment.promised_at, store.zone)},
        "refunded": format_cents(refunded, fulfilment.order.currency) if refunded else "",
        "reason": _("It was kept as long as we could.") if fulfilment.status == Fulfilment.Status.EXPIRED else "",
        "reserved": fulfilment.reserved,
        **promise_notices.facts(message, store),
        **substitutes.facts(message, store),
        **parcel_notices.facts(message, fulfilment),
    }


def _kept(store: Place, fulfilment: Fulfilment) -> str:
    """Return the day until which it is kept; of a reservation, which ends with the day, the time too."""
    if fulfilment.keep_until is None:
        return ""
    day = _day(store, fulfilment.keep_until)
    if not fulfilment.reserved:
        return day
    return _("%(day)s at %(time)s") % {"day": day, "time": clock(fulfilment.keep_until, store.zone)}


def _day(store: Place, instant: datetime) -> str:
    """Return the day of the store as a sentence names it: `dimanche 29 novembre`."""
    return str(format_date(store.local(instant).date(), "EEEE d MMMM", locale=translation.get_language() or "en"))


def attach(message: Message) -> list[tuple[str, bytes, str]]:
    """Return the QR of a pickup that is ready: content id, bytes, kind."""
    if message.template not in WITH_CODE:
        return []
    fulfilment = Fulfilment.objects.get(pk=message.facts["fulfilment"])
    return [("qr", qr.png(codes.qr_text(fulfilment.public_id, fulfilment.code_round)), "png")]
