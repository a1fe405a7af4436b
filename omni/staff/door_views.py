"""The steps between the password and the house. Each is open only to whom the step before led here."""

from typing import Any

import segno
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from omni.lib.errors import Refusal
from omni.staff import door
from omni.staff.access import public
from omni.staff.models import User
from omni.staff.services import factors, own_account
from omni.staff.services.limiting import TooManyTries


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: Any) -> HttpResponseBase:
    """Ask for the code of the app, or a recovery code."""
    person = door.half(request, "second")
    if person is None:
        return redirect("sign-in")
    if request.method == "GET":
        return render(request, "staff/second_factor.html", {"person": person})
    try:
        factors.check(person_id=person.pk, code=request.POST.get("code", ""))
    except Refusal as refusal:
        if isinstance(refusal, TooManyTries):
            request.session.flush()
        status = 429 if isinstance(refusal, TooManyTries) else 422
        return render(request, "staff/second_factor.html", {"person": person, "error": str(refusal)}, status=status)
    return door.passed(request, person, "second")


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def factor_enrolment(request: Any) -> HttpResponseBase:
    """Take an authenticator app into use, before the first page of the house."""
    person = door.half(request, "enrol")
    if person is None:
        return redirect("sign-in")
    if request.method == "GET":
        return enrolment_page(request, person)
    try:
        codes = confirmed(request, person)
    except Refusal as refusal:
        return enrolment_page(request, person, error=str(refusal))
    answer = door.passed(request, person, "enrol")
    request.session["recovery_codes"] = factors.seal(" ".join(codes))
    onward = answer["Location"]
    request.session["after_codes"] = onward
    answer["Location"] = reverse("recovery-codes")
    return answer


def confirmed(request: Any, person: User) -> list[str]:
    """Confirm the key that the page showed with the code that the person typed; return the recovery codes."""
    sealed = request.session.get("factor_key", "")
    codes = factors.confirm(person_id=person.pk, key=factors.unseal(sealed), code=_digits(request))
    request.session.pop("factor_key", None)
    return codes


def _digits(request: Any) -> str:
    return "".join(sign for sign in request.POST.get("code", "") if sign.isdigit())


def enrolment_page(request: Any, person: User, *, error: str = "", action: str = "") -> HttpResponse:
    """Show the key as a QR and as text; the same key until it is confirmed, sealed in the session."""
    sealed = request.session.get("factor_key")
    key = factors.unseal(sealed) if sealed else factors.new_key()
    if not sealed:
        request.session["factor_key"] = factors.seal(key)
    address = factors.key_address(key=key, login=person.login)
    svg = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff", omitsize=True)
    context = {
        "person": person,
        "qr": mark_safe(svg),  # noqa: S308  (made here, of our own address)
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "error": error,
        "action": action,
    }
    return render(request, "staff/factor_enrolment.html", context, status=422 if error else 200)


@public
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def first_password(request: Any) -> HttpResponseBase:
    """Choose one's own password in place of the first one, which an administrator saw."""
    person = door.half(request, "password")
    if person is None:
        return redirect("sign-in")
    if request.method == "GET":
        return render(request, "staff/first_password.html", {"person": person})
    try:
        own_account.choose_password(
            person=person, password=request.POST.get("password", ""), again=request.POST.get("password_again", "")
        )
    except Refusal as refusal:
        context = {"person": person, "error": str(refusal)}
        return render(request, "staff/first_password.html", context, status=422)
    return door.passed(request, person, "password")
