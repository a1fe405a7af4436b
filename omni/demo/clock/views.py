"""The page of the demo's clock. Nowhere else than in a demo."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omni.demo.clock import services, words
from omni.demo.clock.errors import NotADemo
from omni.lib.errors import Busy
from omni.staff.access import signed_in
from omni.staff.once import new_key, once

STEPS = (
    (
        *("15m", timedelta(minutes=15), gettext_lazy("15 minutes")),
        gettext_lazy("A promise comes near, is put off, or is missed."),
    ),
    (
        *("1h", timedelta(hours=1), gettext_lazy("1 hour")),
        gettext_lazy("Baskets that are held run out; what was promised within the hour is due."),
    ),
    (
        *("1d", timedelta(days=1), gettext_lazy("1 day")),
        gettext_lazy("Tomorrow at this time: appointments are over, there is a new list of what to count."),
    ),
    (
        *("8d", timedelta(days=8), gettext_lazy("8 days")),
        gettext_lazy("Customers are reminded; whoever did not come gets the money back, the shelf the goods."),
    ),
)
SPANS = {code: by for code, by, _label, _text in STEPS}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: Any) -> HttpResponseBase:
    """Show how far the clock was moved; move it further. 404 outside of a demo's settings, refused in the database of
    a real house."""
    if not settings.DEMO:
        raise Http404
    return _move(request) if request.method == "POST" else _page(request)


def _page(request: Any) -> HttpResponse:
    try:
        found = services.clock_of_demo()
    except NotADemo as refusal:
        return render(request, "demo/clock.html", {"problem": str(refusal)}, status=refusal.status)
    context = {
        "steps": [{"code": code, "label": label, "text": text} for code, _by, label, text in STEPS],
        "moved": words.span(found.moved),
        "idempotency_key": new_key(),
    }
    return render(request, "demo/clock.html", context)


def _move(request: Any) -> HttpResponseBase:
    by = SPANS.get(request.POST.get("by", ""))
    if by is None:
        raise BadRequest
    # The key is answered first: hops are transactions of their own, and a form that is sent twice moves the clock once.
    try:
        if once(request, services.clock_of_demo):
            done = services.forward(by=by)
            told = _("The clock is %(span)s further.") % {"span": words.span(by)}
            messages.success(request, f"{told} {words.sentence(done)}")
    except NotADemo:
        return _page(request)
    except Busy as refusal:
        messages.error(request, str(refusal))
    return redirect("demo-clock")
