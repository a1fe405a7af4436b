"""A week as a form: seven rows in, OpenStreetMap's text out."""

from datetime import time
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inventory.places import hour_rows
from inventory.places.hour_rows import MIDNIGHT, MOST_STRETCHES, Row, Stretch
from inventory.places.hour_words import DAYS

CODES = [day.lower() for day in DAYS]
PARTS = ["closed", *(f"{edge}{number}" for number in range(1, MOST_STRETCHES + 1) for edge in ("from", "until"))]
"""The fields of a day: `mo_closed`, `mo_from1`, `mo_until1`, `mo_from2`, `mo_until2`."""


WRITTEN = ("%H:%M", "%H%M", "%Hh%M", "%H.%M")
"""How people write a time of the day; a pad of figures has no colon. Shown as 09:30 in every language."""


def day_names() -> list[str]:
    """Return the seven days from Monday on, in the reader's language."""
    names = get_day_names("wide", "stand-alone", locale=get_language() or "en")
    return [names[number].capitalize() for number in range(7)]


class ClockField(forms.TimeField):
    """A time of the day as people write it; 24:00 is midnight, as 0:00 is."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("0:00" if str(value).strip() in {"24:00", "2400", "24h00", "24.00"} else value)


class WeekForm(forms.Form):
    """Seven days, each closed or open once or twice. `was` is the text that is kept now: rows that say the same leave
    it as somebody wrote it."""

    def __init__(self, data: Any = None, *, was: str) -> None:
        self.was = was
        super().__init__(data, initial=_initial(hour_rows.rows_of(was) or [()] * 7))
        for code, name in zip(CODES, day_names(), strict=True):
            self.fields[f"{code}_closed"] = forms.BooleanField(required=False)
            for part in PARTS[1:]:
                self.fields[f"{code}_{part}"] = ClockField(
                    required=False, input_formats=WRITTEN, widget=_clock(_label(name, part))
                )
        for field in self.fields.values():
            field.widget.attrs["form"] = "settings"  # the page puts other forms between these fields

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        rows = [self._row(code, name) for code, name in zip(CODES, day_names(), strict=True)]
        if not self.errors:
            self.text = self.was if hour_rows.rows_of(self.was) == rows else hour_rows.text_of(rows)
        return cleaned

    def _row(self, code: str, name: str) -> Row:
        given = self.cleaned_data
        if given.get(f"{code}_closed"):
            return ()
        stretches: list[Stretch] = []
        for number in range(1, MOST_STRETCHES + 1):
            begins, ends = given.get(f"{code}_from{number}"), given.get(f"{code}_until{number}")
            if begins is None and ends is None and (number > 1 or f"{code}_from1" in self.errors):
                continue
            if begins is None or ends is None:
                self.add_error(
                    f"{code}_from{number}", _("%(day)s: write both times, or tick “closed”.") % {"day": name}
                )
                return ()
            stretches.append((_minute(begins), _minute(ends) or MIDNIGHT))
        if not hour_rows.fits(stretches):
            self.add_error(f"{code}_from1", _("%(day)s: each time has to end after it begins.") % {"day": name})
        return tuple(stretches)

    def problem(self) -> str:
        """Return what is wrong with the rows, the first of it; "" when nothing is."""
        return "" if self.is_valid() else str(next(iter(self.errors.values()))[0])

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as the page shows them: name, fields, what is wrong; whether a second time is in use."""
        shown = []
        for code, name in zip(CODES, day_names(), strict=True):
            fields = {part: self[f"{code}_{part}"] for part in PARTS}
            shown.append(
                {
                    "code": code,
                    "name": name,
                    "closed": fields["closed"],
                    "first": (fields["from1"], fields["until1"]),
                    "second": (fields["from2"], fields["until2"]),
                    "has_second": bool(fields["from2"].value() or fields["until2"].value()),
                    "errors": [error for field in fields.values() for error in field.errors],
                }
            )
        return shown


def copied(data: Any, *, source: str, targets: str) -> Any:
    """Return what was sent with one day's hours in other days, too; days that do not exist are left out."""
    filled = data.copy()
    for code in set(targets.split(",")) & set(CODES):
        for part in PARTS if source in CODES else ():
            filled.setlist(f"{code}_{part}", data.getlist(f"{source}_{part}"))
    return filled


def targets() -> list[tuple[str, str]]:
    """Return to which days a day can be copied: codes, and what they are called."""
    several = [
        (",".join(CODES), _("every day")),
        (",".join(CODES[:5]), _("Monday to Friday")),
        (",".join(CODES[5:]), _("Saturday and Sunday")),
    ]
    return several + list(zip(CODES, day_names(), strict=True))


def _initial(rows: list[Row]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for code, row in zip(CODES, rows, strict=True):
        initial[f"{code}_closed"] = not row
        for number, (begin, end) in enumerate(row, 1):
            initial[f"{code}_from{number}"] = hour_rows.clock(begin)
            initial[f"{code}_until{number}"] = hour_rows.clock(end)
    return initial


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(label: str) -> forms.TimeInput:
    attributes = {
        "class": "input",
        "inputmode": "numeric",
        "maxlength": "5",
        "autocomplete": "off",
        "aria-label": label,
    }
    return forms.TimeInput(attrs=attributes, format="%H:%M")


def _label(day: str, part: str) -> str:
    words = {
        "from1": pgettext("hours", "%(day)s, open from"),
        "until1": pgettext("hours", "%(day)s, open until"),
        "from2": pgettext("hours", "%(day)s, open again from"),
        "until2": pgettext("hours", "%(day)s, open again until"),
    }
    return words[part] % {"day": day}
