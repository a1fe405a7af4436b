"""A page on which pieces are counted by scan and by tap: what each of them is answered with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from omni.lib.errors import Refusal
from omni.lib.htmx import wants_fragment, with_feedback
from omni.staff.once import once

TOLD = {"ok": messages.success, "unknown": messages.warning, "wrong": messages.error}


@dataclass(frozen=True)
class TallyPage:
    """`draw` makes the page, or its fragment, as it stands now; without JavaScript people are led back to `address`.

    `require` refuses whoever may see the page and may not tally on it.
    """

    request: Any
    draw: Callable[..., HttpResponse]
    address: str
    require: Callable[[], object] = lambda: None

    def scanned(self, result: str, title: str, detail: str, *, last: str = "") -> HttpResponseBase:
        """Say what a scan did: `ok`, `unknown` or `wrong`; a good one is remembered by `last`, or its title."""
        if not wants_fragment(self.request):
            TOLD[result](self.request, f"{title} {detail}")
            return redirect(self.address)
        remembered = {"text": last or title, "at": timezone.now()} if result == "ok" else None
        return with_feedback(self.draw(last_scan=remembered), {"result": result, "title": title, "detail": detail})

    def changed(self, problem: str = "") -> HttpResponseBase:
        """Show how the lines stand, and what went wrong if anything did."""
        if wants_fragment(self.request):
            return self.draw(problem=problem)
        if problem:
            messages.error(self.request, problem)
        return redirect(self.address)

    def tried(self, work: Callable[[], object]) -> HttpResponseBase:
        """Do it once, however often its form arrives, and show how the lines stand."""
        try:
            self.require()
            once(self.request, work)
        except Refusal as refusal:
            return self.changed(str(refusal))
        return self.changed()
