"""What proves that the person at the screen is still the one who signed in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest
from omni.staff import sessions
from omni.staff.services import limiting, pins

TRIES, SECONDS = 5, 15 * 60


def kind_of_proof(request: Any) -> str:
    """Return what is asked: `pin`, `password`, or `press` at a seat of the demo, which nobody has a password for."""
    if settings.DEMO and request.session.get(sessions.SEAT):
        return "press"
    return "pin" if request.device and pins.is_set(device=request.device, person_id=request.user.pk) else "password"


def prove(request: Any, given: str) -> None:
    """Check the proof and remember when. Raises Refusal when it is wrong, TooManyTries after five."""
    kind = kind_of_proof(request)
    if kind == "pin":
        pins.check(device=request.device, person_id=request.user.pk, pin=given)
    elif kind == "password":
        limiting.count(what="step_up", whom=str(request.user.pk), limit=TRIES, seconds=SECONDS)
        if not check_password(given, request.user.password):
            raise BadRequest(_("This is not your password."))
        limiting.clear(what="step_up", whom=str(request.user.pk))
    sessions.prove(request)
