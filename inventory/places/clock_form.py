"""The figures of the promise clock as a manager writes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.places.week_form import CODES, day_names


class ClockForm(forms.Form):
    """How long the work of a store takes, who does it, and when the manager is told that a promise is in danger."""

    minutes_per_order = forms.IntegerField(
        label=_("For each order, minutes"),
        min_value=0,
        max_value=240,
        help_text=_("What one person needs to fetch the list, bag and put away, whatever is in it."),
    )
    minutes_per_piece = forms.IntegerField(
        label=_("For each piece, minutes"),
        min_value=0,
        max_value=60,
        help_text=_("What one person needs to find a piece. With the line before it makes the work of the queue."),
    )
    warn_minutes = forms.IntegerField(
        label=_("Before a promise, minutes"),
        min_value=0,
        max_value=480,
        help_text=_("So early you are told that an order is not ready yet. 0: not before."),
    )
    overdue_minutes = forms.IntegerField(
        label=_("After a promise, minutes"),
        min_value=0,
        max_value=960,
        help_text=_("So late you are told once more. 0: only at the promise itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.initial["people_by_day"]
        for code, name, number in zip(CODES, day_names(), people, strict=True):
            self.fields[f"people_{code}"] = forms.IntegerField(label=name, min_value=1, max_value=99, initial=number)

    def people(self) -> list[forms.BoundField]:
        """Return the seven fields of the people who prepare, from Monday on."""
        return [self[f"people_{code}"] for code in CODES]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(f"people_{code}" in cleaned for code in CODES):
            cleaned["people_by_day"] = [cleaned.pop(f"people_{code}") for code in CODES]
        return cleaned
