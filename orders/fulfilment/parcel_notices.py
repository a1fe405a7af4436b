"""What a customer is told of a parcel that waits at its relay point. The follower takes an event's id, may run
twice."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from customers.models import Message
from customers.services.writing import queue_message
from inventory.places.hour_words import in_words
from orders.fulfilment import queries
from orders.fulfilment.models import Fulfilment
from orders.parcels import queries as parcels
from orders.parcels.models import TrackingEvent
from orders.sales.models import OrderEvent

AT_RELAY = "parcel_at_relay"
ELSEWHERE = "unknown"
"""Why a message is no longer true of a parcel of which nothing is told any more."""


def tell_at_relay(event_id: int) -> None:
    """Tell the customer that a parcel waits at the relay point they chose; once, and not when it is gone again."""
    event = OrderEvent.objects.get(pk=event_id)
    fulfilment = queries.in_hand().get(pk=event.data["fulfilment"])
    customer, parcel_id = fulfilment.order.customer, event.data["parcel"]
    waits = parcels.latest_kind(parcel_id) == TrackingEvent.Kind.AT_RELAY
    if customer is None or fulfilment.kind != Fulfilment.Kind.RELAY or not waits:
        return
    name = (fulfilment.ship_to or {}).get("name", "")
    with translation.override(customer.language):
        queue_message(
            customer=customer,
            template=AT_RELAY,
            subject=_("Your parcel waits at %(point)s") % {"point": name},
            reference=f"at-relay/{parcel_id}",
            facts={
                "fulfilment": fulfilment.pk,
                "order": fulfilment.order.number,
                "short_id": fulfilment.short_id,
                "parcel": parcel_id,
            },
            location_id=fulfilment.location_id,
        )


def outdated(message: Message) -> str:
    """Return what happened to the parcel since; nothing while it waits at the point."""
    kind = parcels.latest_kind(message.facts["parcel"])
    return "" if kind == TrackingEvent.Kind.AT_RELAY else kind or ELSEWHERE


def facts(message: Message, fulfilment: Fulfilment) -> dict[str, Any]:
    """Return what a letter says of the parcels: where each can be followed, and the relay point with its hours."""
    known = [one for one in parcels.of_fulfilment(fulfilment.pk) if one.tracking_number] if fulfilment.is_sent else []
    at_point = message.facts.get("parcel") if message.template == AT_RELAY else None
    shown = [one for one in known if at_point in {None, one.id}]
    return {
        "parcels": [
            {"number": one.number, "carrier": one.carrier_name, "tracking_number": one.tracking_number, "url": one.url}
            for one in shown
        ],
        "relay": relay_of(fulfilment),
    }


def relay_of(fulfilment: Fulfilment) -> dict[str, Any] | None:
    """Return the relay point of a fulfilment as its customer reads it, None for another way."""
    point = fulfilment.ship_to or {}
    if fulfilment.kind != Fulfilment.Kind.RELAY:
        return None
    return {
        "name": point["name"],
        "address": ", ".join(
            part for part in (point["line"], f"{point['postal_code']} {point['town']}".strip()) if part
        ),
        "hours": in_words(point["hours"]) if point["hours"] else "",
        "latitude": point["latitude"],
        "longitude": point["longitude"],
    }
