"""Reading requests about appointments: every problem at once, a sentence for each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.reading import read_customer
from customers.services.identifying import GivenCustomer
from inventory.catalog import queries as catalog
from inventory.places.queries import Place
from inventory.places.reading import read_store
from omni.lib.reading import Reader
from omni.staff.access import Actor
from orders.appointments import queries
from orders.appointments.errors import AppointmentRefused
from orders.appointments.models import LONGEST_NOTE, Offer

MOST_ARTICLES = 20
FIELDS = {"store", "service", "starts_at", "customer", "note", "articles"}


@dataclass(frozen=True)
class Asked:
    """What a request for an appointment says."""

    place: Place
    offer: Offer
    starts_at: datetime
    customer: GivenCustomer
    note: str
    variant_ids: list[int]


@dataclass(frozen=True)
class Window:
    """Which slots somebody wants to see: days of the store, both included."""

    place: Place
    offers: list[Offer]
    first: date
    last: date


def read_asked(body: dict[str, Any], actor: Actor) -> Asked:
    """Return what the body asks for. Raises `AppointmentRefused` with every problem of the request."""
    reader = Reader()
    reader.known_fields(body, FIELDS)
    store = read_store(reader, body, actor)
    offer = _offer(reader, body, store)
    starts_at = reader.instant(body, "starts_at")
    customer = read_customer(reader, body, required=True)
    note = reader.text(body, "note", "", most=LONGEST_NOTE).strip()
    variant_ids = _articles(reader, body)
    if reader.problems or store is None or offer is None or starts_at is None or customer is None:
        raise _refused(reader)
    return Asked(store, offer, starts_at, customer, note, variant_ids)


def read_time(body: dict[str, Any]) -> datetime:
    """Return the instant to which an appointment shall be moved. Raises `AppointmentRefused`."""
    reader = Reader()
    reader.known_fields(body, {"starts_at"})
    starts_at = reader.instant(body, "starts_at")
    if reader.problems or starts_at is None:
        raise _refused(reader)
    return starts_at


def read_window(query: dict[str, Any], actor: Actor) -> Window:
    """Return whose slots to show, and of which days: from today on and a week long unless it says otherwise. Raises
    `AppointmentRefused`."""
    reader = Reader()
    reader.known_fields(query, {"store", "service", "from", "to"})
    store = read_store(reader, query, actor)
    offers = []
    if query.get("service"):
        offer = _offer(reader, query, store)
        offers = [offer] if offer else []
    elif store:
        offers = queries.offers(store.id)
    today = (store.local(timezone.now()) if store else timezone.now()).date()
    first = _day(reader, query, "from") or today
    last = _day(reader, query, "to") or first + timedelta(days=6)
    if not 0 <= (last - first).days < queries.MOST_DAYS:
        message = _("Ask for 1 to %(most)s days.") % {"most": queries.MOST_DAYS}
        reader.problem("to", "out_of_range", message)
    if reader.problems or store is None:
        raise _refused(reader)
    return Window(store, offers, first, last)


def _refused(reader: Reader) -> AppointmentRefused:
    return AppointmentRefused(_("The request cannot be answered as it was sent."), problems=reader.problems)


def _offer(reader: Reader, part: dict[str, Any], store: Place | None) -> Offer | None:
    code = reader.text(part, "service", "", most=40, required=True)
    if not code or store is None:
        return None
    found = next((one for one in queries.offers(store.id) if one.service.code == code), None)
    if found is None:
        message = _("%(store)s offers no “%(code)s”.") % {"store": store.name, "code": code}
        reader.problem("service", "unknown", message)
    return found


def _day(reader: Reader, query: dict[str, Any], name: str) -> date | None:
    text = reader.text(query, name, "", most=10)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
        if 2000 <= found.year <= 2200:
            return found
    except ValueError:
        pass
    reader.problem(name, "malformed", _("Write a day: 2026-12-01."))
    return None


def _articles(reader: Reader, body: dict[str, Any]) -> list[int]:
    sent = body.get("articles")
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > MOST_ARTICLES:
        message = _("Send a list of at most %(most)s skus.") % {"most": MOST_ARTICLES}
        reader.problem("articles", "articles", message)
        return []
    named = [reader.text({"sku": sku}, "sku", f"articles.{index}.", most=40, required=True)
             for index, sku in enumerate(sent)]  # fmt: skip
    known = catalog.offers({("sku", sku) for sku in named if sku})
    for index, sku in enumerate(named):
        if sku and ("sku", sku) not in known:
            reader.problem(f"articles.{index}", "unknown", _("There is no article “%(code)s”.") % {"code": sku})
    return [known["sku", sku].variant_id for sku in named if ("sku", sku) in known]
