"""What a manager sends: a file, and how its letters are written."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FileForm(forms.Form):
    """A CSV file. Its encoding is what the sender says; nothing is guessed, since a wrong guess spoils names."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with a header, parted by semicolons, commas or tabs; at most 100 MB and 100,000 rows."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": _("Choose a file.")},
    )
    encoding = forms.ChoiceField(
        label=_("Its letters"),
        choices=[("utf-8", "UTF-8"), ("windows-1252", "Windows-1252")],
        help_text=_("Old spreadsheets of Windows write Windows-1252."),
    )
