"""The API never answers with a page: unknown addresses, large bodies and our own faults are problems too."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from omni.api import problems


class ProblemMiddleware:
    """Speak the caller's language, refuse large bodies before they are read, turn pages of error into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:  # PostgreSQL has no such text, so nothing can be found there
            return problems.not_found(request)
        if _length(request) > settings.API_BODY_LIMIT:
            return problems.refusal_response(
                problems.TooLarge(_("The body is larger than %(limit)s bytes.") % {"limit": settings.API_BODY_LIMIT})
            )
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != problems.CONTENT_TYPE:
            return _as_problem(request, response.status_code)
        return response


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
