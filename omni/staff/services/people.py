"""People and their stores."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest
from omni.staff.models import Role, StoreAccess, User
from omni.staff.permissions import AGENT, CLERK, INTEGRATOR, MANAGER, PERMISSIONS

ROLES: dict[str, tuple[str, frozenset[str], str]] = {
    "clerk": ("Store clerk", CLERK, Role.Home.TODAY),
    "agent": ("Call-centre agent", AGENT, Role.Home.SEARCH),
    "manager": ("Manager", MANAGER, Role.Home.DAY),
    "integrator": ("Integrator", INTEGRATOR, Role.Home.OUTBOX),
    "administrator": ("Administrator", frozenset(PERMISSIONS), Role.Home.MORE),
}
"""The roles a house begins with: name, permissions, first page."""


@transaction.atomic
def ensure_roles() -> dict[str, Role]:
    """Make the roles a house begins with where they are missing; a role that exists keeps its permissions."""
    for code, (name, permissions, home) in ROLES.items():
        Role.objects.get_or_create(
            code=code, defaults={"name": name, "permissions": sorted(permissions), "home": str(home)}
        )
    return {role.code: role for role in Role.objects.all()}


@transaction.atomic
def engage(
    *, login: str, name: str, password: str | None, role: str, store_ids: Iterable[int] = (), language: str = "fr"
) -> User:
    """Make a person with a role and stores. Refuses a login that is taken and a role that does not exist."""
    found = ensure_roles().get(role)
    if found is None:
        raise BadRequest(_("There is no role “%(role)s”.") % {"role": role})
    if User.objects.filter(login=login).exists():
        raise BadRequest(_("The login “%(login)s” is taken.") % {"login": login})
    person = User(login=login, name=name, role=found, language=language)
    person.set_password(password)
    person.save()
    StoreAccess.objects.bulk_create(StoreAccess(user=person, location_id=pk) for pk in sorted(set(store_ids)))
    return person
