"""Proving again who one is, before what cannot be taken back: refunds, price overrides, exports, roles, people, keys.

Put `@requires_fresh` under the permission, nearest to the view:

    @requires("people.manage")
    @requires_fresh
    @require_POST
    def role_change(request, pk): ...

A proof (a sign-in, or this page) holds five minutes. Without one
* a GET goes to the page `step-up` and comes back by `next`; put it on the page with the form, and nobody is asked in
  the middle of their work;
* a POST is answered with the question (422), which carries every field of the form along; the answer posts the form
  again to the same address and the view runs as if nothing had happened. A form with files, and a form that htmx posts,
  go to `step-up` and come back to their page instead.
The question is the PIN on a tablet where the person has one, the password everywhere else. Five wrong answers in a
quarter of an hour end the session.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from omni.lib.errors import Refusal
from omni.staff import sessions
from omni.staff.access import View, sign_in_first, signed_in
from omni.staff.proving import kind_of_proof, prove
from omni.staff.services.limiting import TooManyTries
from omni.staff.stores import next_page

PROOF = "step_up_proof"
NOT_REPEATED = {PROOF, "csrfmiddlewaretoken"}


def requires_fresh(view: View) -> View:
    """Let in who proved within five minutes who they are; ask the others, and lose nothing of what they sent."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if sessions.is_fresh(request):
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} or request.FILES or request.headers.get("HX-Request"):
            return _go_and_prove(request)
        if PROOF not in request.POST:
            return _question(request, request.path, repeated=request.POST)
        try:
            prove(request, request.POST[PROOF])
        except TooManyTries:
            sessions.end(request)
            return sign_in_first(request)
        except Refusal as refusal:
            return _question(request, request.path, repeated=request.POST, error=str(refusal))
        request.POST = _without_proof(request.POST)
        return view(request, *args, **kwargs)

    guarded.fresh = True  # type: ignore[attr-defined]
    return guarded


def _without_proof(posted: Any) -> Any:
    rest = posted.copy()
    del rest[PROOF]
    return rest


def _go_and_prove(request: Any) -> HttpResponseBase:
    address = f"{reverse('step-up')}?{urlencode({'next': sessions.page_of(request)})}"
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = HttpResponse(status=401)
    response["HX-Redirect"] = address
    return response


def _question(request: Any, action: str, *, repeated: Any, error: str = "") -> HttpResponse:
    fields = [(name, value) for name in repeated for value in repeated.getlist(name) if name not in NOT_REPEATED]
    context = {
        "action": action,
        "repeated": fields,
        "proof": PROOF,
        "proof_kind": kind_of_proof(request),
        "error": error,
        "back_url": sessions.page_of(request),
    }
    return render(request, "staff/step_up.html", context, status=422)


@signed_in
@sensitive_post_parameters(PROOF)
@require_http_methods(["GET", "POST"])
def step_up(request: Any) -> HttpResponseBase:
    """Ask for the PIN or the password again, then go on to `next`."""
    if request.method == "GET":
        if sessions.is_fresh(request):
            return redirect(next_page(request))
        return _asked(request)
    try:
        prove(request, request.POST.get(PROOF, ""))
    except TooManyTries:
        sessions.end(request)
        return sign_in_first(request)
    except Refusal as refusal:
        return _asked(request, error=str(refusal), status=422)
    return redirect(next_page(request))


def _asked(request: Any, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "action": reverse("step-up"),
        "repeated": [("next", next_page(request))],
        "proof": PROOF,
        "proof_kind": kind_of_proof(request),
        "error": error,
        "back_url": "/",
    }
    return render(request, "staff/step_up.html", context, status=status)
