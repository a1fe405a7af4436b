"""What clerks send: a count, a reason, a place, a code, a tender."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.fulfilment.codes import DIGITS
from orders.fulfilment.models import FulfilmentLine
from orders.parcels.models import HEAVIEST
from orders.payments.models import Tender


class PickForm(forms.Form):
    """One piece more or one less."""

    change = forms.TypedChoiceField(choices=[("1", "+"), ("-1", "−")], coerce=int)


class WavePickForm(PickForm):
    """One piece more or one less, in the box of one order of a walk."""

    order = forms.UUIDField()
    position = forms.IntegerField(min_value=1)


class ShortForm(forms.Form):
    """Why pieces are missing, and how many."""

    reason = forms.ChoiceField(
        choices=FulfilmentLine.Reason.choices, error_messages={"required": _("Choose why it is missing.")}
    )
    quantity = forms.IntegerField(min_value=1, max_value=9_999, required=False)
    instead = forms.CharField(max_length=60, required=False)
    note = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == FulfilmentLine.Reason.OTHER and not cleaned.get("note"):
            self.add_error("note", _("Say in one sentence what happened."))
        return cleaned


class ParcelForm(forms.Form):
    """A parcel that is closed: its weight in grams if somebody weighed it, and its carrier if there are several."""

    weight = forms.IntegerField(
        min_value=1,
        max_value=HEAVIEST,
        required=False,
        error_messages={
            "invalid": _("Write the weight in grams, or leave it empty."),
            "min_value": _("Write the weight in grams, or leave it empty."),
            "max_value": _("That is too heavy for a parcel. Write the weight in grams."),
        },
    )
    carrier = forms.CharField(max_length=20, required=False)
    only = forms.CharField(max_length=10, required=False)


class ReadyForm(forms.Form):
    """Where the bag waits."""

    hold_place = forms.IntegerField(error_messages={"required": _("Choose where the bag waits.")})


class CodeForm(forms.Form):
    """Six digits, as a person types them."""

    code = forms.CharField(max_length=8)

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(_("A pickup code has six digits."))
        return code


class IdentityForm(forms.Form):
    """An identity card was seen: the customer's, or that of somebody they sent."""

    kind = forms.ChoiceField(choices=[("identity", ""), ("other", "")])
    collected_by = forms.CharField(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "other" and not cleaned.get("collected_by", "").strip():
            self.add_error("collected_by", _("Write the name on the identity card."))
        return cleaned


class PartForm(forms.Form):
    """What the customer takes and refuses of one line; its prefix is the line's position. Nothing said: takes all."""

    collected = forms.IntegerField(min_value=0, max_value=9_999, required=False)
    refused = forms.IntegerField(min_value=0, max_value=9_999, required=False)


class HandOverForm(forms.Form):
    """How what is due is paid; empty when nothing is."""

    tender = forms.ChoiceField(
        choices=[("", ""), (Tender.CARD_TERMINAL.value, ""), (Tender.CASH.value, "")], required=False
    )


def sentence(form: forms.Form) -> str:
    """Return everything that is wrong with a form as one text."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
