"""`/ui/`: every component of the house in all its states, for whoever builds a page. Not in production."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from omni.lib.htmx import page_or_fragment
from omni.staff.access import signed_in

THEMES = ("light", "dark")
DENSITIES = ("touch", "cosy", "compact")
KEPT = [88, 91, 90, 94, 93, 89, 92, 95, 97, 94, 96, 93, 95, 94]
STATES = ("neutral", "new", "in_progress", "at_risk", "late", "ready", "done")
COLOURS = ("bg", "surface", "sunken", "border", "strong", "muted", "ink", "primary", "soft", "accent")


class SpecimenForm(forms.Form):
    """One field in each state."""

    customer = forms.CharField(label=gettext_lazy("Customer"), help_text=gettext_lazy("Name, phone or card"))
    place = forms.ChoiceField(label=gettext_lazy("Hold at"), choices=[("07", "K4 07"), ("12", "K4 12")])
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Postal code"),
        error_messages={"invalid": gettext_lazy("A postal code has five digits.")},
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    number = forms.CharField(label=gettext_lazy("No."), disabled=True, initial="W-88213", required=False)


@signed_in
@require_GET
def style_guide(request: Any) -> HttpResponse:
    """The whole set, in light beside dark; `?density=` shows touch, cosy or compact. 404 in production."""
    _only_here()
    asked = request.GET.get("density")
    now = timezone.now()
    context = {
        "density": asked if asked in DENSITIES else "cosy",
        "densities": DENSITIES,
        "specimens": [{"theme": theme, "form": SpecimenForm(_typed(theme), prefix=theme)} for theme in THEMES],
        "states": list(zip(STATES, _state_words(), strict=True)),  # both themes read it
        "colours": COLOURS,
        "kept": KEPT,
        "in_time": now + timedelta(minutes=48),
        "soon": now + timedelta(minutes=18),
        "late": now - timedelta(minutes=12),
        "steps": _steps(),
    }
    return render(request, "ui/guide/page.html", context)


def _typed(theme: str) -> dict[str, str]:
    typed = {"customer": "Benali", "place": "12", "postal_code": "5900"}
    return {f"{theme}-{name}": value for name, value in typed.items()}


def _state_words() -> list[str]:
    return [_("Draft"), _("To prepare"), _("Being prepared"), _("At risk"), _("Late"), _("Ready"), _("Handed over")]


def _steps() -> list[dict[str, str]]:
    words = [_("Ordered"), _("Prepared"), _("Ready"), _("Handed over")]
    return [{"label": word, "state": state} for word, state in zip(words, ("past", "past", "now", "next"), strict=True)]


@signed_in
@require_GET
def dialog(request: Any) -> HttpResponse:
    """A dialog that has an address: a fragment in the page's dialog, a page of its own without JavaScript."""
    _only_here()
    fragment = "drawer" if request.GET.get("as") == "drawer" else "dialog"
    return page_or_fragment(request, "ui/guide/dialog.html", {"as_drawer": fragment == "drawer"}, fragment=fragment)


def _only_here() -> None:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
