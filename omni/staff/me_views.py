"""One's own page: language, light, sounds, password, second factor, PIN on this tablet."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from omni.lib.errors import Refusal
from omni.staff import door, sessions
from omni.staff.access import signed_in
from omni.staff.door_views import confirmed, enrolment_page
from omni.staff.forms import PreferencesForm
from omni.staff.greeting import apply_preferences
from omni.staff.middleware import LANGUAGE_COOKIE
from omni.staff.models import Preferences
from omni.staff.services import factors, limiting, own_account, pins
from omni.staff.stepping_up import requires_fresh


@signed_in
@require_http_methods(["GET", "POST"])
def me(request: Any) -> HttpResponseBase:
    """How one likes the house; saved for the person, applied at once."""
    if request.method == "GET":
        return _page(request)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    wanted = form.cleaned_data
    own_account.speak(actor=request.actor, language=wanted["language"])
    kept = own_account.prefer(
        actor=request.actor, theme=wanted["theme"], sounds=wanted["sounds"], shortcuts=wanted["shortcuts"]
    )
    with translation.override(wanted["language"]):  # it is read on the next page
        messages.success(request, _("Saved."))
    response = redirect("me")
    apply_preferences(request, response, kept)
    response.delete_cookie(LANGUAGE_COOKIE, samesite="Lax")
    return response


def _page(request: Any, *, form: PreferencesForm | None = None, error: str = "", status: int = 200) -> HttpResponse:
    person = request.user
    liked = Preferences.objects.filter(person=person.pk).first() or Preferences()
    initial = {"language": person.language, "theme": liked.theme, "sounds": liked.sounds, "shortcuts": liked.shortcuts}
    context = {
        "form": form or PreferencesForm(initial=initial),
        "login": person.login,
        "password_error": error,
        "has_factor": factors.is_set(person.pk),
        "codes_left": person.recovery_codes.filter(used_at=None).count(),
        "needs_factor": door.needs_factor(person),
        "device": request.device,
        "has_pin": bool(request.device) and pins.is_set(device=request.device, person_id=person.pk),
        "may_have_pin": bool(request.device) and pins.may_have_one(request.actor),
    }
    return render(request, "staff/me.html", context, status=status)


@signed_in
@sensitive_post_parameters("current", "password", "password_again")
@require_POST
def own_password(request: Any) -> HttpResponseBase:
    """Change one's password: this session goes on under a new id, all others end."""
    try:
        limiting.count(what="step_up", whom=str(request.user.pk), limit=5, seconds=15 * 60)
        own_account.change_password(
            person=request.user,
            current=request.POST.get("current", ""),
            password=request.POST.get("password", ""),
            again=request.POST.get("password_again", ""),
        )
    except Refusal as refusal:
        return _page(request, error=str(refusal), status=429 if refusal.status == 429 else 422)
    limiting.clear(what="step_up", whom=str(request.user.pk))
    update_session_auth_hash(request, request.user)
    sessions.prove(request)
    messages.success(request, _("Your password is changed. You are signed out everywhere else."))
    return redirect("me")


@signed_in
@requires_fresh
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def own_factor(request: Any) -> HttpResponseBase:
    """Take an authenticator app into use, or another one in its place."""
    if request.method == "GET":
        return enrolment_page(request, request.user, action="own")
    try:
        codes = confirmed(request, request.user)
    except Refusal as refusal:
        return enrolment_page(request, request.user, error=str(refusal), action="own")
    return _show_codes(request, codes)


@signed_in
@requires_fresh
@require_POST
def own_factor_end(request: Any) -> HttpResponseBase:
    """Do without a second factor; not for somebody whose role needs one."""
    if door.needs_factor(request.user):
        return _page(request, error=_("Your role needs a second factor."), status=422)
    factors.forget(person_id=request.user.pk)
    messages.success(request, _("You sign in with your password alone."))
    return redirect("me")


@signed_in
@requires_fresh
@require_POST
def new_recovery_codes(request: Any) -> HttpResponseBase:
    """Make ten new recovery codes in place of the earlier ones."""
    if not factors.is_set(request.user.pk):
        return redirect("me")
    return _show_codes(request, factors.renew_recovery_codes(person_id=request.user.pk))


def _show_codes(request: Any, codes: list[str]) -> HttpResponseBase:
    request.session["recovery_codes"] = factors.seal(" ".join(codes))
    request.session["after_codes"] = "/me/"
    return redirect("recovery-codes")


@signed_in
@require_GET
def recovery_codes(request: Any) -> HttpResponseBase:
    """Show new recovery codes, this once."""
    sealed = request.session.pop("recovery_codes", "")
    onward = request.session.get("after_codes", "/")
    if not sealed:
        return redirect(onward)
    context = {"codes": factors.unseal(sealed).split(), "onward": onward}
    return render(request, "staff/recovery_codes.html", context)
