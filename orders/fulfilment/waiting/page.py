"""What an order's own page shows its customer, as plain values: a card for each fulfilment, then what is to be paid."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from inventory.places.hour_words import in_words
from inventory.places.hours import is_open, next_closing, next_opening
from inventory.places.queries import Place, place
from omni.lib import qr
from omni.lib.money import format_cents
from omni.staff.once import new_key
from omni.templatetags.omni import clock, moment
from orders.fulfilment import codes, queries
from orders.fulfilment.keeping import kept_until
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.substitutes import queries as substitute_questions
from orders.fulfilment.substitutes import words as substitutes
from orders.fulfilment.substitutes.models import SubstituteQuestion
from orders.fulfilment.waiting import offers, page_goods, page_parcels, page_words
from orders.fulfilment.waiting.links import Page
from orders.fulfilment.waiting.models import Arrival
from orders.parcels import queries as parcels
from orders.parcels.queries import Standing
from orders.payments.queries import Account, account_of
from orders.sales.models import Order

DIRECTIONS = (
    "https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=18/{latitude:.5f}/{longitude:.5f}"
)
"""Opened by the customer alone; nothing of another host is in the page."""
SHAPES = {
    Fulfilment.Status.TO_PICK: "new",
    Fulfilment.Status.PICKING: "in_progress",
    Fulfilment.Status.READY: "ready",
    Fulfilment.Status.COLLECTED: "done",
    Fulfilment.Status.DISPATCHED: "done",
    Fulfilment.Status.EXPIRED: "neutral",
    Fulfilment.Status.CANCELLED: "neutral",
}
STEP = {Fulfilment.Status.TO_PICK: 0, Fulfilment.Status.PICKING: 1, Fulfilment.Status.READY: 2}


def context(page: Page, now: datetime, *, said: str = "", problem: str = "") -> dict[str, Any]:
    """Return the whole page. `said` is the word of what was just done; `problem` the sentence of a refusal."""
    order = page.order
    account = account_of(order)
    goods = [(one, queries.lines_in_hand(one)) for one in page.fulfilments]
    sent = [one.pk for one in page.fulfilments if one.status == Fulfilment.Status.DISPATCHED]
    tracked = parcels.of_fulfilments(sent) if sent else {}
    cards = [
        card(one, lines, now, paid=account.paid > 0, tracked=tracked.get(one.pk, []))
        for one, lines in goods
        if not page_goods.elsewhere(lines)
    ]
    first_name = order.customer.given_name if order.customer else ""
    main = next((one for one in cards if one["here"]), None)
    if main:
        main["main"] = True
    return {
        "house": settings.HOUSE_NAME,
        "title": _title(cards, tracked, page, first_name),
        "number": order.number,
        "cards": cards,
        "alone": len(cards) == 1,
        "main": main,
        "sums": _sums(order, account, ended=all(one.ended_at or one.ship_to for one in page.fulfilments)),
        "said": page_words.done(said, order) if not problem else "",
        "problem": problem,
    }


def _title(cards: list[dict[str, Any]], tracked: dict[int, list[Standing]], page: Page, first_name: str) -> str:
    if len(cards) > 1:
        return page_words.several(first_name)
    arrived = page_parcels.greeting([one for own in page.fulfilments for one in tracked.get(own.pk, [])], first_name)
    return arrived or page_words.greeting(cards[0]["status"], first_name, reserved=page.order.reserved)


def card(
    fulfilment: Fulfilment,
    lines: list[FulfilmentLine],
    now: datetime,
    *,
    paid: bool,
    tracked: Collection[Standing] = (),
) -> dict[str, Any]:
    """Return one fulfilment: its state in words, its code while it is ready, its goods, what its customer may do."""
    store = place(fulfilment.location_id)
    status = Fulfilment.Status(fulfilment.status)
    ready = status == Fulfilment.Status.READY
    late = status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING} and now >= fulfilment.promised_at
    return {
        "id": fulfilment.public_id,
        "short_id": fulfilment.short_id,
        "status": status,
        "kind": fulfilment.kind,
        "state": "at_risk" if late else SHAPES[status],
        "state_label": page_parcels.state(tracked) or page_words.state(status, late=late, reserved=fulfilment.reserved),
        "reserved": fulfilment.reserved,
        "text": _text(fulfilment, store, late=late, paid=paid),
        "steps": _steps(fulfilment, tracked),
        "parcels": page_parcels.rows(tracked, store),
        "relay": page_parcels.relay(fulfilment, DIRECTIONS),
        "code": _code(fulfilment) if ready else None,
        "store": _store(store, now),
        "ships": fulfilment.is_sent,
        "kept": _kept(fulfilment, store) if ready else None,
        "lines": [page_goods.line(line, fulfilment) for line in lines],
        "asked": [substitutes.asked(one, store, fulfilment.order.currency) for one in _asked(fulfilment, now)],
        "arrived": _arrived(fulfilment, store) if ready else None,
        **offers.of(fulfilment, store),
        "idempotency_key": new_key(),
    }


def _asked(fulfilment: Fulfilment, now: datetime) -> list[SubstituteQuestion]:
    """Return what the customer can still answer."""
    if fulfilment.status not in STEP:
        return []
    return [one for one in substitute_questions.asked(fulfilment.pk) if one.answer_by > now]


def _text(fulfilment: Fulfilment, store: Place, *, late: bool, paid: bool) -> str:
    ended = {"when": page_words.long_moment(store, fulfilment.ended_at) if fulfilment.ended_at else ""}
    match Fulfilment.Status(fulfilment.status):
        case Fulfilment.Status.TO_PICK | Fulfilment.Status.PICKING:
            if late:
                return _("It takes longer than we promised, and we are sorry. We write as soon as it is ready.")
            promised = {"when": page_words.long_moment(store, fulfilment.promised_at)}
            if fulfilment.is_sent:
                return _("It leaves by %(when)s.") % promised
            if fulfilment.reserved:
                at = {"promised_at": fulfilment.promised_at, "ready_at": fulfilment.promised_at}
                until = page_words.long_moment(store, kept_until(store, fulfilment.kind, **at))
                return _("Ready to try by %(when)s, and kept for you until %(until)s.") % (promised | {"until": until})
            return _("Ready by %(when)s. We write to you as soon as it is.") % promised
        case Fulfilment.Status.READY:
            return ""
        case Fulfilment.Status.COLLECTED:
            return (_("Bought on %(when)s.") if fulfilment.reserved else _("Collected on %(when)s.")) % ended
        case Fulfilment.Status.DISPATCHED:
            town = (fulfilment.ship_to or {}).get("town", "")
            return (_("It left for %(town)s on %(when)s.") if town else _("It left on %(when)s.")) % {
                **ended,
                "town": town,
            }
        case Fulfilment.Status.EXPIRED:
            if fulfilment.reserved:
                return _("It was kept until %(when)s. You paid nothing, and owe nothing.") % ended
            said = _("It was kept until %(when)s, as long as we could.") % ended
        case _else:
            if fulfilment.reserved:
                return _("It was released on %(when)s. You paid nothing, and owe nothing.") % ended
            said = _("It was cancelled on %(when)s.") % ended
    refunded = _("What you had paid goes back to you.")
    return f"{said} {refunded}" if paid else said


def _steps(fulfilment: Fulfilment, tracked: Collection[Standing]) -> list[dict[str, str]]:
    """Return the way to the customer while it is being prepared, and as long as a carrier tells of it: four steps, one
    of them now."""
    now = page_parcels.step(fulfilment, tracked)
    if fulfilment.status in {Fulfilment.Status.TO_PICK, Fulfilment.Status.PICKING}:
        now = STEP[Fulfilment.Status(fulfilment.status)]
    if now is None:
        return []
    labels = [pgettext("order", "Received"), pgettext("order", "In preparation")]
    if fulfilment.kind == Fulfilment.Kind.RELAY:
        labels += [pgettext("order", "Sent"), pgettext("order", "To collect")]
    elif fulfilment.is_sent:
        labels += [pgettext("order", "Sent"), pgettext("order", "With you")]
    elif fulfilment.reserved:
        labels = [pgettext("order", "Reserved"), pgettext("order", "Set aside"), pgettext("order", "Ready")]
        labels += [pgettext("order", "Tried")]
    else:
        labels += [pgettext("order", "Ready"), pgettext("order", "Collected")]
    return [
        {"label": label, "state": "past" if step < now else "now" if step == now else "next"}
        for step, label in enumerate(labels)
    ]


def _code(fulfilment: Fulfilment) -> dict[str, Any]:
    """Return what is shown at the counter. Made for this answer, kept nowhere."""
    digits = codes.digits(fulfilment.public_id, fulfilment.code_round)
    drawn = qr.svg(codes.qr_text(fulfilment.public_id, fulfilment.code_round))
    return {"digits": f"{digits[:3]} {digits[3:]}", "qr": mark_safe(drawn)}  # noqa: S308  (drawn by us)


def _store(store: Place, now: datetime) -> dict[str, str]:
    return {
        "name": store.name,
        "address": store.address_line,
        "now": open_line(store, now),
        "hours": in_words(store.hours_text),
        "directions": DIRECTIONS.format(latitude=store.latitude, longitude=store.longitude),
    }


def open_line(store: Place, now: datetime) -> str:
    """Return whether somebody who leaves now finds the store open, in a sentence."""
    opens = next_opening(store, now)
    if opens:
        return _("Closed, opens %(when)s") % {"when": moment(opens, store.zone)}
    if not is_open(store, now):
        return _("Closed")
    closes = next_closing(store, now)
    return _("Open until %(time)s") % {"time": clock(closes, store.zone)} if closes else _("Always open")


def _kept(fulfilment: Fulfilment, store: Place) -> dict[str, Any] | None:
    if fulfilment.keep_until is None:
        return None
    longer = fulfilment.extensions.order_by("-pk").first()
    days = store.local(fulfilment.keep_until).date() - store.local(fulfilment.ready_at or fulfilment.keep_until).date()
    return {
        "until": page_words.long_moment(store, fulfilment.keep_until),
        "before": page_words.long_moment(store, longer.kept_until) if longer else "",
        "days": ngettext("Kept for %(number)s day", "Kept for %(number)s days", days.days) % {"number": days.days},
    }


def _sums(order: Order, account: Account, *, ended: bool) -> dict[str, Any]:
    return {
        "ended": ended,
        "total": format_cents(order.total - order.dropped, order.currency),
        "due": format_cents(account.due, order.currency) if account.due > 0 else "",
        "refunded": format_cents(account.refunded, order.currency) if account.refunded else "",
        "over": order.status == Order.Status.CANCELLED,
        "reserved": order.reserved and order.status == Order.Status.OPEN,
    }


def _arrived(fulfilment: Fulfilment, store: Place) -> dict[str, str] | None:
    waiting = Arrival.objects.filter(fulfilment=fulfilment, ended_at=None).first()
    if waiting is None:
        return None
    return {
        "since": clock(waiting.arrived_at, store.zone),
        "spot": waiting.spot,
        "spot_label": waiting.get_spot_display(),
        "note": waiting.note,
    }
