"""The screens of people: the list, one person, somebody new."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from omni.lib.errors import Refusal
from omni.staff import roles
from omni.staff.access import requires
from omni.staff.administration import queries
from omni.staff.administration.forms import PersonForm
from omni.staff.models import Role, User
from omni.staff.once import new_key, once
from omni.staff.services import administering
from omni.staff.stepping_up import requires_fresh

PAGE = 50
STATES = {"active": Q(is_active=True), "left": Q(is_active=False)}


@requires("people.view")
@require_GET
def people(request: Any) -> HttpResponse:
    """Who works here, as far as the reader's stores go; filters stay in the address."""
    found = _filtered(request, queries.people_visible_to(request.actor))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    stores, names = queries.stores_of([one.pk for one in page]), queries.stores_by_id()
    context = {
        "rows": [_row(one, stores[one.pk], names, request.actor.store_ids) for one in page],
        "page": page,
        "roles": [(one.code, roles.label(one.code, one.name)) for one in Role.objects.order_by("name")],
        "stores_known": [(pk, name) for pk, name in names.items() if pk in request.actor.store_ids],
        "chosen": {name: request.GET.get(name, "") for name in ("text", "role", "state", "at")},
        "address": _address(request),
    }
    return render(request, "settings/people.html", context)


def _filtered(request: Any, found: QuerySet[User]) -> QuerySet[User]:
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:80] for name in ("text", "role", "state", "at")}
    text, role, at = asked["text"], asked["role"], asked["at"]
    if text:
        found = found.filter(Q(name__icontains=text) | Q(login__icontains=text))
    if role:
        found = found.filter(role__code=role)
    if at.isascii() and at.isdigit() and int(at) in request.actor.store_ids:
        found = found.filter(storeaccess__location=int(at))
    return found.filter(STATES.get(asked["state"], Q()))


def _address(request: Any) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"?{kept.urlencode()}&" if kept else "?"


def _row(person: User, store_ids: list[int], names: dict[int, str], visible: frozenset[int]) -> dict[str, Any]:
    shown = sorted(names[pk] for pk in store_ids if pk in visible)
    return {
        "name": person.name,
        "login": person.login,
        "url": reverse("person", args=[person.pk]),
        "role": roles.label(person.role.code, person.role.name),
        "stores": ", ".join(shown[:2]),
        "more_stores": max(0, len(store_ids) - len(shown[:2])),
        "state": state_of(person),
        "seen_at": person.last_login,
    }


def state_of(person: User) -> dict[str, str]:
    """Return the chip of a person: here, gone, or not yet come in."""
    if not person.is_active:
        return {"state": "neutral", "label": _("Has left")}
    if person.first_password_until:
        late = person.first_password_until <= timezone.now()
        return (
            {"state": "late", "label": _("First password expired")}
            if late
            else {"state": "new", "label": _("First password not used yet")}
        )
    return {"state": "done", "label": _("Active")}


@requires("people.view")
@require_GET
def person(request: Any, pk: int) -> HttpResponse:
    """One person; who may manage people may change them here."""
    return _page(request, _visible(request, pk))


def _visible(request: Any, pk: int) -> User:
    found: User = get_object_or_404(queries.people_visible_to(request.actor), pk=pk)
    return found


def _form(request: Any, person: User | None = None, data: Any = None) -> PersonForm:
    actor = request.actor
    grantable = queries.grantable_roles(actor)
    initial: dict[str, Any] = {"language": actor.language}
    if person:
        held = queries.stores_of([person.pk])[person.pk]
        initial = {
            "name": person.name,
            "login": person.login,
            "language": person.language,
            "role": person.role_id,
            "stores": held,
        }
        grantable += [] if person.role in grantable else [person.role]
    stores = {pk: name for pk, name in queries.stores_by_id().items() if pk in actor.store_ids}
    return PersonForm(data, initial=initial, role_choices=grantable, store_choices=stores)


def _page(
    request: Any, person: User, form: PersonForm | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    form = form or _form(request, person)
    held, names = queries.stores_of([person.pk])[person.pk], queries.stores_by_id()
    above = bool(set(person.role.permissions) - request.actor.permissions)
    context = {
        "person": person,
        "form": form,
        "chosen_stores": {str(pk) for pk in form["stores"].value() or []},
        "role_label": roles.label(person.role.code, person.role.name),
        "state": state_of(person),
        "stores": sorted(names[pk] for pk in held if pk in request.actor.store_ids),
        "hidden_stores": len([pk for pk in held if pk not in request.actor.store_ids]),
        "may_change": request.actor.may("people.manage") and not above,
        "above": above,
        "oneself": person.pk == request.actor.user_id,
        "audit_url": f"{reverse('audit')}?subject={person.pk}" if request.actor.may("audit.view") else "",
        "idempotency_key": new_key(),
    }
    return render(request, "settings/person.html", context | more, status=status)


@requires("people.manage")
@requires_fresh
@require_POST
def change(request: Any, pk: int) -> HttpResponseBase:
    """Change a person; what the actor may not give is refused in a sentence."""
    found = _visible(request, pk)
    form = _form(request, found, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    wanted = dict(form.cleaned_data)
    try:
        once(
            request,
            lambda: administering.change_person(
                actor=request.actor,
                person_id=pk,
                role_id=wanted["role"],
                store_ids=wanted["stores"],
                **{name: wanted[name] for name in ("name", "login", "language")},
            ),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _visible(request, pk), form, status=max(refusal.status, 409))
    messages.success(request, _("Saved. It holds from now on."))
    return redirect("person", pk)


@requires("people.manage")
@requires_fresh
@require_http_methods(["GET", "POST"])
def new_person(request: Any) -> HttpResponseBase:
    """Engage somebody; the first password is on the page that follows, once."""
    form = _form(request, data=request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _new_page(request, form, status=200 if request.method == "GET" else 422)
    wanted = form.cleaned_data
    return _with_password(
        request,
        lambda: administering.engage_person(
            actor=request.actor,
            role_id=wanted["role"],
            store_ids=wanted["stores"],
            **{name: wanted[name] for name in ("name", "login", "language")},
        ),
        refused=lambda refusal: _new_page(request, form, refusal=refusal, status=409),
    )


def _new_page(request: Any, form: PersonForm, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    if refusal:
        form.add_error(None, str(refusal))
    context = {
        "form": form,
        "chosen_stores": {str(pk) for pk in form["stores"].value() or []},
        "idempotency_key": new_key(),
    }
    return render(request, "settings/new_person.html", context, status=status)


def _with_password(request: Any, work: Any, *, refused: Any) -> HttpResponseBase:
    """Do it once and show the password this once. A form that was sent twice is told that it was."""
    done: list[tuple[User, str]] = []
    try:
        once(request, lambda: done.append(work()))
    except Refusal as refusal:
        response: HttpResponseBase = refused(refusal)
        return response
    if not done:
        messages.warning(request, _("This was sent twice and done once. The password was on the first page."))
        return redirect("people")
    found, password = done[-1]
    context = {"person": found, "password": password, "hours": administering.FIRST_PASSWORD_HOLDS.days * 24}
    return render(request, "settings/first_password_shown.html", context)


def _refused_on_person(request: Any, pk: int) -> Any:
    def answer(refusal: Refusal) -> HttpResponse:
        return _page(request, _visible(request, pk), refusal=str(refusal), status=409)

    return answer


@requires("people.manage")
@requires_fresh
@require_POST
def password(request: Any, pk: int) -> HttpResponseBase:
    """Give somebody who forgot theirs a first password."""
    _visible(request, pk)
    return _with_password(
        request,
        lambda: administering.renew_password(actor=request.actor, person_id=pk),
        refused=_refused_on_person(request, pk),
    )


@requires("people.manage")
@requires_fresh
@require_POST
def take_back(request: Any, pk: int) -> HttpResponseBase:
    """Let somebody who left come back."""
    _visible(request, pk)
    return _with_password(
        request,
        lambda: administering.take_back(actor=request.actor, person_id=pk),
        refused=_refused_on_person(request, pk),
    )


@requires("people.manage")
@requires_fresh
@require_POST
def send_away(request: Any, pk: int) -> HttpResponseBase:
    """Let a person's sign-in and keys open nothing any more."""
    found = _visible(request, pk)
    try:
        once(request, lambda: administering.send_away(actor=request.actor, person_id=pk))
    except Refusal as refusal:
        return _page(request, found, refusal=str(refusal), status=409)
    messages.success(request, _("%(name)s can no longer sign in.") % {"name": found.name})
    return redirect("person", pk)
