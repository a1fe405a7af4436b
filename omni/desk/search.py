"""One field finds a person: by phone, e-mail, card, name, an order's number or reference, a short id."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from customers.models import Identity
from customers.queries import finding, people
from customers.queries.finding import Found
from loyalty import panels as loyalty_panels
from omni.desk.identities import initials, shown_phone
from omni.desk.message_list import masked
from omni.lib.htmx import page_or_fragment, wants_fragment
from omni.staff.access import Actor, requires
from orders.fulfilment import panels as fulfilment_panels
from orders.sales import queries as sales

LONGEST = 80
LEAST = 2
MOST = 20
MOST_ORDERS = 5
SHORT_ID = re.compile(r"([A-Za-z0-9]{1,3})[- ]([0-9]{1,3})")


@dataclass(frozen=True)
class Hit:
    """A person, or an order that has none; `matched_by` says what led there."""

    customer_id: int | None
    matched_by: str
    order_number: str = ""


@requires("customers.view")
@require_GET
def customers(request: Any) -> HttpResponseBase:
    """The search: a page, its results while somebody types, or, on Enter with a single hit, straight to it."""
    text = clean(request.GET.get("q", ""))
    hits = find(text, request.actor)
    rows = _rows(hits[:MOST], request.actor)
    if len(rows) == 1 and not wants_fragment(request):
        return redirect(rows[0]["url"])
    context = {"query": text, "rows": rows, "more": len(hits) > MOST, "search_url": reverse("customers")}
    return _answer(request, context)


def _answer(request: Any, context: dict[str, Any]) -> HttpResponse:
    return page_or_fragment(request, "customers/search.html", context, fragment="results")


def clean(text: str) -> str:
    """Return what was typed, without what a keyboard does not type."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:LONGEST].strip()


def find(text: str, actor: Actor) -> list[Hit]:
    """Return at most `MOST` + 1 hits, each person once: by order, whole identity, name, part of an identity.

    Every look-up is a statement or two that an index answers. Orders are those of the actor's stores.
    """
    if len(text) < LEAST:
        return []
    known = finding.by_identity(text, MOST + 1)
    whole = [found for found in known if found.whole]
    parts = [found for found in known if not found.whole]
    could_be_a_name = "@" not in text and any(letter.isalpha() for letter in text)
    names = finding.by_name(text, MOST + 1) if could_be_a_name and not whole else []
    hits = _by_order(text, actor) + [Hit(one.customer_id, _words(one)) for one in [*whole, *names, *parts]]
    once: dict[Any, Hit] = {}
    for hit in hits:
        once.setdefault(hit.customer_id or hit.order_number, hit)
    return list(once.values())[: MOST + 1]


def _by_order(text: str, actor: Actor) -> list[Hit]:
    if not actor.may("orders.view"):
        return []
    hits = [
        Hit(order.customer_id, _("order %(number)s") % {"number": order.number}, order.number)
        for order in sales.by_reference(text, actor, MOST_ORDERS)
    ]
    called = SHORT_ID.fullmatch(text)
    if called and not hits:
        hits = [
            Hit(one.customer_id, _("order %(number)s") % {"number": f"{one.short_id}, {one.number}"}, one.number)
            for one in fulfilment_panels.by_short_id(f"{called[1]}-{called[2]}", actor)
        ]
    return hits


def _words(found: Found) -> str:
    match found.kind:
        case Identity.Kind.PHONE:
            return _("phone …%(end)s") % {"end": f"{found.value[-4:-2]} {found.value[-2:]}"}
        case Identity.Kind.EMAIL:
            return _("e-mail %(address)s") % {"address": masked(found.value)}
        case Identity.Kind.CARD:
            return _("card …%(end)s") % {"end": found.value[-4:]}
        case Identity.Kind.WEB:
            return _("web account")
        case "alike":
            return _("similar name")
    return ""


def _rows(hits: list[Hit], actor: Actor) -> list[dict[str, Any]]:
    ids = [hit.customer_id for hit in hits if hit.customer_id]
    if not hits:
        return []
    known = people.listed(ids)
    counts = sales.counted(ids, actor) if actor.may("orders.view") else None
    points = loyalty_panels.balances(ids, actor)
    rows = []
    for hit in hits:
        person = known.get(hit.customer_id or 0)
        if person is None:
            rows.append(_order_row(hit))
            continue
        identities = person.identities
        rows.append(
            {
                "name": person.name,
                "initials": initials(person.name),
                "phone": shown_phone(identities["phone"]) if "phone" in identities else "",
                "email_masked": masked(identities["email"]) if "email" in identities else "",
                "card": identities.get("card", ""),
                "orders_count": counts.get(person.id, 0) if counts is not None else None,
                "points": points.get(person.id),
                "matched_by": hit.matched_by,
                "url": reverse("customer", args=[person.code]),
            }
        )
    return rows


def _order_row(hit: Hit) -> dict[str, Any]:
    return {
        "name": hit.order_number,
        "initials": "",
        "orders_count": None,
        "points": None,
        "matched_by": _("order without a customer"),
        "url": reverse("order", args=[hit.order_number]),
    }
