"""The one door, step by step: password, then the second factor, then what a newcomer must choose.

Between two steps nobody is signed in: the anonymous session only says whose password was right, and for five minutes.
Every way to a person's session, the demo's seats and the tablets' PINs too, ends in `sessions.begin`.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect

from omni.staff import sessions
from omni.staff.access import actor_of
from omni.staff.greeting import greet
from omni.staff.models import Role, User
from omni.staff.services import devices, factors, pins

MINUTES_5 = 300
STEPS = {"second": "second-factor", "password": "first-password", "enrol": "factor-enrolment"}


def begin_half(request: Any, person: User, wanted: str) -> HttpResponseBase:
    """The password was right: go on to the next step, or in."""
    locked = request.session.get(sessions.LOCKED)
    request.session.flush()
    if locked:
        request.session[sessions.LOCKED] = locked
    request.session[sessions.HALF] = {"person": person.pk, "at": int(time.time()), "next": wanted, "passed": []}
    return go_on(request, person)


def half(request: Any, step: str) -> User | None:
    """Return whose turn it is at this step; None when nobody's, so that no step can be entered from outside."""
    state = request.session.get(sessions.HALF)
    if not state or not 0 <= time.time() - state["at"] < MINUTES_5:
        return None
    person = User.objects.select_related("role").filter(pk=state["person"], is_active=True).first()
    return person if person and _next_step(person, state["passed"]) == step else None


def passed(request: Any, person: User, step: str) -> HttpResponseBase:
    """A step is done: go on to the next one, or in."""
    state = request.session[sessions.HALF]
    request.session.cycle_key()
    request.session[sessions.HALF] = {**state, "passed": [*state["passed"], step]}
    return go_on(request, person)


def go_on(request: Any, person: User) -> HttpResponseBase:
    """Lead to the next step, or let in."""
    state = request.session[sessions.HALF]
    step = _next_step(person, state["passed"])
    return redirect(STEPS[step]) if step else let_in(request, person, state["next"])


def _next_step(person: User, done: list[str]) -> str:
    has_factor = factors.is_set(person.pk)
    if has_factor and not {"second", "enrol"} & set(done):
        return "second"
    if person.first_password_until:
        return "password"
    if not has_factor and needs_factor(person):
        return "enrol"
    return ""


def needs_factor(person: User) -> bool:
    """Whether the house asks this person for a second factor: everybody whose work begins at a desk."""
    return bool(settings.REQUIRE_MFA) and person.role.home != Role.Home.TODAY


def let_in(request: Any, person: User, wanted: str) -> HttpResponseBase:
    """Begin the session of somebody who passed every step; on a tablet without their PIN, let them choose one."""
    back = sessions.begin(request, person)
    wanted = wanted if wanted != "/" else back or "/"
    if request.device:
        devices.used(device_id=request.device.id, location_id=request.device.location_id, person_id=person.pk)
        pins.unlock(device=request.device, person_id=person.pk)
        actor = actor_of(person)
        wants_pin = pins.may_have_one(actor) and request.device.location_id in actor.store_ids
        if wants_pin and not pins.is_set(device=request.device, person_id=person.pk):
            request.session["after_pin"] = wanted
            return greet(request, redirect("pin-setting"), person)
    return greet(request, redirect(wanted), person)
