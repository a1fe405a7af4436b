"""A form that the page sent by itself is told where to go in a header: a script may not see where a redirect leads, and
following it would use up the words that wait for the next page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ASKED = "X-Omni-Form"
TOLD = "X-Omni-Location"


class FormAnswerMiddleware:
    """Turn a redirect into 204 and `X-Omni-Location` for a request with `X-Omni-Form`; cookies stay on the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if ASKED in request.headers and 300 < response.status_code < 309 and response.has_header("Location"):
            response.headers[TOLD] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 204
            response.content = b""
        return response
