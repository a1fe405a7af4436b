"""The demo's sign-in page: what is real, what is made up, and where one may sit."""

from typing import Any

from django.utils.translation import gettext as _

from omni.staff import roles
from omni.staff.models import User

SEATS = ("clerk", "agent", "manager", "administrator")


def logins() -> set[str]:
    """Return the logins that may be taken without a password in the demo."""
    return set(User.objects.filter(role__code__in=SEATS, is_active=True).values_list("login", flat=True))


def context() -> dict[str, Any]:
    """Return what the page shows."""
    opens = {
        "today": _("Today"),
        "search": _("Customers"),
        "day": _("Day"),
        "outbox": _("Messages"),
        "more": _("Administration"),
    }
    seats = User.objects.filter(role__code__in=SEATS, is_active=True).select_related("role")
    people = sorted(seats, key=lambda person: SEATS.index(person.role.code))
    return {
        "demo_title": _("A retailer's day, with a year behind it"),
        "demo_intro": _("Ten stores that do not exist, a year of purchases as published. Everything can be clicked."),
        "demo_people": [
            {
                "login": person.login,
                "name": person.name,
                "role_label": roles.label(person.role.code, person.role.name),
                "opens": opens[person.role.home],
                "initials": "".join(word[0] for word in person.name.split()[:2]).upper(),
            }
            for person in people
        ],
        "demo_facts": {"real": _real(), "made_up": _made_up()},
        "foot_line": _("“make demo-reset” begins again from the first day."),
    }


def _real() -> list[dict[str, str]]:
    return [
        {
            "title": _("Baskets and their rhythm"),
            "text": _("The Complete Journey, a published panel of households: the ten busiest stores of one year."),
            "icon": "receipt",
        },
        {
            "title": _("Articles and prices"),
            "text": _("As published, in English; the last shelf price seen, shown in euro."),
            "icon": "tag",
        },
        {
            "title": _("Towns and distances"),
            "text": _("Real French towns, with their coordinates."),
            "icon": "pin",
        },
    ]


def _made_up() -> list[dict[str, str]]:
    return [
        {
            "title": _("People"),
            "text": _("Names, addresses and cards are invented; phone numbers are those reserved for fiction."),
            "icon": "people",
        },
        {
            "title": _("The house and its stores"),
            "text": _("Maison Vernet, its hours and its lockers do not exist."),
            "icon": "store",
        },
        {
            "title": _("Stock, points, VAT"),
            "text": _("Derived from the sales by a rule, and marked as derived."),
            "icon": "box",
        },
        {
            "title": _("Today's orders"),
            "text": _("Real baskets of the same weekday, sent now by a small generator through the API."),
            "icon": "clock",
        },
        {
            "title": _("Money and messages"),
            "text": _("Nothing is charged, no message leaves: each can be read on the page of messages."),
            "icon": "mail",
        },
        {
            "title": _("Dates"),
            "text": _("Moved forward by whole weeks: the year ends within the last seven days."),
            "icon": "calendar",
        },
    ]
