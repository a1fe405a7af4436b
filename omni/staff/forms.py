"""Sign-in."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _

from omni.staff.models import User


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
            found = authenticate(self.request, username=cleaned["username"], password=cleaned["password"])
            if not isinstance(found, User):
                raise forms.ValidationError(_("This login and password do not go together."))
            self.user = found
        return cleaned
