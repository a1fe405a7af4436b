"""Everything beyond the main tabs, in plain groups, each entry only for those who may open it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from inventory.places.queries import all_places
from omni.staff.access import Actor, signed_in

Entry = tuple[str, str, str | Promise, str | Promise, str]
"""Name of the address, the permission it needs (empty: everybody), its word, what one does there, its icon."""

GROUPS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("The house"),
        (
            ("people", "people.view", _("People"), _("Who works here, in which stores"), "people"),
            ("people", "people.manage", _("People"), _("Who works here, in which role and stores"), "people"),
            ("roles", "roles.manage", _("Roles"), _("What each kind of person may do"), "identity"),
            ("stores", "stores.manage", _("Stores"), _("Hours, closings, pickup, places"), "store"),
            ("devices", "devices.manage", _("Tablets"), _("Tablets of the stores"), "building"),
            ("keys", "keys.manage", _("API keys"), _("What other programs may do"), "code"),
        ),
    ),
    (
        _("Looking after it"),
        (
            (
                *("appointments", "appointments.book", _("Appointments")),
                *(_("Who is expected, who waits, who is next"), "calendar"),
            ),
            ("transfers", "stock.transfer", _("Transfers"), _("Send to other stores, receive what comes"), "truck"),
            (
                *("catalogue-imports", "catalogue.manage", _("Catalogue files")),
                *(_("Products and prices from a CSV file"), "inbox"),
            ),
            ("counts", "stock.count", _("Counts"), _("Count by scan what lies in the store"), "list"),
            ("audit", "audit.view", _("Changes"), _("Who changed what, before and after"), "history"),
            ("jobs", "jobs.view", _("Work for later"), _("What waits, what failed, try again"), "refresh"),
            ("customers", "customers.view", _("Customers"), _("Find a person by phone, name, card or order"), "people"),
            ("outbox", "messages.view", _("Messages"), _("What we wrote to customers"), "mail"),
            ("day", "insights.view", _("Day"), _("The figures of today and of any past day"), "chart"),
        ),
    ),
    (
        _("For you"),
        (
            ("me", "", _("Preferences"), _("Language, PIN, how things look"), "person"),
            ("scanner-test", "", _("Test a scanner"), _("Whether this device hears what you scan"), "scan"),
        ),
    ),
    (
        _("The demonstration"),
        (("demo-clock", "", _("Its clock"), _("Move it forward and see what becomes due"), "clock"),),
    ),
)

OF_THE_DEMO = {"demo-clock"}


@signed_in
@require_GET
def more(request: Any) -> HttpResponse:
    """List what its reader may open. A house without a store says what comes first."""
    context = {"groups": groups(request.actor), "first_steps": first_steps(request.actor)}
    return render(request, "shells/more.html", context)


def groups(actor: Actor) -> list[dict[str, Any]]:
    """Return the groups with the entries that the person may open; an address appears once, an empty group not at
    all."""
    shown = []
    for title, entries in GROUPS:
        links: dict[str, dict[str, Any]] = {}
        for name, permission, label, text, icon in entries:
            url = "" if name in OF_THE_DEMO and not settings.DEMO else address(name)
            if url and (not permission or actor.may(permission)):
                links[name] = {"url": url, "label": label, "text": text, "icon": icon}
        if links:
            shown.append({"title": title, "links": list(links.values())})
    return shown


def address(name: str) -> str:
    """Return the address of a page, or an empty text where the house has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def first_steps(actor: Actor) -> list[dict[str, Any]]:
    """Return what a house that has just begun still needs, for who may do it."""
    if all_places() or not actor.may("stores.open"):
        return []
    return [{"url": address("new-store"), "label": _("Open the first store")}]
