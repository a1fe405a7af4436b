"""The Content-Security-Policy of every answer, put together once: django-csp's own middleware does it anew for each."""

from collections.abc import Callable

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"


class ContentPolicyMiddleware:
    """Send `CONTENT_SECURITY_POLICY` with every answer that brings none of its own; leave debug pages alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in {404, 500}):
            response.headers.setdefault(HEADER, self.policy)
        return response


def with_wasm(response: HttpResponse) -> HttpResponse:
    """Let this one page compile WebAssembly: where the browser cannot read barcodes itself, the camera page must."""
    response.headers[HEADER] = build_policy(update={"script-src": ["'wasm-unsafe-eval'"]})
    return response
