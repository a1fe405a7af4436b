"""The rules of giving: never more than one holds, never to somebody who holds more, and never the last key away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from omni.staff import roles
from omni.staff.access import Actor
from omni.staff.errors import BeyondOwnRights, LastAdministrator
from omni.staff.models import Role, StoreAccess, User
from omni.staff.permissions import ADMINISTRATION, PERMISSIONS


def rights_of(actor: Actor) -> frozenset[str]:
    """Return what the actor holds at this moment, read from the books and not remembered. Call it behind the lock."""
    found = User.objects.select_related("role").filter(pk=actor.user_id, is_active=True).first()
    return frozenset(found.role.permissions) & actor.permissions if found else frozenset()


def refuse_beyond(actor: Actor, wanted: Iterable[str]) -> None:
    """Raise `BeyondOwnRights` when one of the permissions is not the actor's own."""
    beyond = sorted(set(wanted) - rights_of(actor))
    if beyond:
        words = ", ".join(f"“{PERMISSIONS.get(code, code)}”" for code in beyond)
        raise BeyondOwnRights(
            _("You cannot give or take what you may not do yourself: %(rights)s.") % {"rights": words}
        )


def refuse_above(actor: Actor, person: User) -> None:
    """Raise `BeyondOwnRights` for a person who may do what the actor may not: their password would open it."""
    if set(person.role.permissions) - rights_of(actor):
        raise BeyondOwnRights(
            _("%(name)s may do more than you (%(role)s); somebody with the same rights has to change this.")
            % {"name": person.name, "role": roles.label(person.role.code, person.role.name)}
        )


def refuse_foreign_stores(actor: Actor, store_ids: Iterable[int]) -> None:
    """Raise `BeyondOwnRights` when one of the stores is not the actor's own."""
    own = set(StoreAccess.objects.filter(user=actor.user_id).values_list("location_id", flat=True))
    if set(store_ids) - own:
        raise BeyondOwnRights(_("You can only give the stores that are yours."))


@contextmanager
def an_administrator_stays() -> Iterator[None]:
    """Raise `LastAdministrator` when nobody is left afterwards who signs in and holds what gives everything else.

    A house that had nobody before (its first one comes by `manage.py engage`) is not kept from changing.
    """
    had_one = _has_an_administrator()
    yield
    if had_one and not _has_an_administrator():
        raise LastAdministrator(_("Somebody has to be able to manage people and roles: this is the last who can."))


def _has_an_administrator() -> bool:
    holders = User.objects.filter(is_active=True, role__permissions__contains=sorted(ADMINISTRATION))
    return holders.exclude(password__startswith="!").exists()  # noqa: S106  ("!" begins a password that opens nothing)


def role_for(actor: Actor, role_id: int) -> Role:
    """Return a role that the actor may give."""
    role = Role.objects.get(pk=role_id)
    refuse_beyond(actor, role.permissions)
    return role
