"""The store a person is working in: chosen once, kept in the session, always one of their own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.http import url_has_allowed_host_and_scheme

from omni.staff.access import Actor

SESSION_KEY = "store"


def current_store_id(request: Any) -> int:
    """Return the id of the store the person works in. Raises PermissionDenied for somebody who has no store at all."""
    actor: Actor = request.actor
    chosen = request.session.get(SESSION_KEY)
    if chosen in actor.store_ids:
        return int(chosen)
    if not actor.store_ids:
        raise PermissionDenied
    return min(actor.store_ids)


def choose_store(request: Any, store_id: int) -> None:
    """Work in another of one's stores. Raises PermissionDenied for a store that is not."""
    if store_id not in request.actor.store_ids:
        raise PermissionDenied
    request.session[SESSION_KEY] = store_id


def next_page(request: Any) -> str:
    """Return the address of ours that the request names as `next`, or `/`."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else "/"  # a bare word would be taken for a view's name
