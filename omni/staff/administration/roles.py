"""The screens of roles: what each may do, in words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from omni.lib.errors import Refusal
from omni.staff import roles as role_words
from omni.staff.access import requires
from omni.staff.administration import queries
from omni.staff.administration.forms import RoleForm
from omni.staff.models import Role
from omni.staff.once import new_key, once
from omni.staff.permissions import PERMISSIONS
from omni.staff.services import role_book
from omni.staff.stepping_up import requires_fresh


@requires("roles.manage")
@require_GET
def roles(request: Any) -> HttpResponse:
    """Every role, how many people hold it, and what it may do."""
    rows = [
        {
            "role": role,
            "label": role_words.label(role.code, role.name),
            "people": role.held_by,
            "count": len(role.permissions),
            "everything": set(role.permissions) >= PERMISSIONS.keys(),
            "words": [PERMISSIONS[code] for code in role.permissions if code in PERMISSIONS][:3],
            "home": role.get_home_display(),
        }
        for role in queries.roles_with_people()
    ]
    return render(request, "settings/roles.html", {"rows": rows})


@requires("roles.manage")
@requires_fresh
@require_http_methods(["GET", "POST"])
def role(request: Any, code: str) -> HttpResponseBase:
    """One role, by areas; a right that the reader does not hold can be seen and not changed."""
    found = get_object_or_404(Role, code=code)
    if request.method == "GET":
        return _page(request, _form(found), found)
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, form, found, status=422)
    name = found.name if _ours(found) else form.cleaned_data["name"]

    def change() -> None:
        role_book.change_role(
            actor=request.actor,
            role_id=found.pk,
            name=name,
            permissions=_wanted(request, form, set(found.permissions)),
            home=form.cleaned_data["home"],
        )

    return _answer(request, form, found, change)


@requires("roles.manage")
@requires_fresh
@require_http_methods(["GET", "POST"])
def new_role(request: Any) -> HttpResponseBase:
    """Add a role."""
    if request.method == "GET":
        return _page(request, _form(None))
    form = _form(None, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)

    def add() -> None:
        role_book.add_role(
            actor=request.actor,
            name=form.cleaned_data["name"],
            permissions=_wanted(request, form, set()),
            home=form.cleaned_data["home"],
        )

    return _answer(request, form, None, add)


def _answer(request: Any, form: RoleForm, found: Role | None, work: Any) -> HttpResponseBase:
    try:
        once(request, work)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, found, status=409)
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("roles")


def _wanted(request: Any, form: RoleForm, held: set[str]) -> set[str]:
    """Return what was ticked; a box that the page could not offer to this reader stays as it is."""
    locked = {code for code in held if not request.actor.may(code)}
    return set(form.cleaned_data["permissions"]) | locked


def _ours(role: Role | None) -> bool:
    return role is not None and role.code in role_words.labels()


def _form(role: Role | None, data: Any = None) -> RoleForm:
    initial: dict[str, Any] = {"home": Role.Home.TODAY}
    if role:
        name = role_words.label(role.code, role.name)
        initial = {"name": name, "home": role.home, "permissions": role.permissions}
    if data is not None and _ours(role):
        data = data.copy()
        data["name"] = role.name if role else ""
    return RoleForm(data, initial=initial, codes=sorted(PERMISSIONS))


def _page(request: Any, form: RoleForm, role: Role | None = None, *, status: int = 200) -> HttpResponse:
    chosen = set(form["permissions"].value() or [])
    context = {
        "form": form,
        "role": role,
        "label": role_words.label(role.code, role.name) if role else "",
        "ours": _ours(role),
        "areas": queries.rights_in_areas(request.actor, chosen),
        "held_by": role.people.filter(is_active=True).count() if role else 0,
        "idempotency_key": new_key(),
    }
    return render(request, "settings/role.html", context, status=status)
