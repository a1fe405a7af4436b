"""What the packing page shows, as plain values: parcels that are closed, the open one, and what is in none yet."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import place
from omni.staff.once import new_key
from omni.templatetags.omni import figure
from orders.fulfilment import carrying, parcel_notices, queries, screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.parcels import queries as parcels
from orders.parcels.models import HEAVIEST, ParcelLine
from orders.parcels.queries import Standing
from orders.parcels.services import packing


def page(fulfilment: Fulfilment, actor_id: int, now: datetime, *, problem: str = "") -> dict[str, Any]:
    """Return the context of the packing page."""
    lines = queries.lines_in_hand(fulfilment)
    packed = parcels.of_fulfilment(fulfilment.pk)
    opened = next((one for one in packed if one.is_open), None)
    closed = [one for one in packed if not one.is_open]
    loose = sum(line.picked - line.packed for line in lines)
    number = opened.number if opened else packing.next_number(fulfilment.pk)
    return {
        "back_url": reverse("today") if packed else reverse("picking", args=[fulfilment.public_id]),
        "scan_url": reverse("packing-scans", args=[fulfilment.public_id]),
        "scan_keeps": True,
        "store": place(fulfilment.location_id),
        "pickup": screens.head(fulfilment, lines, actor_id, now),
        "to": _to(fulfilment),
        "parcels": [_parcel(one) for one in closed],
        "open": _open(opened) if opened else None,
        "next_number": number,
        "lines": _lines(fulfilment, lines, opened) if loose or opened else [],
        "loose": loose,
        "rest": _rest(number, loose) if loose else "",
        "unlabelled": [one.number for one in closed if not one.booked_at],
        "pack_url": reverse("packing-parcels", args=[fulfilment.public_id]),
        "leaves_url": reverse("dispatch", args=[fulfilment.public_id]),
        "heaviest": HEAVIEST,
        "carriers": carrying.choices(fulfilment),
        "problem": problem,
        "idempotency_key": new_key(),
    }  # fmt: skip


def pieces(number: int) -> str:
    """Return "3 items"."""
    return ngettext("%(count)s item", "%(count)s items", number) % {"count": number}


def _rest(number: int, loose: int) -> str:
    return _("Put all in parcel %(number)s: %(pieces)s") % {"number": number, "pieces": pieces(loose)}


def _to(fulfilment: Fulfilment) -> dict[str, str]:
    """Return where it goes: the relay point, or the town."""
    relay = parcel_notices.relay_of(fulfilment)
    if relay:
        return {"icon": "store", "name": relay["name"], "address": relay["address"]}
    to = fulfilment.ship_to or {}
    town = f"{to.get('postal_code') or ''} {to.get('town') or ''}".strip()
    return {"icon": "truck", "name": to.get("name") or screens.customer_name(fulfilment),
            "address": ", ".join(part for part in (to.get("line"), town) if part)}  # fmt: skip


def _parcel(one: Standing) -> dict[str, Any]:
    weight = _("%(grams)s g") % {"grams": figure(one.weight_grams)} if one.weight_grams else ""
    return {
        "number": one.number,
        "what": " · ".join(part for part in (pieces(one.pieces), weight, one.carrier_name) if part),
        "tracking_number": one.tracking_number,
        "has_label": bool(one.booked_at),
        "state": "done" if one.booked_at else "at_risk",
        "state_label": _("Label ready") if one.booked_at else _("Without label"),
        "label_url": reverse("parcel-label", args=[one.public_id]),
        "unpack_url": reverse("parcel-unpacking", args=[one.public_id]),
    }


def _open(one: Standing) -> dict[str, Any]:
    return {
        "number": one.number,
        "close": _("Close parcel %(number)s: %(pieces)s") % {"number": one.number, "pieces": pieces(one.pieces)},
    }


def _lines(fulfilment: Fulfilment, lines: list[FulfilmentLine], opened: Standing | None) -> list[dict[str, Any]]:
    """Return what is in no closed parcel: how many pieces are in the open one, how many in none."""
    found = ParcelLine.objects.filter(parcel=opened.id) if opened else ParcelLine.objects.none()
    inside = dict(found.values_list("line", "quantity"))
    return [
        {
            "id": line.order_line.position,
            "name": line.order_line.variant.product.name,
            "detail": line.order_line.variant.label,
            "gtin": line.order_line.variant.gtin or line.order_line.variant.sku,
            "picture": line.order_line.variant.picture,
            "inside": inside.get(line.pk, 0),
            "of": inside.get(line.pk, 0) + line.picked - line.packed,
            "loose": line.picked - line.packed,
            "url": reverse("packing-line", args=[fulfilment.public_id, line.order_line.position]),
        }
        for line in lines
        if line.picked > line.packed or inside.get(line.pk)
    ]
