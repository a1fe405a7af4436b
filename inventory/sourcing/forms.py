"""The question "Why this store?"."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from inventory.catalog.queries import Offer
from inventory.catalog.reading import MOST_UNITS
from inventory.places.queries import Place
from inventory.sourcing.models import Way
from inventory.stock.lookup import by_code


class QuestionForm(forms.Form):
    """An article, how many, which way, and the store that the customer chose or lives by; and what if one had none."""

    code = forms.CharField(label=gettext_lazy("Barcode or article number"), max_length=80)
    units = forms.IntegerField(label=gettext_lazy("Units"), min_value=1, max_value=MOST_UNITS)
    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=Way.choices)
    near = forms.ChoiceField(label=gettext_lazy("Store of the customer"))
    without = forms.ChoiceField(label=gettext_lazy("As if this one had none"), required=False)

    def __init__(self, data: Any, *, stores: list[Place], here: Place) -> None:
        """Read the address's question; what it leaves out is one unit, pickup, in the reader's own store."""
        usual = {"units": "1", "way": Way.PICKUP.value, "near": here.code}
        super().__init__({**usual, **data.dict()} if "code" in data else None, initial=usual)
        named = [(one.code, one.name) for one in stores]
        cast(forms.ChoiceField, self.fields["near"]).choices = named
        nobody = ("", pgettext("store", "None, as it is"))
        cast(forms.ChoiceField, self.fields["without"]).choices = [nobody, *named]

    def clean_code(self) -> Offer:
        """Return what is offered under the code."""
        code = self.cleaned_data["code"]
        offer = by_code("".join(code.split())) or by_code(code)
        if offer is None:
            raise forms.ValidationError(_("There is no article “%(code)s”.") % {"code": code})
        return offer
