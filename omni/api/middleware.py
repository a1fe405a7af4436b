"""The API's own door: what is asked under /api/ goes straight to its view, and is never answered with a page.

No session, no cookie, no CSRF token, no flash message: a caller is known by a key alone, so nothing of what pages need
stands in the way. Unknown addresses, large bodies and our own faults are problems like every refusal.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, get_urlconf, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from omni.api import problems
from omni.staff.access import refuse_undeclared


class ApiDoorMiddleware:
    """Answer everything under /api/ in the caller's language; let pages pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.call_view = cast("Callable[[HttpRequest], HttpResponse]", convert_exception_to_response(_call_view))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        if "HTTP_ACCEPT_LANGUAGE" not in request.META:
            return self._answer(request)
        with translation.override(translation.get_language_from_request(request)):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:  # PostgreSQL has no such text, so nothing can be found there
            return problems.not_found(request)
        if _length(request) > settings.API_BODY_LIMIT:
            return problems.refusal_response(
                problems.TooLarge(_("The body is larger than %(limit)s bytes.") % {"limit": settings.API_BODY_LIMIT})
            )
        response = self.call_view(request)
        if response.status_code >= 400 and response.get("Content-Type") != problems.CONTENT_TYPE:
            response = _as_problem(request, response.status_code)
        response.headers.setdefault("Cache-Control", "private, no-store")
        response["Content-Length"] = str(len(response.content))  # or no server keeps the connection
        return response


@lru_cache(maxsize=512)
def _find(path: str, urlconf: str | None) -> ResolverMatch:
    """Return the view of an address: most calls go to the same few."""
    return resolve(path, urlconf)


def _call_view(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match = _find(request.path_info, get_urlconf())
    refuse_undeclared(match.func)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response.render() if hasattr(response, "render") else response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _as_problem(request: HttpRequest, status: int) -> HttpResponse:
    if status == 404:
        return problems.not_found(request)
    if status >= 500:
        return problems.problem(
            status_code=status,
            code="server_error",
            detail=_(
                "Something went wrong on our side. Send the same request again with the same key: it never acts twice."
            ),
        )
    return problems.problem(status_code=status, code="refused", detail=_("This request cannot be answered."))
