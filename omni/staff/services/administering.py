"""People: engaged, changed, sent away and taken back. Everything holds at once, in every process."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omni.lib import reference
from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.errors import NotOneself
from omni.staff.locks import lock_administration
from omni.staff.models import StoreAccess, User
from omni.staff.services import delegating

FIRST_PASSWORD_HOLDS = timedelta(hours=72)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is read as something else: no i, l, o, 0, 1."""


def begin(actor: Actor) -> None:
    """Open a change of people or roles: alone, signed, and forgotten by this process's memory when it is done."""
    lock_administration()
    history.sign(actor)
    transaction.on_commit(reference.forget)


def new_first_password() -> str:
    """Return sixteen letters and digits in fours (79 bits): typed once, then replaced by one that nobody else saw."""
    return "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(4))


@transaction.atomic
def engage_person(
    *, actor: Actor, login: str, name: str, language: str, role_id: int, store_ids: Iterable[int]
) -> tuple[User, str]:
    """Engage somebody; return them with a first password, which is shown this once and holds for 72 hours.

    Refuses a login that is taken, a role or a store beyond the actor's own.
    """
    begin(actor)
    role, wanted = delegating.role_for(actor, role_id), set(store_ids)
    delegating.refuse_foreign_stores(actor, wanted)
    _refuse_taken(login)
    person = User(login=login, name=name, language=language, role=role)
    password = _give_first_password(person)
    person.save()
    StoreAccess.objects.bulk_create(StoreAccess(user=person, location_id=pk) for pk in sorted(wanted))
    return person, password


@transaction.atomic
def change_person(
    *, actor: Actor, person_id: int, login: str, name: str, language: str, role_id: int, store_ids: Iterable[int]
) -> User:
    """Change who somebody is, what they may do and where. Stores that the actor does not see stay as they are.

    Refuses what the actor does not hold, a login that is taken, and to take the last administrator's rights away.
    """
    begin(actor)
    person = _governed(actor, person_id)
    if login.casefold() != person.login.casefold():
        _refuse_taken(login)
    if role_id != person.role_id:
        person.role = delegating.role_for(actor, role_id)
    person.login, person.name, person.language = login, name, language
    with delegating.an_administrator_stays():
        person.save(update_fields=["login", "name", "language", "role"])
    _set_stores(actor, person, set(store_ids))
    return person


@transaction.atomic
def send_away(*, actor: Actor, person_id: int) -> User:
    """Let somebody's sign-in and keys open nothing from the next request on; what they did keeps their name.

    Refuses oneself, somebody with more rights, and the last administrator.
    """
    begin(actor)
    _refuse_oneself(actor, person_id)
    person = _governed(actor, person_id)
    person.is_active = False
    with delegating.an_administrator_stays():
        person.save(update_fields=["is_active"])
    return person


@transaction.atomic
def take_back(*, actor: Actor, person_id: int) -> tuple[User, str]:
    """Let somebody who left come back, with a first password: the old one may be known to others by now."""
    begin(actor)
    _refuse_oneself(actor, person_id)
    person = _governed(actor, person_id)
    person.is_active = True
    password = _give_first_password(person)
    person.save(update_fields=["is_active", "password", "first_password_until"])
    return person, password


@transaction.atomic
def renew_password(*, actor: Actor, person_id: int) -> tuple[User, str]:
    """Give somebody who forgot theirs a first password; every session of theirs ends. Refuses oneself."""
    begin(actor)
    _refuse_oneself(actor, person_id)
    person = _governed(actor, person_id)
    password = _give_first_password(person)
    person.save(update_fields=["password", "first_password_until"])
    return person, password


def _governed(actor: Actor, person_id: int) -> User:
    person = User.objects.select_related("role").get(pk=person_id)
    delegating.refuse_above(actor, person)
    return person


def _refuse_oneself(actor: Actor, person_id: int) -> None:
    if person_id == actor.user_id:
        raise NotOneself(_("Somebody else has to do this to your own account."))


def _refuse_taken(login: str) -> None:
    if User.objects.filter(login__iexact=login).exists():
        raise BadRequest(_("The login “%(login)s” is taken.") % {"login": login})


def _give_first_password(person: User) -> str:
    password = new_first_password()
    person.set_password(password)
    person.first_password_until = timezone.now() + FIRST_PASSWORD_HOLDS
    return password


def _set_stores(actor: Actor, person: User, wanted: set[int]) -> None:
    """Give and take stores one by one, so that history names each; only those that are the actor's to give."""
    held = set(StoreAccess.objects.filter(user=person).values_list("location_id", flat=True))
    given, taken = wanted - held, (held & actor.store_ids) - wanted
    delegating.refuse_foreign_stores(actor, given)
    StoreAccess.objects.bulk_create(StoreAccess(user=person, location_id=pk) for pk in sorted(given))
    StoreAccess.objects.filter(user=person, location__in=taken).delete()
