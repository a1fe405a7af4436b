"""What the screens of a store's settings show."""

from datetime import datetime
from typing import Any

from django.conf import settings as house
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inventory.places import clock, forms, hours, week, week_form
from inventory.places.hour_checks import read
from inventory.places.hour_words import in_words
from inventory.places.models import HoldPlace, Location, SpecialDay
from inventory.places.queries import Place, place
from inventory.places.services.settling import SETTINGS
from omni.lib.errors import Refusal


def store_row(store: Place, now: datetime) -> dict[str, Any]:
    """Return one line of the list of stores."""
    opens = hours.next_opening(store, now)
    return {
        "name": store.name,
        "code": store.code,
        "short_code": store.short_code,
        "town": f"{store.postal_code} {store.town}".strip(),
        "hours": in_words(store.hours_text),
        "special_days": len(store.special_days),
        "state": open_state(store, opens, now),
    }


def open_state(store: Place, opens: datetime | None, now: datetime) -> dict[str, str]:
    """Return the chip that says whether the store is open now."""
    if hours.is_open(store, now):
        return {"state": "ready", "label": pgettext("store", "Open")}
    if opens is None:
        return {"state": "late", "label": _("Never open")}
    return {"state": "neutral", "label": pgettext("store", "Closed")}


def new_store() -> dict[str, str]:
    """Return what a new store's form begins with."""
    return {"time_zone": house.HOUSE_TIME_ZONE}


def coming_days(found: Location, now: datetime) -> QuerySet[SpecialDay]:
    """Return the special days from today on, by the store's own clock."""
    return SpecialDay.objects.filter(location=found, on__gte=place(found.pk).local(now).date())


def settings(
    found: Location,
    now: datetime,
    *,
    form: forms.SettingsForm | None = None,
    as_text: bool = False,
    day_form: forms.SpecialDayForm | None = None,
    place_form: forms.HoldPlaceForm | None = None,
    wrong_place: tuple[int, forms.HoldPlaceForm] | None = None,
    refusal: str = "",
) -> dict[str, Any]:
    """Return the page of one store; forms that were refused are shown as they were sent."""
    store = place(found.pk)
    initial = saved(found)
    shown = form or forms.SettingsForm(zone=store.zone, was=initial, as_text=as_text)
    values: Any = form.data if form else {name: str(initial[name]) for name in ("opening_hours", *clock.FIGURES)}
    wrong_pk, wrong_form = wrong_place or (0, None)
    return {
        "place": store,
        "form": shown,
        "was": initial,
        "day_names": list(zip(week_form.CODES, week_form.day_names(), strict=True)),
        "copy_targets": week_form.targets(),
        "day_form": day_form or forms.SpecialDayForm(zone=store.zone),
        "place_form": place_form or forms.HoldPlaceForm(),
        "spots": [
            {"spot": spot, "form": wrong_form if spot.pk == wrong_pk else None}
            for spot in HoldPlace.objects.filter(location=found).order_by("retired_at", "position", "name")
        ],
        "refusal": refusal,
        "zone": store.zone.key,
        "state": open_state(store, hours.next_opening(store, now), now),
        "preview_url": reverse("store-preview", args=[found.code]),
        **preview(found, values, now),
    }


def saved(found: Location) -> dict[str, Any]:
    """Return a store's settings as they are kept."""
    return {name: getattr(found, name) for name in SETTINGS}


def preview(found: Location, values: Any, now: datetime) -> dict[str, Any]:
    """Return the week and the promises for the values on the screen, be the hours rows or text; a sentence where they
    are not understood."""
    store, days = place(found.pk), list(coming_days(found, now))
    as_text = "opening_hours" in values
    rows = None if as_text else week_form.WeekForm(values, was=found.opening_hours)
    hours_written = values.get("opening_hours", "") if rows is None else rows.text if rows.is_valid() else ""
    text = " ".join(str(hours_written).replace("\x00", "").split())[:255]
    would = clock.proposed(store, values)
    shown: dict[str, Any] = {"days": days, "place": store, "now_minutes": would.pickup_minutes, "as_text": as_text}
    if rows is not None and rows.problem():
        return shown | {"problem": rows.problem()}
    try:
        opening = read(text, store.zone)
    except Refusal as refusal:
        return shown | {"problem": str(refusal)}
    would = week.proposed(would, text=text, days=days)
    return shown | {
        "reckoning": clock.reckoning(would, now),
        "week": week.week(store, opening, now),
        "words": in_words(text),
        "promises": week.promises(would, days, now),
    }
