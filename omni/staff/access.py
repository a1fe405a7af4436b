"""Who is asking, what they may do, which stores they may see: one small object behind screens and API alike.

Not visible is 404 (the querysets' `visible_to`), visible but not allowed is 403 (`@requires`). A view that declares
neither `@requires` nor `@public` answers nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from omni.lib import reference
from omni.staff.models import StoreAccess, User

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a signed-in person, or an integrator's key acting for its owner.

    `user_id` is who the books name; `store_ids` are the only locations whose rows are visible.
    """

    user_id: int
    name: str
    language: str
    role: str
    role_name: str
    home: str
    permissions: frozenset[str]
    store_ids: frozenset[int]
    client: str
    channel: str = "store"

    def may(self, permission: str) -> bool:
        """Whether the role, and for a key its scopes, hold the permission."""
        return permission in self.permissions


def acting(request: Any) -> Actor:
    """Return who calls an API view: its key, already recognised."""
    actor: Actor = request.user
    return actor


def actor_of(user: User) -> Actor:
    """Return the actor for a person; role and stores come from the reference cache."""
    return reference.remember("person", [user.pk], _load_people)[user.pk]


def _load_people(pks: list[int]) -> dict[int, Actor]:
    stores: dict[int, set[int]] = {pk: set() for pk in pks}
    for user_id, location_id in StoreAccess.objects.filter(user__in=pks).values_list("user_id", "location_id"):
        stores[user_id].add(location_id)
    return {
        person.pk: Actor(
            user_id=person.pk,
            name=person.name,
            language=person.language,
            role=person.role.code,
            role_name=person.role.name,
            home=person.role.home,
            permissions=frozenset(person.role.permissions),
            store_ids=frozenset(stores[person.pk]),
            client=f"user:{person.pk}",
        )
        for person in User.objects.select_related("role").filter(pk__in=pks)
    }


def requires(permission: str) -> Callable[[View], View]:
    """Let only signed-in people with the permission in; others go to sign-in, or get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.actor is None:
                return sign_in_first(request)
            if not request.actor.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.policy = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let any signed-in person in."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor is None:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    guarded.policy = "signed_in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Let everybody in: sign-in, language, health."""
    view.policy = "public"  # type: ignore[attr-defined]
    return view


def policy_of(view: Any) -> str | None:
    """Return what a view declares: a permission, `signed_in`, `public`, or `scopes` for an API view with scopes."""
    policy: str | None = getattr(view, "policy", None)
    if policy is None and getattr(getattr(view, "cls", None), "scopes", None):
        return "scopes"
    return policy


def refuse_undeclared(view: Any) -> None:
    """Refuse to call a view that declares no policy: forgetting is an error at the first call, not an open door."""
    if policy_of(view) is None:
        raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} declares no policy")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a stranger to sign-in and back; htmx is told to load the page, or it would swap the form into a list.

    After a lock the way back is kept in the session: in the address the next person of the tablet could read it.
    """
    is_locked = "locked" in request.session
    response = redirect("sign-in") if is_locked else redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        location = response["Location"]
        response = HttpResponse(status=401)  # type: ignore[assignment]
        response["HX-Redirect"] = location
    if is_locked:
        response["X-Omni-Locked"] = "1"
    return response
