"""What a manager sends: a file and how its letters are written, a photo and what it shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.catalog.photo_files import MOST_BYTES


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


def _shows() -> forms.CharField:
    return forms.CharField(
        label=_("What it shows"),
        help_text=_("Read aloud to whoever cannot see it. Left empty, the name of the product is read."),
        max_length=160,
        required=False,
    )


class PhotoForm(forms.Form):
    """A photo of a product, and what it shows."""

    file = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP, at most 15 MB. Where and by whom it was taken is not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": _("Choose a photo.")},
    )
    alternative = _shows()

    def clean_file(self) -> Any:
        """Refuse what is too large before it is opened."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The photo is larger than 15 MB."))
        return sent


class DescriptionForm(forms.Form):
    """What a photo shows, its place among the product's photos, and the articles that it is a photo of."""

    alternative = _shows()
    position = forms.TypedChoiceField(label=_("Place"), coerce=int)
    articles = forms.MultipleChoiceField(
        label=_("Shows these articles"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, photos: int, articles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["position"]
        known: Any = self.fields["articles"]
        places.choices = [(1, _("1, shown in lists")), *((place, str(place)) for place in range(2, photos + 1))]
        known.choices = articles
