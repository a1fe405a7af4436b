"""What a customer sends from their page, and the people at the counter while they wait."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.fulfilment.waiting.models import Arrival, Rating


class HereForm(forms.Form):
    """Where they stand, and by what one finds them."""

    spot = forms.ChoiceField(choices=Arrival.Spot.choices, error_messages={"required": _("Choose where you are.")})
    note = forms.CharField(max_length=120, required=False)


class RatingForm(forms.Form):
    """One to five, and a sentence."""

    stars = forms.TypedChoiceField(
        choices=[(str(number), str(number)) for number in range(1, Rating.MOST + 1)],
        coerce=int,
        error_messages={"required": _("Choose one to five."), "invalid_choice": _("Choose one to five.")},
    )
    sentence = forms.CharField(max_length=280, required=False)


class LongerForm(forms.Form):
    """Why the counter keeps a pickup longer; may be left out."""

    reason = forms.CharField(max_length=120, required=False)
