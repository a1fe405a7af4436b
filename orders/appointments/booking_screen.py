"""What the pages of booking and moving show: who, for what, which day, which time."""

from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.queries import finding, people
from inventory.places.queries import Place
from omni.lib.answers import instant
from omni.staff.once import new_key
from omni.templatetags.omni import clock
from orders.appointments import queries
from orders.appointments.models import Appointment, Offer
from orders.appointments.slots import Slot

DAYS = 7
MOST_FOUND = 6


def times(
    store: Place, offer: Offer, wanted: date | None, first: date, now: datetime, query: dict[str, str], *,
    chosen: str = "", but: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a week of days with how many slots are free, and the slots of one of them: the wanted one, or the first
    with a free slot. One statement."""
    week = queries.with_seats(store, offer, first, first + timedelta(days=DAYS - 1), but=but)
    free = queries.bookable(store, offer, week, now, by_house=True)
    days = [first + timedelta(days=ahead) for ahead in range(DAYS)]
    by_day = {day: [slot for slot in free if store.local(slot.starts_at).date() == day] for day in days}
    day = wanted if wanted in by_day else next((day for day in days if by_day[day]), first)
    later = {**query, "first": (first + timedelta(days=DAYS)).isoformat()}
    earlier = {**query, "first": (first - timedelta(days=DAYS)).isoformat()}
    return {
        "days": [
            {
                "on": one,
                "url": f"?{urlencode({**query, 'first': first.isoformat(), 'on': one.isoformat()})}",
                "free": len(by_day[one]),
                "selected": one == day,
            }
            for one in days
        ],
        "on": day,
        "slots": [_slot(slot, store, offer, chosen) for slot in by_day[day]],
        "later_url": f"?{urlencode(later)}",
        "earlier_url": f"?{urlencode(earlier)}" if first > store.local(now).date() else "",
    }


def _slot(slot: Slot, store: Place, offer: Offer, chosen: str) -> dict[str, Any]:
    at = instant(slot.starts_at) or ""
    note = _("%(free)s of %(seats)s free") % {"free": slot.free, "seats": offer.seats} if offer.seats > 1 else ""
    return {"value": at, "time": clock(slot.starts_at, store.zone), "note": note, "selected": at == chosen}


def booking(
    store: Place, offers: list[Offer], offer: Offer | None, now: datetime, *, customer: Customer | None, words: str,
    wanted: date | None, first: date | None, chosen: str = "", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the context of the booking page."""
    kept = {"customer": customer.code} if customer else {}
    today = store.local(now).date()
    query = {**kept, **({"offer": str(offer.pk)} if offer else {})}
    start = max(first or today, today)
    return {
        "store": store,
        "customer": customer,
        "offers": [
            {
                "url": f"?{urlencode({**kept, 'offer': str(one.pk)})}",
                "name": one.service.name,
                "minutes": one.minutes,
                "selected": offer is not None and one.pk == offer.pk,
            }
            for one in offers
        ],
        "offer": offer,
        "times": times(store, offer, wanted, start, now, query, chosen=chosen) if offer else None,
        "words": words,
        "found": _people(words, query) if words and not customer else [],
        "clear_url": f"?{urlencode({name: value for name, value in query.items() if name != 'customer'})}",
        "back_url": reverse("customer", args=[customer.code]) if customer else reverse("appointments"),
        "idempotency_key": new_key(),
        **more,
    }


def _people(words: str, query: dict[str, str]) -> list[dict[str, str]]:
    """Return who answers to the words: an identity that is wholly theirs, a name, a part of an identity."""
    by_identity = finding.by_identity(words, MOST_FOUND)
    whole = [one.customer_id for one in by_identity if one.whole]
    named = [one.customer_id for one in finding.by_name(words, MOST_FOUND)] if not whole else []
    ids = list(dict.fromkeys([*whole, *named, *(one.customer_id for one in by_identity)]))[:MOST_FOUND]
    known = people.listed(ids)
    return [
        {
            "name": known[pk].name,
            "phone": f"…{known[pk].identities['phone'][-4:]}" if "phone" in known[pk].identities else "",
            "url": f"?{urlencode({**query, 'customer': known[pk].code})}",
        }
        for pk in ids
        if pk in known
    ]


def moving(
    one: Appointment, offer: Offer, store: Place, now: datetime, *, wanted: date | None, first: date | None, **more: Any
) -> dict[str, Any]:
    """Return the context of the page on which an appointment is moved."""
    today = store.local(now).date()
    start = max(first or one.on, today)
    return {
        "store": store,
        "one": one,
        "times": times(store, offer, wanted, start, now, {}, but=one.pk),
        "back_url": one.get_absolute_url(),
        "idempotency_key": new_key(),
        **more,
    }
