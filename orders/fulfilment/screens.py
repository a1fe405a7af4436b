"""What each screen of the counter shows, as plain values: computed here, once, so that templates ask for nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.hours import next_opening
from inventory.places.queries import Place, hold_places
from omni.lib.money import format_cents
from omni.staff.once import new_key
from omni.templatetags.omni import clock, day
from orders.fulfilment import carrying, promises, queries
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.place_map import store_map
from orders.fulfilment.queries import Waiting
from orders.fulfilment.substitutes import queries as substitutes
from orders.fulfilment.substitutes import words
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.waiting import counter_screens
from orders.fulfilment.waiting import queries as waiting_queries

READY_ROWS = 6
SEGMENTS = 24


def ready(store: Place, now: datetime) -> dict[str, Any]:
    """Return the context of everything that waits in a store."""
    waiting = queries.ready(store.id, 500)
    return {
        "store": store,
        "back_url": reverse("today"),
        "scan_url": reverse("scan"),
        "ready": [_ready_row(one, store, now) for one in waiting],
        "map": store_map(store.id, waiting),
    }


def kind_label(kind: str) -> str:
    """Return the word of a queue row for a kind of fulfilment."""
    words = {
        Fulfilment.Kind.SHIP: _("Delivery"),
        Fulfilment.Kind.RELAY: _("Relay point"),
        Fulfilment.Kind.RESERVATION: _("Reservation"),
    }
    return words.get(Fulfilment.Kind(kind), _("Pickup"))


def today_standing(store: Place, now: datetime) -> queries.Standing:
    """Return what a page of today's queue is compared by, and who comes by appointment. One statement."""
    today = store.local(now).date()
    found = queries.standing(store.id, today, now)
    return replace(found, version=f"{today:%d}.{found.version}")


def today(store: Place, actor_id: int, now: datetime, standing: queries.Standing) -> dict[str, Any]:
    """Return the context of a store's queue. Five statements beside the standing's, whatever the queue's length;
    the standing was asked first: what changes meanwhile is seen by the next poll."""
    counts = queries.counts(store.id, now)
    preparing = queries.to_prepare(store.id)
    waiting = queries.ready(store.id, READY_ROWS)
    opening, zone = next_opening(store, now), store.zone
    return {
        "arrived": counter_screens.arrivals(store, now),
        "bags": waiting_queries.bags_waiting(store.id),
        "store": store,
        "today": store.local(now).date(),
        "queue_url": reverse("today"),
        "queue_version": standing.version,
        "visits_line": _visits_line(standing),
        "counts": counts,
        "to_pick": _to_pick_rows(preparing, store, actor_id, now),
        "ready": [_ready_row(one, store, now) for one in waiting],
        "ready_url": reverse("ready"),
        "next_line": _("The store opens %(when)s.") % {"when": f"{day(opening, zone)} {clock(opening, zone)}"}
        if opening
        else "",
        "scan_url": reverse("scan"),
    }


def _visits_line(standing: queries.Standing) -> str:
    """Return who waits and who comes within the hour by appointment; nothing when nobody does."""
    waiting = ngettext("%(number)s person waits", "%(number)s people wait", standing.waiting)
    coming = ngettext(
        "%(number)s appointment within the hour", "%(number)s appointments within the hour", standing.coming
    )
    told = [(standing.waiting, waiting), (standing.coming, coming)]
    return " · ".join(words % {"number": number} for number, words in told if number)


def _to_pick_rows(preparing: list[Waiting], store: Place, actor_id: int, now: datetime) -> list[dict[str, Any]]:
    rows = [_to_pick_row(one, store, actor_id, now) for one in preparing]
    first = next((row for row in rows if not row["taken"]), None)
    if first:
        first["primary"] = True
    return rows


def _to_pick_row(one: Waiting, store: Place, actor_id: int, now: datetime) -> dict[str, Any]:
    picking = one.status == Fulfilment.Status.PICKING
    state = promises.state(promised_at=one.promised_at, picking=picking, now=now)
    at = clock(one.promised_at, store.zone)
    pieces = ngettext("%(pieces)s item", "%(pieces)s items", one.pieces) % {"pieces": one.pieces}
    return {
        "order": one.public_id,
        "short_id": one.short_id,
        "customer_name": one.customer,
        "pieces": one.pieces,
        "promised_at": one.promised_at.isoformat(),
        "time": at,
        "state": state,
        "state_words": _state_words(state, one),
        "what": f"{pieces} · {kind_label(one.kind)} {at}",
        "instead_of": clock(one.first_promised_at, store.zone) if one.first_promised_at else "",
        "picked_by": one.picker if picking else "",
        "mine": picking and one.picker_id == actor_id,
        "taken": picking and one.picker_id != actor_id,
        "pictures": one.pictures[: queries.PICTURES],
        "more": max(0, one.pieces - min(len(one.pictures), queries.PICTURES)),
        "url": reverse("picking", args=[one.public_id]),
        "idempotency_key": new_key(),
        "reserved": one.kind == Fulfilment.Kind.RESERVATION,
    }


def _state_words(state: str, one: Waiting) -> str:
    if state == "in_progress":
        return _("%(who)s, %(done)s of %(all)s") % {"who": one.picker, "done": one.picked, "all": one.pieces}
    return {"late": _("late"), "at_risk": _("at risk")}.get(state) or _("to prepare")


def _ready_row(one: Waiting, store: Place, now: datetime) -> dict[str, Any]:
    last_day = one.keep_until is not None and store.local(one.keep_until).date() <= store.local(now).date()
    return {
        "short_id": one.short_id,
        "customer_name": one.customer,
        "keep_until": one.keep_until,
        "reserved": one.kind == Fulfilment.Kind.RESERVATION,
        "places": [one.place],
        "url": reverse("hand-over", args=[one.public_id]),
        "label_url": reverse("label", args=[one.public_id]),
        "last_day": last_day,
        "longer_url": reverse("keep-longer", args=[one.public_id]),
        "idempotency_key": new_key(),
    }


def customer_name(fulfilment: Fulfilment) -> str:
    """Return whom the order is for."""
    customer = fulfilment.order.customer
    return customer.name if customer else fulfilment.order.number


def head(fulfilment: Fulfilment, lines: list[FulfilmentLine], actor_id: int, now: datetime) -> dict[str, Any]:
    """Return the head of a task on one order."""
    picking = fulfilment.status == Fulfilment.Status.PICKING
    state = promises.state(promised_at=fulfilment.promised_at, picking=picking, now=now)
    somebody_else = picking and fulfilment.picker and fulfilment.picker_id != actor_id
    return {
        "short_id": fulfilment.short_id,
        "number": fulfilment.order.number,
        "customer_name": customer_name(fulfilment),
        "kind": fulfilment.kind,
        "kind_label": _("Store pickup") if fulfilment.kind == Fulfilment.Kind.PICKUP else kind_label(fulfilment.kind),
        "promised_at": fulfilment.promised_at,
        "state": "ready" if fulfilment.status == Fulfilment.Status.READY else state,
        "pieces": sum(line.quantity for line in lines),
        "picked": sum(line.picked for line in lines),
        "short": sum(line.short for line in lines),
        "picker": fulfilment.picker.name.split(" ")[0] if somebody_else and fulfilment.picker else "",
        "label_url": reverse("label", args=[fulfilment.public_id]),
        "list_url": f"{reverse('pick-lists')}?order={fulfilment.public_id}",
        "camera_url": f"{reverse('scan-camera')}?for={fulfilment.public_id}",
    }


def pick(fulfilment: Fulfilment, actor_id: int, now: datetime, *, problem: str = "") -> dict[str, Any]:
    """Return the context of the picking page."""
    lines = queries.lines_in_hand(fulfilment)
    asked = substitutes.asked(fulfilment.pk)
    ships = fulfilment.is_sent
    packs = carrying.is_packed_here(fulfilment)
    pickup = head(fulfilment, lines, actor_id, now) | {
        "ready_url": _ready_url(fulfilment, packs=packs),
        "ships": ships,
        "packs": packs,
        "packing_url": reverse("packing", args=[fulfilment.public_id]) if packs else "",
        "ready_blocked": _blocked(lines, asked),
        "cancel_url": reverse("cancellation", args=[fulfilment.public_id])
        if _nothing_found(lines) and not asked
        else "",
        "all_elsewhere": all(line.rerouted == line.quantity for line in lines),
        "return_url": reverse("queue-return", args=[fulfilment.public_id]),
    }
    return {
        "back_url": reverse("today"),
        "scan_url": reverse("pick-scans", args=[fulfilment.public_id]),
        "scan_keeps": True,
        "pickup": pickup,
        "lines": [pick_line(fulfilment, line) for line in lines],
        "segments": segments(lines),
        "hold_places": [] if ships else _hold_places(fulfilment),
        **words.strip(fulfilment, asked),
        "carriers": carrying.choices(fulfilment) if packs else [],
        "problem": problem,
        "idempotency_key": new_key(),
    }


def _ready_url(fulfilment: Fulfilment, *, packs: bool) -> str:
    """Return where the last button leads: a place, parcels, or the door."""
    name = "packing-parcels" if packs else "dispatch" if fulfilment.is_sent else "ready-declaration"
    return reverse(name, args=[fulfilment.public_id])


def _blocked(lines: list[FulfilmentLine], asked: list[SubstituteQuestion]) -> str:
    still_open = sum(line.quantity - line.picked - line.short for line in lines)
    if still_open:
        return _("Still %(count)s to pick") % {"count": still_open}
    if asked:
        return _("The customer is still asked")
    return _("Nothing was found") if _nothing_found(lines) else ""


def _nothing_found(lines: list[FulfilmentLine]) -> bool:
    return all(line.short == line.quantity for line in lines)


def pick_line(fulfilment: Fulfilment, line: FulfilmentLine) -> dict[str, Any]:
    """Return one line of an order in hand."""
    variant = line.order_line.variant
    address = [fulfilment.public_id, line.order_line.position]
    return {
        "id": line.order_line.position,
        "name": variant.product.name,
        "detail": variant.label,
        "place": variant.shelf,
        "gtin": variant.gtin or variant.sku,
        "quantity": line.quantity,
        "picked": line.picked,
        "short": line.short,
        "open": line.quantity - line.picked - line.short,
        "instead_of": line.order_line.instead_of.name if line.order_line.instead_of else "",
        "short_reason_label": _short_label(line),
        "reported_by": line.short_by.name.split(" ")[0] if line.short_by else "",
        "reported_at": line.short_at,
        "picture": variant.picture,
        "price_label": format_cents(line.order_line.unit_price or 0),
        "pick_url": reverse("pick-line", args=address),
        "short_url": reverse("short-line", args=address),
        "consequence": "",
    }


def _short_label(line: FulfilmentLine) -> str:
    """Say why pieces are missing, and whether another store serves them."""
    reason = line.get_short_reason_display()
    if not line.rerouted:
        return reason
    return _("%(reason)s, another store serves it") % {"reason": reason}


def segments(lines: list[FulfilmentLine]) -> list[str]:
    """Return one word per piece; above `SEGMENTS` pieces, as many segments in proportion."""
    pieces = [
        word
        for line in lines
        for word in ["picked"] * line.picked
        + ["short"] * line.short
        + ["open"] * (line.quantity - line.picked - line.short)
    ]
    if len(pieces) <= SEGMENTS:
        return pieces
    ordered = sorted(pieces, key=["picked", "open", "short"].index)
    return [ordered[index * len(ordered) // SEGMENTS] for index in range(SEGMENTS)]


def _hold_places(fulfilment: Fulfilment) -> list[dict[str, Any]]:
    used = queries.places_in_use(fulfilment.location_id)
    spots = hold_places(fulfilment.location_id)
    free = min(spots, key=lambda spot: (used.get(spot.pk, 0), spot.position), default=None)
    return [
        {
            "value": spot.pk,
            "name": spot.name,
            "note": _("free") if not used.get(spot.pk) else _("%(count)s here") % {"count": used[spot.pk]},
            "selected": spot is free,
        }
        for spot in spots
    ]
