"""The screens of keys: what other programs may do here."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from omni.lib.errors import Refusal
from omni.staff.access import requires
from omni.staff.administration import queries
from omni.staff.administration.forms import KeyForm
from omni.staff.models import ApiKey, User
from omni.staff.once import new_key, once
from omni.staff.permissions import API_SCOPES, PERMISSIONS
from omni.staff.services import keys as key_services
from omni.staff.stepping_up import requires_fresh

EXPIRES_SOON = timedelta(days=14)


@requires("keys.manage")
@require_GET
def keys(request: Any) -> HttpResponse:
    """The keys that one may revoke: valid ones first, then what they were."""
    last, now = queries.last_writes(), timezone.now()
    rows = [_row(key, last.get(f"key:{key.pk}"), now) for key in queries.keys_visible_to(request.actor)]
    context = {
        "rows": sorted(rows, key=lambda row: row["ended"]),
        "idempotency_key": new_key(),
    }
    return render(request, "settings/keys.html", context)


def _row(key: ApiKey, used_at: Any, now: Any) -> dict[str, Any]:
    expired = bool(key.expires_at and key.expires_at <= now)
    soon = bool(key.expires_at and not expired and key.expires_at - now <= EXPIRES_SOON)
    return {
        "key": key,
        "shown": f"{key_services.MARK}_{key.prefix}…",
        "scopes": [PERMISSIONS.get(code, code) for code in key.scopes],
        "used_at": used_at,
        "owner_left": not key.owner.is_active,
        "expired": expired,
        "soon": soon,
        "ended": bool(key.revoked_at or expired),
    }


@requires("keys.manage")
@requires_fresh
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponseBase:
    """Issue a key; its token is on the page that follows, once."""
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _new_page(request, form, status=200 if request.method == "GET" else 422)
    wanted, issued = form.cleaned_data, []

    def issue() -> None:
        issued.append(
            key_services.issue_as(
                actor=request.actor,
                owner_id=wanted["owner"],
                name=wanted["name"],
                channel=wanted["channel"],
                scopes=wanted["scopes"],
                expires_at=wanted["expires_on"],
            )
        )

    try:
        once(request, issue)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _new_page(request, form, status=409)
    if not issued:
        messages.warning(request, _("This was sent twice and done once. The token was on the first page."))
        return redirect("keys")
    key, token = issued[-1]
    return render(request, "settings/key_shown.html", {"key": key, "token": token})


def _form(request: Any, data: Any) -> KeyForm:
    actor = request.actor
    seen = queries.people_visible_to(actor).filter(is_active=True)
    owners = [one for one in seen if one.pk == actor.user_id or actor.may("people.manage")]
    able = [one for one in owners if API_SCOPES.intersection(one.role.permissions)]
    return KeyForm(
        data,
        initial={"owner": _likely(able), "scopes": []},
        owners=able,
        scopes=sorted(code for code in API_SCOPES if actor.may(code)),
    )


def _likely(owners: list[User]) -> int | None:
    """Return the owner a key most often acts for: somebody who is there for programs."""
    return next((one.pk for one in owners if one.role.code == "integrator"), None)


def _new_page(request: Any, form: KeyForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "scopes": [(code, PERMISSIONS[code]) for code, _label in form.fields["scopes"].choices],  # type: ignore[attr-defined]
        "chosen_scopes": form["scopes"].value() or [],
        "idempotency_key": new_key(),
    }
    return render(request, "settings/new_key.html", context, status=status)


@requires("keys.manage")
@requires_fresh
@require_POST
def revocation(request: Any, pk: int) -> HttpResponseBase:
    """Revoke a key for ever."""
    key = get_object_or_404(queries.keys_visible_to(request.actor), pk=pk)
    once(request, lambda: key_services.revoke_as(actor=request.actor, key=key))
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("keys")
