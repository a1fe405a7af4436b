"""Who calls the API: a key, its owner's stores, its scopes. Deny first."""

from typing import Any

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission

from omni.lib import reference
from omni.staff.access import Actor
from omni.staff.services import keys

SCHEME = "bearer "


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer omni_<prefix>_<secret>` sets `request.user` to the acting `Actor`."""

    def authenticate(self, request: Any) -> tuple[Actor, None] | None:
        header: str = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        if header[: len(SCHEME)].lower() != SCHEME:
            raise exceptions.AuthenticationFailed
        reference.refresh_if_due()
        actor = keys.recognise(header[len(SCHEME) :].strip())
        if actor is None:
            raise exceptions.AuthenticationFailed
        return actor, None

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """The view's `scopes` name the scope of each method; a method without one is refused."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not isinstance(request.user, Actor):
            raise exceptions.NotAuthenticated
        scope = getattr(view, "scopes", {}).get(request.method)
        if scope is None:
            raise exceptions.MethodNotAllowed(request.method)
        return request.user.may(scope)
