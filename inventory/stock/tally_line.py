"""A line of a tally, changed by tap or by hand: the same for counts and for transfers."""

from collections.abc import Callable

from django.http import HttpResponseBase

from inventory.stock.forms import LineForm, sentence
from omni.staff.tally_page import TallyPage


def change(page: TallyPage, *, step: Callable[[int], object], whole: Callable[[int], object]) -> HttpResponseBase:
    """One piece more or less by tap (`step`), or the whole figure by hand (`whole`), as the form says."""
    form = LineForm(page.request.POST)
    if not form.is_valid():
        return page.changed(sentence(form))
    pieces, counted = form.cleaned_data["change"], form.cleaned_data["counted"]
    if counted is not None:
        return page.tried(lambda: whole(counted))
    return page.tried(lambda: step(pieces) if pieces else None)
