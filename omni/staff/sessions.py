"""A person's session: it begins at the one door, tells how long ago the person did something and proved who they are,
and ends without a trace.

A locked session is no session: it is emptied, and an anonymous one keeps who was there and on which page. No view can
be reached half signed in, because `request.actor` is either a whole person or None.
"""

import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import AnonymousUser
from django.utils.http import url_has_allowed_host_and_scheme

from omni.staff.models import User
from omni.staff.services import devices

BACKEND = "django.contrib.auth.backends.ModelBackend"
PERSON_AT, FRESH_AT, DEVICE, LOCKED, SEAT, HALF = "person_at", "fresh_at", "device", "locked", "seat", "half"
FRESH_SECONDS = 300
NOTED_AT, NOTED_SECONDS = "noted_at", 900
"""Whoever works on without ever being locked out is noted again every quarter of an hour."""
POLL_HEADER = "X-Omni-Poll"
"""What a page asks by itself carries this header: it keeps nobody's session open."""


def begin(request: Any, person: User, *, seat: bool = False) -> str:
    """Begin the person's session: new id, new CSRF token, nothing of whoever was here. Returns where they were locked
    out, if it was they, else an empty text."""
    locked = request.session.get(LOCKED) or {}
    request.session.flush()
    login(request, person, backend=BACKEND)
    if request.device:
        request.session[DEVICE] = request.device.id
        request.session["store"] = request.device.location_id
        request.session[NOTED_AT] = int(time.time())
    if seat:
        request.session[SEAT] = True
    return str(locked.get("next", "")) if locked.get("person") == person.pk else ""


def stamp(sender: Any, request: Any, user: Any, **_signal: Any) -> None:
    """Mark a session that just began: whoever came in by the door has proved who they are."""
    request.session[PERSON_AT] = request.session[FRESH_AT] = int(time.time())


def prove(request: Any) -> None:
    """Remember that the person has just proved again who they are."""
    request.session[FRESH_AT] = int(time.time())


def is_fresh(request: Any) -> bool:
    """Whether the person proved within `FRESH_SECONDS` who they are."""
    return 0 <= time.time() - request.session.get(FRESH_AT, 0) < FRESH_SECONDS


def idle_seconds(request: Any) -> int:
    """Return how long a session lives without a person's request: short where many hands touch one tablet."""
    seconds: int = settings.DEVICE_IDLE_SECONDS if request.device else settings.SESSION_IDLE_SECONDS
    return seconds


def settle(request: Any) -> None:
    """End the session of a device that is revoked or another, lock one that was idle, and mark one that is not."""
    if not request.user.is_authenticated:
        return
    if request.session.get(DEVICE) != (request.device.id if request.device else None):
        end(request)
        return
    now, allowed = int(time.time()), idle_seconds(request)
    idle = now - request.session.get(PERSON_AT, 0)
    if idle >= allowed:
        lock(request)
        return
    # Not at every request: a write for each would cost more than the few seconds by which somebody is locked early.
    if idle >= allowed / 24 and POLL_HEADER not in request.headers:
        request.session[PERSON_AT] = now
        if request.device and now - request.session.get(NOTED_AT, 0) >= NOTED_SECONDS:
            request.session[NOTED_AT] = now
            devices.used(device_id=request.device.id, location_id=request.device.location_id, person_id=request.user.pk)


def lock(request: Any) -> None:
    """Empty the session; remember who was here, and on which page, for their return."""
    person, where = request.user.pk, page_of(request)
    end(request)
    request.session[LOCKED] = {"person": person, "next": where}


def end(request: Any) -> None:
    """Empty the session: what it held is gone from the server."""
    request.session.flush()
    request.user, request.actor = AnonymousUser(), None


def page_of(request: Any) -> str:
    """Return the address of the page that the person had before them: never one that only takes forms."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return str(request.get_full_path())
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(shown, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(shown)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
