"""Who changed what, when, on which device, before and after: read, filtered by the address, never changed."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inventory.places.queries import all_places, places_of
from omni.desk import audit_sources, audit_words
from omni.desk.audit_sources import Asked
from omni.lib import cursors
from omni.lib.cursors import Cursor
from omni.staff.access import requires
from omni.staff.administration.queries import people_visible_to
from orders.sales import events
from orders.sales import panels as sales
from orders.sales.queries import Told

PAGE = 50


@requires("audit.view")
@require_GET
def audit(request: Any) -> HttpResponse:
    """The newest changes that the reader's stores let them see; person, store, kind and day stand in the address."""
    chosen = {name: request.GET.get(name, "") for name in ("kind", "who", "subject", "store", "day")}
    day = _day(chosen["day"])
    if chosen["kind"] == audit_sources.ORDERS and day is None:
        day = timezone.localdate(timezone=ZoneInfo(settings.HOUSE_TIME_ZONE))
    asked = Asked(
        kind=chosen["kind"] if chosen["kind"] in audit_words.KINDS else "",
        who=_number(chosen["who"]),
        subject=_number(chosen["subject"]),
        store=_number(chosen["store"]),
        begins=_midnight(day) if day else None,
        ends=_midnight(day + timedelta(days=1)) if day else None,
        before=cursors.read(request.GET.get("before")) if request.GET.get("before") else None,
    )
    found = audit_sources.rows(request.actor, asked, limit=PAGE + 1)
    names = audit_words.names(request.actor, {pk: place.name for pk, place in all_places().items()})
    shown = found[:PAGE]
    context = {
        "rows": [_row(row, names) for row in shown],
        "people": people_visible_to(request.actor).values_list("pk", "name"),
        "stores_known": [(place.id, place.name) for place in places_of(request.actor.store_ids)],
        "kinds": audit_words.KINDS.items(),
        "chosen": chosen,
        "day_chosen": day,
        "about": names.people.get(asked.subject or 0, "") if asked.subject else "",
        "clear_url": reverse("audit") if any(chosen.values()) else "",
        **_links(request, shown, more=len(found) > PAGE),
    }
    return render(request, "settings/audit.html", context)


def _links(request: Any, shown: list[Any], *, more: bool) -> dict[str, str]:
    kept = request.GET.copy()
    kept.pop("before", None)
    first = f"{reverse('audit')}?{kept.urlencode()}"
    if more:
        last = shown[-1]
        kept["before"] = str(Cursor(last.at, last.rank, last.id))
    return {
        "first_url": first if request.GET.get("before") else "",
        "next_url": f"{reverse('audit')}?{kept.urlencode()}" if more else "",
    }


def _row(row: Any, names: audit_words.Names) -> dict[str, Any]:
    context, before, after = (_read(value) for value in (row.context, row.before, row.after))
    shown = {
        "at": row.at,
        "who": names.people.get(_who(context, after), ""),
        "device": context.get("device", ""),
        "kind": audit_words.KINDS[row.kind],
        "changes": [],
        "url": "",
    }
    if row.kind == audit_sources.ORDERS:
        placed = row.label == events.PLACED
        words = _("Order placed") if placed else sales.event_row(_told(row, after, shown["who"])).title
        return shown | {"title": f"{after['number']}: {words}", "url": reverse("order", args=[after["number"]])}
    if row.kind == audit_sources.EXPORTS:
        title, changes = audit_words.taken_away(after, names)
        return shown | {"title": title, "changes": changes}
    return shown | {
        "title": audit_words.title(row.kind, row.label, after, names),
        "changes": audit_words.changes(row.kind, row.label, before, after, names),
    }


def _who(context: dict[str, Any], after: dict[str, Any]) -> int:
    """Return who did it: whoever signed the transaction, or whom the row itself names."""
    return context.get("user") or after.get("revoked_by_id") or after.get("enrolled_by_id") or 0


def _read(value: str | None) -> dict[str, Any]:
    """Return a JSON object of the database, which Django hands over as it is written."""
    found: dict[str, Any] = json.loads(value) if value else {}
    return found


def _told(row: Any, after: dict[str, Any], who: str) -> Told:
    return Told(
        cursor=Cursor(row.at, row.rank, row.id),
        kind=row.label,
        data=after["data"],
        number=after["number"],
        channel=after["channel"],
        total=after["total"],
        location_id=after["location_id"],
        actor=who,
        pieces=0,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 9998 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.HOUSE_TIME_ZONE))
