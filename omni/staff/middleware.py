"""Who is this, in which language, and does the view say who may call it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

from omni.lib import reference
from omni.staff.access import actor_of

LANGUAGE_COOKIE = "omni_language"
LANGUAGES = {code for code, _name in settings.LANGUAGES}


class StaffMiddleware:
    """Set `request.user` and `request.actor` (None for a stranger), and speak the reader's language.

    Pages are private: nothing of them is kept by a shared tablet's browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            request.user, request.actor = AnonymousUser(), None
            language = translation.get_language_from_request(request)
        else:
            reference.refresh_if_due()
            request.user = get_user(request)
            request.actor = actor_of(request.user) if request.user.is_authenticated else None
            language = request.COOKIES.get(LANGUAGE_COOKIE) or (
                request.actor.language if request.actor else translation.get_language_from_request(request)
            )
        with translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        if request.actor and "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        return response


class DenyUndeclaredMiddleware:
    """Refuse a view that does not declare its policy: forgetting is an error at the first call, not an open door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if policy_of(view) is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} declares no policy")


def policy_of(view: Any) -> str | None:
    """Return what a view declares: a permission, `signed_in`, `public`, or `scopes` for an API view with scopes."""
    policy: str | None = getattr(view, "policy", None)
    if policy is None and getattr(getattr(view, "cls", None), "scopes", None):
        return "scopes"
    return policy
