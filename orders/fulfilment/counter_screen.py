"""What the counter's screens show, as plain values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import place
from omni.lib.money import format_cents
from omni.staff.once import new_key
from omni.templatetags.omni import clock, day, moment
from orders.fulfilment import queries, screens
from orders.fulfilment.models import Fulfilment, FulfilmentLine, HandOver
from orders.fulfilment.proofs import Proof
from orders.fulfilment.services.charging import due_for_given
from orders.fulfilment.services.undoing import UNDO_WITHIN
from orders.fulfilment.waiting import counter_screens
from orders.fulfilment.words import state_word
from orders.payments.models import Tender
from orders.payments.queries import Account, account_of
from orders.sales.services import dropping

TENDERS = {Tender.CARD_TERMINAL: "card", Tender.CASH: "cash"}
"""How a customer pays at the counter."""
PLACE_ICONS = {"locker": "locker", "shelf": "shelf", "rail": "hanger"}


def hand_over(
    fulfilment: Fulfilment, proof: Proof | None, now: datetime, *, takes: Mapping[int, int] | None = None
) -> dict[str, Any]:
    """Return the context of the hand-over page; a collected order shows who gave it and when. `takes` is what the
    customer of a reservation takes, as far as it is said: line id → pieces."""
    lines = queries.lines_in_hand(fulfilment)
    account = account_of(fulfilment.order)
    taken = takes or {}
    given = {line.order_line_id: taken.get(line.pk, line.waiting) for line in lines}
    address = [fulfilment.public_id]
    zone = place(fulfilment.location_id).zone
    return {
        "back_url": reverse("today"),
        "scan_url": reverse("scan"),
        "pickup": _ticket(fulfilment, lines, zone),
        "verified": _verified(proof, zone),
        "opened_by": _opened_by(proof, zone),
        "code_url": reverse("hand-over-code", args=address),
        "identity_url": reverse("hand-over-identity", args=address),
        "hand_over_url": reverse("hand-over", args=address),
        "refusal_url": reverse("hand-over-refusal", args=address),
        "lines": [_line(line) | {"choices": _choices(line, taken.get(line.pk))} for line in lines],
        "tried": tried(lines, taken) if fulfilment.reserved and fulfilment.status == Fulfilment.Status.READY else None,
        "sums": _sums(account, due_for_given(fulfilment.order, account, given), fulfilment.order.currency),
        "tenders": [
            {"value": tender.value, "label": tender.label, "icon": icon, "selected": False}
            for tender, icon in TENDERS.items()
        ],
        "arrived": counter_screens.arrival_of(fulfilment, now),
        "longer_url": reverse("keep-longer", args=address) if fulfilment.status == Fulfilment.Status.READY else "",
        "collected": _collected(fulfilment),
        "gone": "" if fulfilment.status == Fulfilment.Status.READY else state_word(fulfilment.kind, fulfilment.status),
        "idempotency_key": new_key(),
        "now": now,
    }


def _sums(account: Account, due: int, currency: str) -> dict[str, Any]:
    return {
        "paid": format_cents(account.paid, currency),
        "refunded": format_cents(-account.refunded, currency),
        "due": format_cents(due, currency),
        "settled": due <= 0,
    }


MOST_CHOICES = 6
"""Pieces of a line up to which each number has its own button."""


def _choices(line: FulfilmentLine, chosen: int | None) -> list[dict[str, Any]]:
    """Return the buttons of a line that was tried: none of it, so many, all."""
    if line.waiting > MOST_CHOICES:
        numbers = [line.waiting, 0]
    else:
        numbers = list(range(line.waiting, -1, -1)) if line.waiting else []
    words = {line.waiting: _("Takes all %(number)s") % {"number": line.waiting}, 0: _("Leaves all")}
    if line.waiting == 1:
        words = {1: _("Takes it"), 0: _("Leaves it")}
    return [
        {"value": number, "label": words.get(number, str(number)), "selected": number == chosen} for number in numbers
    ]


def tried(lines: list[FulfilmentLine], taken: Mapping[int, int]) -> dict[str, Any]:
    """Return how a reservation stands after trying: pieces taken and left, whether every line was said, and whether
    none of what waits is wanted. Where nothing waits any more nothing is left either."""
    waiting = [line for line in lines if line.waiting]
    pieces = sum(taken.get(line.pk, 0) for line in waiting)
    undecided = sum(line.pk not in taken for line in waiting)
    return {
        "undecided": undecided,
        "takes": pieces,
        "leaves": sum(line.waiting - taken[line.pk] for line in waiting if line.pk in taken),
        "none": bool(waiting) and not undecided and not pieces,
    }


def _opened_by(proof: Proof | None, zone: ZoneInfo) -> str:
    if proof is None or proof.how == HandOver.Proof.IDENTITY:
        return ""
    return _("Opened by the pickup code, %(at)s") % {"at": clock(proof.at, zone)}


def _ticket(fulfilment: Fulfilment, lines: list[FulfilmentLine], zone: ZoneInfo) -> dict[str, Any]:
    bags = ngettext("%(count)s bag", "%(count)s bags", 1) % {"count": 1}
    spot = fulfilment.hold_place
    waiting = fulfilment.status == Fulfilment.Status.READY
    return {
        "short_id": fulfilment.short_id,
        "number": fulfilment.order.number,
        "customer_name": screens.customer_name(fulfilment),
        "first_line": _("kept until %(day)s") % {"day": day(fulfilment.keep_until, zone)}
        if fulfilment.keep_until
        else "",
        "state": "ready" if waiting else "done",
        "state_label": _("Ready since %(moment)s") % {"moment": moment(fulfilment.ready_at, zone)}
        if waiting
        else state_word(fulfilment.kind, fulfilment.status),
        "places": [
            {
                "name": spot.name,
                "icon": PLACE_ICONS.get(spot.kind, "bag"),
                "directions": spot.directions,
                "count_label": bags,
            }
        ]
        if spot
        else [],
        "picked_by": fulfilment.picker.name.split(" ")[0] if fulfilment.picker else "",
        "ready_at": fulfilment.ready_at,
        "label_url": reverse("label", args=[fulfilment.public_id]),
        "hold_label_url": reverse("hold-label", args=[fulfilment.public_id]) if spot else "",
    }


def _verified(proof: Proof | None, zone: ZoneInfo) -> dict[str, str] | None:
    if proof is None:
        return None
    labels = {
        HandOver.Proof.CODE: _("Pickup code verified"),
        HandOver.Proof.QR: _("Pickup code verified"),
        HandOver.Proof.IDENTITY: _("Identity seen"),
    }
    detail = _("At %(at)s, by %(name)s") if proof.collected_by else _("At %(at)s")
    return {
        "how": "other" if proof.collected_by else proof.how,
        "label": labels[HandOver.Proof(proof.how)],
        "detail": detail % {"at": clock(proof.at, zone), "name": proof.collected_by},
    }


def _line(line: FulfilmentLine) -> dict[str, Any]:
    variant = line.order_line.variant
    here = line.waiting or line.collected
    given = here > 0
    return {
        "position": line.order_line.position,
        "waiting": line.waiting,
        "name": variant.product.name,
        "detail": variant.label,
        "picture": variant.picture,
        "quantity": here if given else line.quantity,
        "amount": dropping.value_of_first(line.order_line, here if given else line.quantity),
        "given": given,
        "note": _note(line),
    }


def _note(line: FulfilmentLine) -> str:
    """Say what became of the pieces that are not handed over now."""
    counts = {
        _("%(count)s not found"): line.short - line.rerouted,
        _("%(count)s from another store"): line.rerouted,
        _("%(count)s handed over before"): line.collected if line.waiting else 0,
        _("%(count)s not wanted"): line.refused,
    }
    return ", ".join(words % {"count": count} for words, count in counts.items() if count)


def _collected(fulfilment: Fulfilment) -> dict[str, Any] | None:
    if fulfilment.status != Fulfilment.Status.COLLECTED:
        return None
    given = queries.last_hand_over(fulfilment)
    return {"at": given.created_at, "by": given.actor.name} if given else None


def handed_over(fulfilment: Fulfilment, given: HandOver, now: datetime) -> dict[str, Any]:
    """Return the context of the page that says it is done."""
    pieces = sum(one.collected for one in given.lines.all())
    left = sum(line.waiting for line in queries.lines_in_hand(fulfilment))
    undo_until = given.created_at + UNDO_WITHIN
    address = [fulfilment.public_id]
    here = fulfilment.order.events.filter(kind="handed_over", data__fulfilment=fulfilment.pk)
    event = here.order_by("-pk").first()
    points = event.data.get("points", 0) if event else 0
    return {
        "pickup": {
            "short_id": fulfilment.short_id,
            "number": fulfilment.order.number,
            "customer_name": screens.customer_name(fulfilment),
            "pieces": pieces,
            "left": left,
        },
        "handed_over_at": given.created_at,
        "by": given.actor.name,
        "points_line": ngettext("%(count)s point earned", "%(count)s points earned", points) % {"count": points}
        if points
        else "",
        "undo_url": reverse("hand-over-undo", args=address) if now < undo_until else "",
        "undo_until": undo_until,
        "next_url": reverse("today"),
        "order_url": "",
        "receipt_url": reverse("receipt", args=address),
        "scan_url": reverse("scan"),
        "idempotency_key": new_key(),
    }
