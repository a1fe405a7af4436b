"""What people send when they begin a transfer or a delivery."""

from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.places.queries import Place
from inventory.transfers.models import LONGEST_NAME


class Way(models.TextChoices):
    """Which way the goods go, seen from the store one works in."""

    SEND = "send", _("Send to another store")
    ASK = "ask", _("Ask another store")
    DELIVERY = "delivery", _("Receive a delivery")


class BeginForm(forms.Form):
    """Which way, and with whom: another of our places, or a supplier."""

    way = forms.ChoiceField(choices=Way.choices, initial=Way.SEND, widget=forms.RadioSelect, label=_("What happens"))
    store = forms.ChoiceField(label=_("Other store"), required=False)
    supplier = forms.CharField(label=_("Supplier"), max_length=LONGEST_NAME, required=False)
    delivery_note = forms.CharField(label=_("Delivery note, if there is one"), max_length=LONGEST_NAME, required=False)

    def __init__(self, *args: Any, others: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.id), one.name) for one in others]
        cast(forms.ChoiceField, self.fields["store"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for the store, or for the supplier, whichever this way needs."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("way") == Way.DELIVERY and not found.get("supplier"):
            self.add_error("supplier", _("Say who delivers."))
        if found.get("way") in {Way.SEND, Way.ASK} and not found.get("store") and "store" not in self.errors:
            self.add_error("store", _("Choose the other store."))
        return found
