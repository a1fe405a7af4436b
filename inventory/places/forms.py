"""What managers write about a store."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.places import hour_checks
from inventory.places.clock_form import ClockForm
from inventory.places.hour_rows import rows_of
from inventory.places.models import HoldPlace, Location
from inventory.places.week_form import WeekForm
from omni.lib.errors import Refusal


class SettingsForm(ClockForm):
    """How a store works. The hours are seven rows (`week`), or one text where rows cannot say them or the reader
    wishes it."""

    opening_hours = forms.CharField(
        label=_("Every week"),
        max_length=255,
        help_text=_("Days and times as on a map: Mo-Fr 09:00-19:00; Sa 10:00-12:00,14:00-18:00; Su off"),
    )
    pickup_minutes = forms.IntegerField(
        label=_("Preparation, minutes"), min_value=1, max_value=2880, help_text=_("Counted while the store is open.")
    )
    keep_days = forms.IntegerField(
        label=_("Kept, days"), min_value=1, max_value=60, help_text=_("Then the order is given up and refunded.")
    )
    reservation_openings = forms.IntegerField(
        label=_("Reserved, open days"),
        min_value=1,
        max_value=14,
        help_text=_("So many open days after it is ready a reservation ends, when the store closes."),
    )
    safety_stock = forms.IntegerField(
        label=_("Kept back, pieces"),
        min_value=0,
        max_value=999,
        help_text=_("Of each article that comes new: only this store itself sells the last so many."),
    )
    extensions = forms.IntegerField(
        label=_("Kept longer, times"),
        min_value=0,
        max_value=9,
        help_text=_("How often a customer may do so on their page; 0 for never."),
    )
    extension_days = forms.IntegerField(
        label=_("Longer by, days"), min_value=1, max_value=60, help_text=_("Each time, to the end of an open day.")
    )
    first_reminder_days = forms.IntegerField(
        label=_("First reminder, days"), min_value=0, max_value=60, help_text=_("After it became ready; 0 for none.")
    )
    second_reminder_days = forms.IntegerField(
        label=_("Second reminder, days"), min_value=0, max_value=60, help_text=_("After it became ready; 0 for none.")
    )
    offers_pickup = forms.BooleanField(label=_("Customers may collect here"), required=False)
    offers_shipping = forms.BooleanField(label=_("Parcels leave from here"), required=False)

    def __init__(self, data: Any = None, *, zone: ZoneInfo, was: dict[str, Any], as_text: bool = False) -> None:
        super().__init__(data, initial=was)
        self.zone = zone
        self.rows_can_say_it = rows_of(was["opening_hours"]) is not None
        self.as_text = "opening_hours" in data if data is not None else as_text or not self.rows_can_say_it
        self.week = None if self.as_text else WeekForm(data, was=was["opening_hours"])
        self.fields["opening_hours"].required = self.as_text
        for field in self.fields.values():
            field.widget.attrs["form"] = "settings"  # the page puts other forms between these fields

    def clean_opening_hours(self) -> str:
        if self.week is None:
            return _hours(self.cleaned_data["opening_hours"], self.zone)
        if not self.week.is_valid():
            raise forms.ValidationError(self.week.problem())
        return _hours(self.week.text, self.zone)


def _hours(text: str, zone: ZoneInfo) -> str:
    text = " ".join(text.split())
    try:
        hour_checks.read(text, zone)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from None
    return text


def _date(**more: Any) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **more}, format="%Y-%m-%d")


def _time() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SpecialDayForm(forms.Form):
    """One day with other hours, or none."""

    on = forms.DateField(label=pgettext_lazy("date", "Day"), widget=_date())
    opens_at = forms.TimeField(label=_("Open from"), required=False, widget=_time())
    closes_at = forms.TimeField(label=_("Until"), required=False, widget=_time())
    reason = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(timezone=zone)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        on, opens, closes = cleaned.get("on"), cleaned.get("opens_at"), cleaned.get("closes_at")
        if on and not self.today <= on <= self.today + timedelta(days=730):
            self.add_error("on", _("Choose a day from today on, within two years."))
        if (opens is None) != (closes is None) and not {"opens_at", "closes_at"} & self.errors.keys():
            self.add_error("closes_at", _("Write both times, or none: then the store is closed."))
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The store has to close after it opens."))
        return cleaned


class HoldPlaceForm(forms.Form):
    """A place where prepared orders wait."""

    name = forms.CharField(label=_("Name"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=HoldPlace.Kind.choices, required=False)
    directions = forms.CharField(label=_("Where it is"), max_length=120, required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or str(HoldPlace.Kind.LOCKER)


class NewStoreForm(forms.Form):
    """A store that opens."""

    name = forms.CharField(label=_("Name"), max_length=80)
    short_code = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9]{0,2}$",
        label=_("Short code"),
        max_length=3,
        help_text=_("Begins the number of every order here: K4 makes K4-62."),
        error_messages={"invalid": _("One letter, then up to two letters or digits.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Location.Kind.choices)
    address = forms.CharField(label=_("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, help_text=_("50.6365 for Lille"))
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, help_text=_("3.0635 for Lille"))
    time_zone = forms.CharField(label=_("Time zone"), max_length=40)
    opening_hours = forms.CharField(label=_("Opening hours"), max_length=255, initial="Mo-Sa 09:00-19:00")

    def clean_short_code(self) -> str:
        return str(self.cleaned_data["short_code"]).upper()

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone; Europe/Paris is one."))
        return zone

    def clean_opening_hours(self) -> str:
        return _hours(self.cleaned_data["opening_hours"], ZoneInfo(self.cleaned_data.get("time_zone") or "UTC"))
