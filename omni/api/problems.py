"""Every refusal of the API is one shape: RFC 9457 problem details with a `code`, all `errors`, and the request's id."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.views import set_rollback

from omni.lib import request_ids
from omni.lib.errors import BadRequest, NotFound, Problem, Refusal

CONTENT_TYPE = "application/problem+json"


class TooLarge(BadRequest):
    code = "body_too_large"
    status = 413


def problem(
    *,
    status_code: int,
    code: str,
    detail: str,
    problems: list[Problem] | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return the answer. `detail` and the messages are sentences in the caller's language, without anything inside."""
    body: dict[str, Any] = {
        "type": f"urn:omni:problem:{code}",
        "title": code.replace("_", " "),
        "status": status_code,
        "code": code,
        "detail": detail,
        "errors": [{"field": one.field, "code": one.code, "message": one.message} for one in problems or []],
        "request_id": request_ids.current(),
        **(extra or {}),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status_code, content_type=CONTENT_TYPE)
    if status_code == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if status_code == status.HTTP_503_SERVICE_UNAVAILABLE or code == "idempotency_key_in_flight":
        response["Retry-After"] = "1"
    return response


def refusal_response(refusal: Refusal) -> HttpResponse:
    """Return the problem that a refusal of a service becomes."""
    return problem(
        status_code=refusal.status,
        code=refusal.code,
        detail=refusal.message,
        problems=refusal.problems,
        extra=refusal.extra,
    )


def exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn refusals and DRF's own exceptions into problems; anything else is a 500 by `ApiDoorMiddleware`."""
    set_rollback()
    if isinstance(exception, Refusal):
        return refusal_response(exception)
    if isinstance(exception, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return problem(
            status_code=401,
            code="not_authenticated",
            detail=_("Send a valid key: “Authorization: Bearer omni_…”. It may be missing, revoked or expired."),
        )
    if isinstance(exception, exceptions.PermissionDenied):
        return problem(status_code=403, code="scope_missing", detail=_("This key does not have the scope for this."))
    if isinstance(exception, exceptions.APIException):
        code = str(getattr(exception, "default_code", "error"))
        return problem(status_code=exception.status_code, code=code, detail=str(exception.detail))
    return None


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer an address under /api/ that does not exist."""
    return refusal_response(NotFound(_("There is nothing at this address.")))
