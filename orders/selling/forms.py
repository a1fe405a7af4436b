"""What a seller writes down: who buys if nobody is known yet, where it is sent, how it is paid."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Identity
from customers.services.identifying import GivenCustomer, normal_email, normal_phone
from orders.fulfilment.models import Fulfilment
from orders.payments.models import Tender
from orders.selling.buyers import Buyer

LATER = "later"
COUNTRIES = {5: "FR", 4: "BE"}
"""A postal code of five digits is French, one of four Belgian: nobody has to choose a country."""
NAME, HOME = ("given_name", "family_name", "contact"), ("line", "postal_code", "town")


class SaleForm(forms.Form):
    """The sale of a basket that goes one way. `buyer` is who was found already; `later` whether paying later is one
    of the answers."""

    given_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    contact = forms.CharField(label=_("Phone or e-mail"), max_length=254, required=False)
    line = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=12, required=False)
    town = forms.CharField(label=_("Town"), max_length=80, required=False)
    tender = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (Tender.CARD_TERMINAL, Tender.CASH)],
        error_messages={
            "required": _("Choose how the customer pays."),
            "invalid_choice": _("Choose how the customer pays."),
        },
    )
    total = forms.IntegerField(min_value=0)
    served = forms.CharField(max_length=4000)

    def __init__(self, data: Any = None, *, way: str, buyer: Buyer | None, later: bool) -> None:
        address = buyer.address if buyer else None
        initial = {name: getattr(address, name) for name in HOME} if address else {}
        super().__init__(data, initial=initial)
        self.way, self.buyer = way, buyer
        for name in HOME:
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"
        if later:
            tender = self.fields["tender"]
            tender.choices = [*tender.choices, (LATER, _("Pays when collecting"))]  # type: ignore[attr-defined]
        wanted: tuple[str, ...] = () if buyer or way == Fulfilment.Kind.CARRY_OUT else NAME
        wanted += HOME if way == Fulfilment.Kind.SHIP else ()
        self.asked = wanted
        for name in wanted:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Write it down: without it nobody gets anything.")

    def people(self) -> list[forms.BoundField]:
        """Return the fields of somebody who is not known yet."""
        return [self[name] for name in NAME if name in self.asked]

    def home(self) -> list[forms.BoundField]:
        """Return the fields of where it is sent."""
        return [self[name] for name in HOME if name in self.asked]

    def clean_contact(self) -> str:
        text: str = self.cleaned_data["contact"].strip()
        if text and not (normal_email(text) or normal_phone(text)):
            raise forms.ValidationError(_("This is neither a phone number nor an e-mail address."))
        return text

    def clean_postal_code(self) -> str:
        text = re.sub(r"^(F|FR|B|BE)[- ]?(?=\d)|\s", "", self.cleaned_data["postal_code"].strip().upper())
        if text and not (text.isascii() and text.isdigit() and len(text) in COUNTRIES):
            raise forms.ValidationError(_("Five digits in France, four in Belgium."))
        return text

    def customer(self) -> GivenCustomer | None:
        """Return who buys; None where nobody needs to be known."""
        if self.buyer:
            return self.buyer.given()
        text = self.cleaned_data["contact"]
        if not text:
            return None
        email = normal_email(text)
        identity = (
            {Identity.Kind.EMAIL.value: email} if email else {Identity.Kind.PHONE.value: normal_phone(text) or ""}
        )
        return GivenCustomer(identity, self.cleaned_data["given_name"], self.cleaned_data["family_name"])

    def ship_to(self) -> dict[str, str] | None:
        """Return where it is sent; None for what is not."""
        if self.way != Fulfilment.Kind.SHIP:
            return None
        said = {name: self.cleaned_data[name] for name in HOME}
        names = (self.cleaned_data["given_name"], self.cleaned_data["family_name"])
        name = self.buyer.name if self.buyer else " ".join(names)
        return {"name": name[:120], **said, "country": COUNTRIES[len(said["postal_code"])]}
