"""What administrators write: a person, a role, a key."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omni.staff import roles
from omni.staff.models import Channel, Role, User

LOGIN_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@+-]*$"


class PersonForm(forms.Form):
    """Who somebody is, what they may do, where."""

    name = forms.CharField(label=_("Name"), max_length=120)
    login = forms.RegexField(
        LOGIN_PATTERN,
        label=_("Login"),
        max_length=60,
        help_text=_("Letters, digits, dot, hyphen; what one types to sign in."),
        error_messages={"invalid": _("A login begins with a letter or a digit and has no spaces.")},
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    role = forms.TypedChoiceField(label=_("Role"), coerce=int)
    stores = forms.TypedMultipleChoiceField(label=_("Stores"), coerce=int, required=False)

    def __init__(self, *args: Any, role_choices: list[Role], store_choices: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["role"]
        choices.choices = [(role.pk, roles.label(role.code, role.name)) for role in role_choices]
        stores: Any = self.fields["stores"]
        stores.choices = list(store_choices.items())


class RoleForm(forms.Form):
    """What a role is called, what it may do, where it begins."""

    name = forms.CharField(label=_("Name"), max_length=80)
    home = forms.ChoiceField(label=_("First page"), choices=Role.Home.choices)
    permissions = forms.MultipleChoiceField(label=_("May do"), required=False)

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["permissions"]
        choices.choices = [(code, code) for code in codes]


class KeyForm(forms.Form):
    """What a key is for, whose it is, how long it holds."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Which program will use it."))
    owner = forms.TypedChoiceField(label=_("Acts for"), coerce=int, help_text=_("It sees this person's stores."))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, initial=Channel.WEB)
    scopes = forms.MultipleChoiceField(label=_("May do"), error_messages={"required": _("Choose what the key is for.")})
    expires_on = forms.DateField(
        label=_("Holds until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, owners: list[User], scopes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.choices = [(one.pk, one.name) for one in owners]
        chosen: Any = self.fields["scopes"]
        chosen.choices = [(code, code) for code in scopes]

    def clean_expires_on(self) -> datetime | None:
        """Return the end of the chosen day; a key that would never open anything is refused."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        end = datetime.combine(day + timedelta(days=1), time(), tzinfo=timezone.get_current_timezone())
        if end <= timezone.now() + timedelta(hours=1):
            raise forms.ValidationError(_("Choose a day that is still to come, or leave it empty."))
        return end
