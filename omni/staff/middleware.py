"""Who is this, on which tablet, in which language, and does the view say who may call it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

from omni.lib import reference
from omni.staff import devices, sessions
from omni.staff.access import actor_of, refuse_undeclared
from omni.staff.services import drafts

LANGUAGE_COOKIE = "omni_language"
LANGUAGES = {code for code, _name in settings.LANGUAGES}


class StaffMiddleware:
    """Set `request.device`, `request.user` and `request.actor` (None for a stranger), and speak the reader's language.

    A session that was idle too long, or whose tablet is revoked, ends before a view sees it. Pages are private: nothing
    of them is kept by a shared tablet's browser.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        reference.refresh_if_due()
        request.device = devices.here(request)
        request.user = get_user(request)
        was_here = request.user.is_authenticated
        sessions.settle(request)
        request.actor = actor_of(request.user) if request.user.is_authenticated else None
        sent_away = was_here and request.actor is None
        language = _language(request)
        with translation.override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        _drop_draft(request, response)
        if sent_away:
            response["Clear-Site-Data"] = '"cache"'
        if (request.actor or request.device or sent_away) and "Cache-Control" not in response:
            patch_cache_control(response, no_store=True, private=True)
        return response


def _language(request: Any) -> str:
    """On a shared tablet a person reads their own language, not the one that somebody before them chose."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE)
    if request.actor and (request.device or not chosen):
        return str(request.actor.language)
    return chosen or translation.get_language_from_request(request)


def _drop_draft(request: Any, response: HttpResponse) -> None:
    """A form that was taken has no draft any more; one that was refused, or sent after the lock, keeps it."""
    if request.method == "POST" and request.actor and response.status_code < 400:
        address = request.POST.get("draft_address", "")
        if address:
            drafts.forget(person_id=request.actor.user_id, address=address)


class DenyUndeclaredMiddleware:
    """Refuse a view that does not declare its policy: forgetting is an error at the first call, not an open door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        refuse_undeclared(view)
