"""Coming and going: sign-in, sign-out, language, the store one works in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from omni.staff import demo_sign_in as demo_page
from omni.staff import door, sessions, tiles
from omni.staff.access import public, signed_in
from omni.staff.forms import SignInForm
from omni.staff.greeting import YEAR, forget_preferences, greet
from omni.staff.middleware import LANGUAGE_COOKIE
from omni.staff.models import User
from omni.staff.services import own_account
from omni.staff.stores import choose_store, next_page


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponseBase:
    """Sign in with a password; on a tablet the tiles of its people come first, and `?with=password` leads here."""
    if request.method == "GET":
        if request.actor:
            return redirect("home")
        if request.device and "with" not in request.GET:
            return tiles.page(request)
        return _page(request, SignInForm(request))
    form = SignInForm(request, request.POST)
    if not form.is_valid() or form.user is None:
        return _page(request, form, status=422)
    return door.begin_half(request, form.user, next_page(request))


def locked_out(request: Any, response: Any, credentials: Any) -> HttpResponse:
    """The page for too many wrong passwords; equal for a login that exists and one that does not."""
    form = SignInForm(request, {"username": request.POST.get("username", "")})
    form.errors.clear()
    form.add_error(None, _("Too many wrong passwords for this login. Please wait 15 minutes, then try again."))
    return _page(request, form, status=429)


def _page(request: Any, form: SignInForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "next": next_page(request),
        "device": request.device,
        "demo": settings.DEMO and not request.device,
        "was_locked": bool(request.session.get(sessions.LOCKED)),
    }
    if settings.DEMO and not request.device:
        context |= demo_page.context()
    return render(request, "staff/sign_in.html", context, status=status)


@public
@require_POST
def demo_sign_in(request: Any) -> HttpResponseBase:
    """Take one of the demo's seats without typing; only in the demo, and only its invented people."""
    wanted = request.POST.get("login", "")
    if not settings.DEMO or wanted not in demo_page.logins():
        raise Http404
    person = User.objects.get(login=wanted)
    sessions.begin(request, person, seat=True)
    return greet(request, redirect(next_page(request)), person)


@public
@require_POST
def sign_out(request: Any) -> HttpResponseBase:
    """Leave; the session and all it kept are gone, and a shared tablet forgets how the person liked it."""
    sessions.end(request)
    response = redirect("sign-in")
    if request.device:
        forget_preferences(response)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
@require_POST
def language(request: Any) -> HttpResponseBase:
    """Read in another language: on this device, and on a shared tablet for this person wherever they sign in."""
    response = redirect(next_page(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        if request.actor and request.device:
            own_account.speak(actor=request.actor, language=wanted)
        else:
            response.set_cookie(
                LANGUAGE_COOKIE, wanted, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
    return response


@signed_in
@require_POST
def store(request: Any) -> HttpResponseBase:
    """Work in another of one's stores."""
    try:
        choose_store(request, int(request.POST.get("store", "")))
    except ValueError:
        raise PermissionDenied(_("This is not one of your stores.")) from None
    return redirect(next_page(request))
