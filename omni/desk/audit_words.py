"""The log of changes in words: which fields anybody may read, what they are called, and how a value is said.

A column that is not in `FIELDS` is never shown, so a secret that somebody adds later stays one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from inventory.catalog.models import CatalogueImport
from inventory.places.hour_words import in_words
from inventory.places.models import HoldPlace
from omni.desk.message_list import MESSAGES
from omni.desk.order_list import ORDERS
from omni.lib import list_filters
from omni.lib.lists import Listing
from omni.staff import roles
from omni.staff.access import Actor
from omni.staff.models import Channel, Role, User
from omni.staff.permissions import PERMISSIONS
from omni.templatetags.omni import figure, moment
from orders.appointments.models import Service

Say = Callable[[Any, "Names"], str]


@dataclass(frozen=True)
class Names:
    """What ids are called, and who reads it."""

    reader: Actor
    people: dict[int, str]
    roles: dict[int, str]
    stores: dict[int, str]
    services: dict[int, str]


def names(reader: Actor, stores: dict[int, str]) -> Names:
    """Return the names that a page of the log needs."""
    known = {role.pk: roles.label(role.code, role.name) for role in Role.objects.all()}
    services = {one.pk: one.name for one in Service.objects.all()}
    return Names(reader, dict(User.objects.values_list("pk", "name")), known, stores, services)


def _plain(value: Any, _names: Names) -> str:
    return "—" if value in (None, "") else str(value)


def _yes(value: Any, _names: Names) -> str:
    return _("Yes") if value else _("No")


def _instant(value: Any, _names: Names) -> str:
    return moment(datetime.fromisoformat(value)) if value else "—"


def _clock(value: Any, _names: Names) -> str:
    return str(value)[:5] if value else "—"


def _rights(value: Any, _names: Names) -> str:
    return ", ".join(str(PERMISSIONS.get(code, code)) for code in value or []) or "—"


def _of(choices: Any) -> Say:
    words = dict(choices)
    return lambda value, _names: str(words.get(value, value))


def _numbers(value: Any, _names: Names) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else _plain(value, _names)


def _hours(value: Any, _names: Names) -> str:
    return in_words(value or "")


LISTS_KNOWN = {one.name: one for one in (ORDERS, MESSAGES)}


def asked_words(listing: Listing, query: str, reader: Actor) -> str:
    """Return what a list was narrowed down by, as its chips say it; what the reader may not know is left open."""
    question = QueryDict(query)
    asked = listing.filters(question, listing.source(reader).none(), actor=reader)
    said = list_filters.chips(asked, question)
    return ", ".join(f"{one.label}: {'…' if one.wrong else one.words}" for one in said)


def taken_away(after: dict[str, Any], names: Names) -> tuple[str, list["Change"]]:
    """Return that a list was taken away as a file, and of it how many rows and what it was asked."""
    listing = LISTS_KNOWN.get(after["listing"])
    title = _("“%(list)s” was taken away as a file") % {"list": listing.title if listing else after["listing"]}
    rows = _("not finished") if after["rows"] is None else figure(after["rows"])
    said = asked_words(listing, after["query"], names.reader) if listing else ""
    return title, [Change(_("Rows"), "—", rows), Change(_("Filters"), "—", said or _("none"))]


Field = tuple[str, str | Promise, Say]
FIELDS: dict[str, tuple[Field, ...]] = {
    "person": (
        ("name", gettext_lazy("Name"), _plain),
        ("login", gettext_lazy("Login"), _plain),
        ("language", gettext_lazy("Language"), _of(settings.LANGUAGES)),
        ("role_id", gettext_lazy("Role"), lambda value, names: names.roles.get(value, "—")),
        ("is_active", gettext_lazy("May sign in"), _yes),
        ("first_password_until", gettext_lazy("First password holds until"), _instant),
    ),
    "access": (("location_id", gettext_lazy("Store"), lambda value, names: names.stores.get(value, "—")),),
    "role": (
        ("name", gettext_lazy("Name"), _plain),
        ("permissions", gettext_lazy("May do"), _rights),
        ("home", gettext_lazy("First page"), _of(Role.Home.choices)),
    ),
    "key": (
        ("name", gettext_lazy("Name"), _plain),
        ("scopes", gettext_lazy("May do"), _rights),
        ("channel", gettext_lazy("Channel"), _of(Channel.choices)),
        ("expires_at", gettext_lazy("Holds until"), _instant),
        ("revoked_at", gettext_lazy("Revoked"), _instant),
    ),
    "store": (
        ("name", gettext_lazy("Name"), _plain),
        ("opening_hours", gettext_lazy("Opening hours"), _hours),
        ("pickup_minutes", gettext_lazy("Preparation, minutes"), _plain),
        ("minutes_per_order", gettext_lazy("For each order, minutes"), _plain),
        ("minutes_per_piece", gettext_lazy("For each piece, minutes"), _plain),
        ("people_by_day", gettext_lazy("People who prepare"), _numbers),
        ("warn_minutes", gettext_lazy("Before a promise, minutes"), _plain),
        ("overdue_minutes", gettext_lazy("After a promise, minutes"), _plain),
        ("keep_days", gettext_lazy("Kept, days"), _plain),
        ("reservation_openings", gettext_lazy("Reserved, open days"), _plain),
        ("safety_stock", gettext_lazy("Kept back, pieces"), _plain),
        ("extensions", gettext_lazy("Kept longer, times"), _plain),
        ("extension_days", gettext_lazy("Longer by, days"), _plain),
        ("first_reminder_days", gettext_lazy("First reminder, days"), _plain),
        ("second_reminder_days", gettext_lazy("Second reminder, days"), _plain),
        ("offers_pickup", gettext_lazy("Customers may collect here"), _yes),
        ("offers_shipping", gettext_lazy("Parcels leave from here"), _yes),
        ("address", gettext_lazy("Street"), _plain),
        ("town", gettext_lazy("Town"), _plain),
    ),
    "special_day": (
        ("on", pgettext_lazy("date", "Day"), _plain),
        ("opens_at", gettext_lazy("Open from"), _clock),
        ("closes_at", gettext_lazy("Until"), _clock),
        ("reason", gettext_lazy("Reason"), _plain),
    ),
    "device": (
        ("name", gettext_lazy("Name"), _plain),
        ("location_id", gettext_lazy("Store"), lambda value, names: names.stores.get(value, "—")),
        ("revoked_at", gettext_lazy("Revoked"), _instant),
    ),
    "hold_place": (
        ("name", gettext_lazy("Name"), _plain),
        ("kind", gettext_lazy("Kind"), _of(HoldPlace.Kind.choices)),
        ("directions", gettext_lazy("Where it is"), _plain),
        ("retired_at", gettext_lazy("Retired"), _instant),
    ),
    "service": (
        ("name_fr", gettext_lazy("Name in French"), _plain),
        ("name_en", gettext_lazy("Name in English"), _plain),
    ),
    "offer": (
        ("service_id", gettext_lazy("Service"), lambda value, names: names.services.get(value, "—")),
        ("minutes", gettext_lazy("Duration, minutes"), _plain),
        ("seats", gettext_lazy("At once, people"), _plain),
        ("rhythm", gettext_lazy("Days and times"), _plain),
        ("notice_minutes", gettext_lazy("Booked at the latest, minutes before"), _plain),
        ("days_ahead", gettext_lazy("Booked at the earliest, days before"), _plain),
        ("is_open", gettext_lazy("Can be booked"), _yes),
    ),
    "import": (
        ("name", gettext_lazy("File"), _plain),
        ("status", gettext_lazy("State"), _of(CatalogueImport.Status.choices)),
        ("lines_read", gettext_lazy("Rows"), _plain),
        ("new", gettext_lazy("New"), _plain),
        ("changed", pgettext_lazy("rows", "Changed"), _plain),
        ("wrong", pgettext_lazy("rows", "Refused"), _plain),
    ),
    "photo": (
        ("alternative", gettext_lazy("What it shows"), _plain),
        ("position", gettext_lazy("Place"), _plain),
    ),
    "view": (
        ("name", gettext_lazy("Name"), _plain),
        ("role_id", gettext_lazy("Shared with the team"), lambda value, names: names.roles.get(value, "—")),
        ("location_id", gettext_lazy("Shared with the store"), lambda value, names: names.stores.get(value, "—")),
        ("query", gettext_lazy("Filters"), _plain),
    ),
}
LISTS = frozenset({"permissions", "scopes"})


@dataclass(frozen=True)
class Change:
    """One field, before and after, as it is said."""

    label: str | Promise
    before: str
    after: str


def changes(kind: str, label: str, before: dict[str, Any] | None, after: dict[str, Any], names: Names) -> list[Change]:
    """Return what differs, field by field; of a list only what was taken and what was given."""
    if label == "delete":
        before, after = after, {}
    elif label == "insert":
        before = {}
    before, after = _in_words(kind, before or {}, names), _in_words(kind, after, names)
    old, found = before, []
    for name, words, say in FIELDS[kind]:
        was, now = old.get(name), after.get(name)
        if was == now:
            continue
        if name in LISTS:
            was, now = ([one for one in a or [] if one not in (b or [])] for a, b in ((was, now), (now, was)))
        found.append(Change(words, say(was, names) if name in old else "—", say(now, names) if name in after else "—"))
    return [one for one in found if one.before != one.after]


def _in_words(kind: str, row: dict[str, Any], names: Names) -> dict[str, Any]:
    """Return a row whose values say by themselves what they mean: the name of a role that came with the house in the
    reader's language, the question of a view as the list's chips say it."""
    if kind == "role" and row:
        return {**row, "name": roles.label(row["code"], row["name"])}
    if kind == "view" and row:
        listing = LISTS_KNOWN.get(row["listing"])
        return {**row, "query": asked_words(listing, row["query"], names.reader) if listing else ""}
    return row


KINDS: dict[str, str | Promise] = {
    "person": gettext_lazy("People"),
    "access": gettext_lazy("Stores of people"),
    "role": gettext_lazy("Roles"),
    "key": gettext_lazy("API keys"),
    "store": gettext_lazy("Stores"),
    "special_day": gettext_lazy("Special days"),
    "device": gettext_lazy("Devices"),
    "hold_place": gettext_lazy("Places"),
    "service": gettext_lazy("Services"),
    "offer": gettext_lazy("What can be booked"),
    "import": gettext_lazy("Catalogue files"),
    "photo": gettext_lazy("Photos"),
    "view": gettext_lazy("Shared views"),
    "export": gettext_lazy("Lists taken away"),
    "order": gettext_lazy("Orders"),
}


def title(kind: str, label: str, after: dict[str, Any], names: Names) -> str:
    """Return what happened to what, as one short sentence."""
    sentences = {
        ("person", "insert"): _("%(name)s was engaged"),
        ("person", "update"): _("%(name)s was changed"),
        ("access", "insert"): _("%(person)s was given %(store)s"),
        ("access", "delete"): _("%(store)s was taken from %(person)s"),
        ("role", "insert"): _("The role “%(name)s” was added"),
        ("role", "update"): _("The role “%(name)s” was changed"),
        ("key", "insert"): _("The key “%(name)s” was issued"),
        ("key", "update"): _("The key “%(name)s” was revoked") if after.get("revoked_at") else _("A key was changed"),
        ("store", "insert"): _("%(name)s was opened"),
        ("store", "update"): _("The settings of %(name)s were changed"),
        ("special_day", "insert"): _("%(store)s: %(day)s was made a special day"),
        ("special_day", "delete"): _("%(store)s: %(day)s is a day like every week again"),
        ("device", "insert"): _("%(store)s: the tablet “%(name)s” was enrolled"),
        ("device", "update"): _("%(store)s: the tablet “%(name)s” was changed"),
        ("hold_place", "insert"): _("%(store)s: the place “%(name)s” was added"),
        ("hold_place", "update"): _("%(store)s: the place “%(name)s” was changed"),
        ("service", "insert"): _("The service “%(service)s” was named"),
        ("service", "update"): _("The service “%(service)s” was changed"),
        ("offer", "insert"): _("%(store)s: “%(service)s” can be booked"),
        ("offer", "update"): _("%(store)s: how “%(service)s” is booked was changed"),
        ("import", "insert"): _("The catalogue file “%(name)s” was sent"),
        ("import", "update"): _("The catalogue file “%(name)s” was worked on"),
        ("photo", "insert"): _("%(name)s: a photo was added"),
        ("photo", "update"): _("%(name)s: a photo was changed"),
        ("photo", "delete"): _("%(name)s: a photo was removed"),
        ("view", "insert"): _("The view “%(name)s” was shared"),
        ("view", "update"): _("The view “%(name)s” was changed")
        if after.get("role_id") or after.get("location_id")
        else _("The view “%(name)s” is shared no more"),
        ("view", "delete"): _("The view “%(name)s” was deleted"),
    }
    return sentences.get((kind, label), "%(name)s") % _facts(kind, after, names)


def _facts(kind: str, after: dict[str, Any], names: Names) -> dict[str, str]:
    return {
        "name": roles.label(after["code"], after["name"]) if kind == "role" else after.get("name") or "",
        "person": names.people.get(after.get("user_id") or 0, "—"),
        "store": names.stores.get(after.get("location_id") or 0, "—"),
        "day": after.get("on") or "",
        "service": names.services.get(after.get("service_id") or after.get("id") or 0, "—"),
    }
