"""Every request has an id: in its answer, in its log lines, in what people read when something went wrong."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
_IN_META = "HTTP_X_REQUEST_ID"
_current: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def current() -> str:
    """Return the id of the request this thread serves, or `-`."""
    return _current.get()


class RequestIdMiddleware:
    """Take the caller's id when it is well formed, else make one; send it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get(_IN_META, "")
        request_id = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        _current.set(request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Give each log line the id of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current()
        return True
