"""Page or fragment: one URL, decided in one place."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a piece of the page (not for a boosted page, not to restore history)."""
    htmx = cast(Any, request).htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_fragment(
    request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render the page, or the named fragment of the same template when htmx asks for it."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def with_feedback(response: HttpResponse, feedback: dict[str, str]) -> HttpResponse:
    """Add what a scan did to a fragment, out of band: it shows, sounds and shakes wherever the fragment goes.

    `feedback` is result (`ok`, `unknown`, `wrong`), title, detail.
    """
    strip = render_to_string("ui/scan_feedback.html", {"feedback": feedback})
    response.write(f'<div id="scan-feedback" hx-swap-oob="innerHTML">{strip}</div>')
    return response
