"""Sign-in."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omni.staff.access import Actor
from omni.staff.addresses import client_address
from omni.staff.models import Preferences, User
from omni.staff.services import limiting

LIMITS = {"sign_in_address": 200, "sign_in_login": 30}
SECONDS = 15 * 60


class SignInForm(forms.Form):
    """A login and its password. One sentence for every kind of failure: nobody learns which logins exist."""

    username = forms.CharField(label=_("Login"), max_length=60)
    password = forms.CharField(label=_("Password"), max_length=200, widget=forms.PasswordInput)

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("username") and cleaned.get("password"):
            self._count()
            found = authenticate(self.request, username=cleaned["username"], password=cleaned["password"])
            if not isinstance(found, User):
                raise forms.ValidationError(_("This login and password do not go together."))
            if found.first_password_until and found.first_password_until <= timezone.now():
                raise forms.ValidationError(_("This first password is too old. Ask an administrator for a new one."))
            limiting.clear(what="sign_in_login", whom=cleaned["username"])
            self.user = found
        return cleaned

    def _count(self) -> None:
        """Beside the five of a login from one address: many logins from one address, one login from many."""
        whoms = {"sign_in_address": client_address(self.request), "sign_in_login": self.cleaned_data["username"]}
        try:
            for what, whom in whoms.items():
                limiting.count(what=what, whom=whom, limit=LIMITS[what], seconds=SECONDS)
        except limiting.TooManyTries as refusal:
            raise forms.ValidationError(str(refusal)) from None


class DeviceCodeForm(forms.Form):
    """A code for one tablet: of which store, and what people call it."""

    store = forms.TypedChoiceField(label=_("Store"), coerce=int)
    name = forms.CharField(label=_("What people call the tablet"), max_length=60, help_text=_("Such as Till 2."))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = User._meta.get_field("stores").related_model._default_manager.filter(pk__in=actor.store_ids)
        self.fields["store"].choices = list(stores.order_by("name").values_list("pk", "name"))  # type: ignore[attr-defined]


class PreferencesForm(forms.Form):
    """How a person likes the house: language, light, sounds, single-letter shortcuts."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Preferences.Theme.choices, required=False)
    sounds = forms.BooleanField(label=_("Sounds when scanning"), required=False)
    shortcuts = forms.BooleanField(label=_("Single-letter keyboard shortcuts"), required=False)
