"""What people write about appointments."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.catalog import queries as catalog
from inventory.places import hour_checks
from omni.lib.errors import Refusal
from omni.lib.reading import instant_in
from orders.appointments.models import LONGEST_NAME, LONGEST_NOTE, Offer, Service

MOST_ARTICLES = 20


class CancelReason(models.TextChoices):
    """Why nobody comes."""

    CUSTOMER_WISH = "customer_wish", gettext_lazy("The customer wishes it")
    STORE_CANNOT = "store_cannot", gettext_lazy("The store cannot receive them")
    MISTAKE = "mistake", gettext_lazy("Booked by mistake")


class SlotForm(forms.Form):
    """A slot that was tapped."""

    starts_at = forms.CharField(error_messages={"required": gettext_lazy("Choose a time.")})

    def clean_starts_at(self) -> Any:
        found = instant_in(self.cleaned_data["starts_at"])
        if found is None:
            raise forms.ValidationError(_("Choose a time."))
        return found


class BookingForm(SlotForm):
    """Who comes, and what shall lie ready. Without a customer there is a name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=LONGEST_NOTE, required=False)
    articles = forms.CharField(
        label=gettext_lazy("Articles to try"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("Numbers or barcodes, with spaces between them"),
    )

    def __init__(self, data: Any = None, *, has_customer: bool, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["name"].required = not has_customer
        for field in self.fields.values():
            field.widget.attrs["form"] = "booking"  # the search for a customer stands between them and the form

    def clean_articles(self) -> list[int]:
        codes = list(dict.fromkeys(self.cleaned_data["articles"].split()))
        if len(codes) > MOST_ARTICLES:
            raise forms.ValidationError(_("At most %(most)s articles.") % {"most": MOST_ARTICLES})
        known = catalog.offers({(kind, code) for code in codes for kind in ("sku", "gtin")})
        found = [known.get(("sku", code)) or known.get(("gtin", code)) for code in codes]
        unknown = [code for code, offer in zip(codes, found, strict=True) if offer is None]
        if unknown:
            raise forms.ValidationError(_("There is no article “%(code)s”.") % {"code": unknown[0]})
        return [offer.variant_id for offer in found if offer]


class CancelForm(forms.Form):
    """Why an appointment is given up."""

    why = forms.ChoiceField(
        choices=CancelReason.choices,
        initial=CancelReason.CUSTOMER_WISH,
        widget=forms.RadioSelect,
        label=gettext_lazy("Why"),
    )


class WalkInForm(forms.Form):
    """Somebody who came without an appointment."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    offer = forms.ChoiceField(label=gettext_lazy("Comes for"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=LONGEST_NOTE, required=False)

    def __init__(self, data: Any = None, *, offers: list[Offer], **more: Any) -> None:
        super().__init__(data, **more)
        choice: Any = self.fields["offer"]
        choice.choices = [("", _("Something else")), *((str(one.pk), one.service.name) for one in offers)]

    def clean_offer(self) -> int | None:
        return int(self.cleaned_data["offer"]) if self.cleaned_data["offer"] else None


class OfferForm(forms.Form):
    """How a store offers a service."""

    minutes = forms.IntegerField(label=gettext_lazy("Duration, minutes"), min_value=5, max_value=480, initial=30)
    seats = forms.IntegerField(label=gettext_lazy("At once, people"), min_value=1, max_value=50, initial=1)
    notice_minutes = forms.IntegerField(
        label=gettext_lazy("Booked at the latest, minutes before"), min_value=0, max_value=20_160, initial=60
    )
    days_ahead = forms.IntegerField(
        label=gettext_lazy("Booked at the earliest, days before"), min_value=1, max_value=365, initial=30
    )
    rhythm = forms.CharField(
        label=gettext_lazy("Days and times"),
        max_length=255,
        required=False,
        help_text=gettext_lazy("Tu-Sa 10:00-18:00; nothing: whenever the store is open."),
    )
    is_open = forms.BooleanField(label=gettext_lazy("Can be booked"), required=False, initial=True)

    def __init__(self, data: Any = None, *, zone: ZoneInfo, **more: Any) -> None:
        super().__init__(data, **more)
        self.zone = zone

    def clean_rhythm(self) -> str:
        text = " ".join(self.cleaned_data["rhythm"].split())
        if not text:
            return ""
        try:
            hour_checks.read(text, self.zone)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return text


class NewOfferForm(OfferForm):
    """A service that a store begins to offer: one the house knows, or a new one by its two names."""

    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    name_fr = forms.CharField(label=gettext_lazy("Name in French"), max_length=60, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, services: list[Service], **more: Any) -> None:
        super().__init__(data, **more)
        choice: Any = self.fields["service"]
        choice.choices = [("", _("A new one")), *((str(one.pk), one.name) for one in services)]
        del self.fields["is_open"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("service") and not (cleaned.get("name_fr") and cleaned.get("name_en")):
            self.add_error("name_fr", _("Choose a service, or name a new one in both languages."))
        return cleaned
