"""What somebody sees who prepares several orders in one walk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from inventory.places.queries import Place
from omni.staff.once import new_key
from omni.templatetags.omni import clock
from orders.fulfilment import choosing, promises, queries, screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.walking import letter, walking_order


def wave(fulfilments: Sequence[Fulfilment], store: Place, now: datetime, **more: Any) -> dict[str, Any]:
    """Return the context: a box for each order, and the articles in the order of the walk. One statement per order."""
    lines = {one: queries.lines_in_hand(one) for one in fulfilments}
    letters = {one: letter(number) for number, one in enumerate(fulfilments)}
    asked = choosing.query(fulfilments)
    return {
        "store": store,
        "back_url": reverse("today"),
        "scan_url": f"{reverse('wave-scans')}?{asked}",
        "pick_url": f"{reverse('wave-picks')}?{asked}",
        "list_url": f"{reverse('pick-lists')}?{asked}",
        "scan_keeps": True,
        "boxes": [_box(one, letters[one], lines[one], store, now) for one in fulfilments],
        "stops": _stops(lines, letters),
        "pieces": sum(line.quantity for some in lines.values() for line in some),
        "picked": sum(line.picked for some in lines.values() for line in some),
        "short": sum(line.short for some in lines.values() for line in some),
        "segments": screens.segments([line for some in lines.values() for line in some]),
        "idempotency_key": new_key(),
        **more,
    }


def _box(one: Fulfilment, letter: str, lines: list[FulfilmentLine], store: Place, now: datetime) -> dict[str, Any]:
    still_open = sum(line.quantity - line.picked - line.short for line in lines)
    return {
        "letter": letter,
        "short_id": one.short_id,
        "name": screens.customer_name(one),
        "time": clock(one.promised_at, store.zone),
        "state": promises.state(promised_at=one.promised_at, picking=True, now=now) if still_open else "ready",
        "picked": sum(line.picked for line in lines),
        "pieces": sum(line.quantity for line in lines),
        "open": still_open,
        "url": reverse("picking", args=[one.public_id]),
    }


def _stops(lines: dict[Fulfilment, list[FulfilmentLine]], letters: dict[Fulfilment, str]) -> list[dict[str, Any]]:
    """Return each article once, with the boxes it goes into."""
    stops: dict[int, dict[str, Any]] = {}
    for one, some in lines.items():
        for line in some:
            shown = screens.pick_line(one, line)
            stop = stops.setdefault(line.order_line.variant_id, {**shown, "parts": []})
            stop["parts"].append({**shown, "letter": letters[one], "order": one.public_id, "short_id": one.short_id})
    for stop in stops.values():
        stop["open"] = sum(part["open"] for part in stop["parts"])
    return sorted(stops.values(), key=lambda stop: (stop["open"] == 0, walking_order(stop["place"])))
