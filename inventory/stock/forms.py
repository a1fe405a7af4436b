"""What clerks send when they count or set aside: a name, a figure, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.counts import LONGEST_NAME
from inventory.stock.reasons import DamageReason
from inventory.stock.services.counting import MOST


class BeginForm(forms.Form):
    """Where one counts, in a few words, or nothing."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False)


class LineForm(forms.Form):
    """One piece more, one less, or the whole figure."""

    change = forms.TypedChoiceField(choices=[("1", "+"), ("-1", "−")], coerce=int, required=False)
    counted = forms.IntegerField(min_value=0, max_value=MOST, required=False)


class PiecesForm(forms.Form):
    """How many pieces go back on sale."""

    quantity = forms.IntegerField(min_value=1, max_value=MOST)


class DamageForm(PiecesForm):
    """How many pieces are not for sale, and why."""

    reason = forms.ChoiceField(
        choices=DamageReason.choices, error_messages={"required": _("Choose why they are not for sale.")}
    )


def reasons_of(posted: Any) -> dict[int, str]:
    """Read the `reason-<variant id>` fields of a page that asks why for each article: variant id → what was chosen."""
    named = ((name.removeprefix("reason-"), value) for name, value in posted.items() if name.startswith("reason-"))
    return {int(pk): value for pk, value in named if pk.isascii() and pk.isdigit() and len(pk) < 19}


def sentence(form: forms.Form) -> str:
    """Return everything that is wrong with a form as one text."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
