"""Coming and going: sign-in, sign-out, language, the store one works in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from omni.staff import demo_sign_in as demo_page
from omni.staff.access import public, signed_in
from omni.staff.forms import SignInForm
from omni.staff.middleware import LANGUAGE_COOKIE
from omni.staff.models import User
from omni.staff.stores import choose_store

YEAR = 365 * 24 * 3600


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponseBase:
    """Sign in with a password; a new session begins."""
    if request.method == "GET":
        return redirect("home") if request.actor else _page(request, SignInForm(request))
    form = SignInForm(request, request.POST)
    if not form.is_valid() or form.user is None:
        return _page(request, form, status=422)
    login(request, form.user)
    return redirect(_next(request))


def _page(request: Any, form: SignInForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "next": _next(request)}
    if settings.DEMO:
        context |= demo_page.context()
    return render(request, "staff/sign_in.html", context, status=status)


def _next(request: Any) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else "/"  # a bare word would be taken for a view's name


@public
@require_POST
def demo_sign_in(request: Any) -> HttpResponseBase:
    """Take one of the demo's seats without typing; only in the demo, and only its invented people."""
    wanted = request.POST.get("login", "")
    if not settings.DEMO or wanted not in demo_page.logins():
        raise Http404
    person = User.objects.get(login=wanted)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(_next(request))


@public
@require_POST
def sign_out(request: Any) -> HttpResponseBase:
    """Leave; the session and all it kept are gone."""
    logout(request)
    response = redirect("sign-in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
@require_POST
def language(request: Any) -> HttpResponseBase:
    """Read in another language, on this device."""
    response = redirect(_next(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
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
    return redirect(_next(request))
