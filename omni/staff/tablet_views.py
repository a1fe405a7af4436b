"""A shared tablet: enrolment, PIN, lock, drafts, and the sign of life of somebody who types."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from omni.lib.errors import Refusal
from omni.staff import devices, sessions, tiles
from omni.staff.access import public, signed_in
from omni.staff.addresses import client_address
from omni.staff.greeting import forget_preferences, greet
from omni.staff.services import devices as device_services
from omni.staff.services import drafts, pins
from omni.staff.stepping_up import requires_fresh


@public
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
def pin(request: Any, pk: int) -> HttpResponseBase:
    """One person's tile on this tablet: their six digits open their session."""
    if request.device is None or pk not in {one["id"] for one in pins.tiles(device=request.device)}:
        raise Http404
    if request.method == "GET":
        return tiles.page(request, pk)
    try:
        person = pins.check(device=request.device, person_id=pk, pin=request.POST.get("pin", ""))
    except Refusal as refusal:
        is_locked = isinstance(refusal, pins.PinLocked)
        return tiles.page(request, pk, error=str(refusal), is_locked=is_locked, status=422)
    back = sessions.begin(request, person)
    device_services.used(device_id=request.device.id, location_id=request.device.location_id, person_id=person.pk)
    return greet(request, redirect(back or "/"), person)


@signed_in
@requires_fresh
@sensitive_post_parameters("pin", "pin_again")
@require_http_methods(["GET", "POST"])
def pin_setting(request: Any) -> HttpResponseBase:
    """Choose one's PIN on this tablet, after a full sign-in on it."""
    if request.device is None:
        return redirect("me")
    if not pins.may_have_one(request.actor):
        raise PermissionDenied
    if request.method == "GET":
        return _pin_page(request)
    chosen = request.POST.get("pin", "").strip()
    try:
        if chosen != request.POST.get("pin_again", "").strip():
            return _pin_page(request, differs=True)
        pins.set_pin(device=request.device, actor=request.actor, pin=chosen)
    except Refusal as refusal:
        return _pin_page(request, error=str(refusal))
    return redirect(request.session.pop("after_pin", "/"))


def _pin_page(request: Any, *, error: str = "", differs: bool = False) -> HttpResponse:
    context = {
        "device": request.device,
        "error": error,
        "differs": differs,
        "later_url": request.session.get("after_pin", "/"),
    }
    return render(request, "staff/pin_setting.html", context, status=422 if error or differs else 200)


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def device_enrolment(request: Any) -> HttpResponseBase:
    """Make this tablet a device of a store, with the code that a manager made."""
    if request.method == "GET":
        return render(request, "staff/device_enrolment.html", {"device": request.device})
    try:
        _device, secret = device_services.enrol(code=request.POST.get("code", ""), address=client_address(request))
    except Refusal as refusal:
        context = {"device": request.device, "error": str(refusal)}
        return render(request, "staff/device_enrolment.html", context, status=refusal.status)
    sessions.end(request)
    response = redirect("sign-in")
    devices.give_cookie(request, response, secret)
    response["Clear-Site-Data"] = '"cache"'
    return response


@public
@require_POST
def lock(request: Any) -> HttpResponseBase:
    """Lock, or hand the tablet to somebody else: `next` of the person is kept on the server, the page is not."""
    if request.actor:
        sessions.lock(request)
    response = redirect("sign-in")
    if request.device:
        forget_preferences(response)
    response["Clear-Site-Data"] = '"cache"'
    return response


@signed_in
@require_POST
def presence(request: Any) -> HttpResponse:
    """Somebody touches the page without asking anything: the request itself is all that counts."""
    return HttpResponse(status=204)


@signed_in
@require_http_methods(["GET", "POST"])
def draft(request: Any) -> HttpResponse:
    """Keep, or give back, what the person typed into the form of an address."""
    address = (request.POST.get("address") or request.GET.get("address", "")).replace("\x00", "")
    if not address.startswith("/"):
        return HttpResponse(status=400)
    if request.method == "GET":
        return JsonResponse({"fields": drafts.of(person_id=request.actor.user_id, address=address)})
    fields = _fields(request.POST.get("fields", ""))
    page = request.POST.get("page", "").replace("\x00", "")
    drafts.keep(person_id=request.actor.user_id, address=address, page=page, fields=fields)
    return HttpResponse(status=204)


def _fields(text: str) -> dict[str, str]:
    try:
        sent = json.loads(text.replace("\\u0000", ""))
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in sent.items()} if isinstance(sent, dict) else {}
