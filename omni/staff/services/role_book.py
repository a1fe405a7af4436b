"""Roles: what a kind of person may do."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest
from omni.staff.access import Actor
from omni.staff.models import Role
from omni.staff.permissions import PERMISSIONS
from omni.staff.services import delegating
from omni.staff.services.administering import begin


@transaction.atomic
def add_role(*, actor: Actor, name: str, permissions: Iterable[str], home: str) -> Role:
    """Add a role. Refuses rights that the actor does not hold, and a name that is there already."""
    begin(actor)
    wanted = _known(permissions)
    delegating.refuse_beyond(actor, wanted)
    code = slugify(name)[:40] or "role"
    if Role.objects.filter(code=code).exists():
        raise BadRequest(_("There is a role of this name already."))
    return Role.objects.create(code=code, name=name, permissions=sorted(wanted), home=home)


@transaction.atomic
def change_role(*, actor: Actor, role_id: int, name: str, permissions: Iterable[str], home: str) -> Role:
    """Change what everybody of a role may do.

    Refuses to give or take what the actor does not hold, and to leave the house without an administrator.
    """
    begin(actor)
    role = Role.objects.get(pk=role_id)
    wanted = _known(permissions)
    delegating.refuse_beyond(actor, wanted ^ set(role.permissions))
    role.name, role.permissions, role.home = name, sorted(wanted), home
    with delegating.an_administrator_stays():
        role.save(update_fields=["name", "permissions", "home"])
    return role


def _known(permissions: Iterable[str]) -> set[str]:
    wanted = set(permissions)
    if wanted - PERMISSIONS.keys():
        raise BadRequest(_("There is no such right."))
    return wanted
