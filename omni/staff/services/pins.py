"""Six digits that open one person's session on one tablet, and nowhere else.

The PIN is hashed together with the secret that only the tablet holds: who steals the table cannot try a million PINs,
and a PIN of one tablet says nothing on another.
"""

import re
from typing import Any, Protocol

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.lib import sql
from omni.lib.errors import BadRequest, Refusal
from omni.staff.access import Actor
from omni.staff.models import Pin, User
from omni.staff.permissions import ADMINISTRATION
from omni.staff.sign_in_models import PIN_TRIES

DIGITS = 6
RUNS = "01234567890 09876543210"


class ThisDevice(Protocol):
    """The tablet that asks: who it is, and the secret out of its cookie."""

    @property
    def id(self) -> int: ...
    @property
    def location_id(self) -> int: ...
    @property
    def secret(self) -> str: ...


class WrongPin(Refusal):
    """Not this person's PIN on this tablet."""

    code = "wrong_pin"
    status = 422


class PinLocked(Refusal):
    """Five wrong tries: only a full sign-in on this tablet opens it again."""

    code = "pin_locked"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This PIN is locked after five wrong tries. Sign in with your password to use it again."))


def may_have_one(actor: Actor) -> bool:
    """Whether the person may have a PIN: not who can change people and rights, for whom six digits are too few."""
    return not actor.permissions & ADMINISTRATION


def is_set(*, device: ThisDevice, person_id: int) -> bool:
    """Whether the person has a PIN on this tablet."""
    return Pin.objects.filter(device=device.id, person=person_id).exists()


@transaction.atomic
def set_pin(*, device: ThisDevice, actor: Actor, pin: str) -> Pin:
    """Give the person a PIN on this tablet, in place of an earlier one.

    Refuses a guessable one, and who may have none.
    """
    if not may_have_one(actor):
        raise BadRequest(_("Your role signs in with its password: it has no PIN."))
    if device.location_id not in actor.store_ids:
        raise BadRequest(_("This is not a tablet of your stores."))
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise BadRequest(_("A PIN has six digits."))
    if len(set(pin)) < 3 or pin in RUNS or pin[:3] == pin[3:]:
        raise BadRequest(_("This PIN is easily guessed. Please choose another one."))
    values = {"pin_hash": make_password(_peppered(device, pin)), "wrong_tries": 0}
    kept, _made = Pin.objects.update_or_create(device_id=device.id, person_id=actor.user_id, defaults=values)
    return kept


def check(*, device: ThisDevice, person_id: int, pin: str) -> User:
    """Return the person whose PIN on this tablet this is.

    The try is counted before it is made, in one conditional UPDATE: two at once count twice, and a sixth is not made.
    Raises PinLocked or WrongPin.
    """
    counted = sql.row(
        """
        UPDATE staff_pin SET wrong_tries = wrong_tries + 1
        WHERE device_id = %s AND person_id = %s AND wrong_tries < %s
        RETURNING id, pin_hash, wrong_tries
        """,
        (device.id, person_id, PIN_TRIES),
    )
    if counted is None:
        raise PinLocked
    if not check_password(_peppered(device, pin), counted.pin_hash):
        raise _wrong(PIN_TRIES - counted.wrong_tries)
    Pin.objects.filter(pk=counted.id).update(wrong_tries=0)
    return User.objects.get(pk=person_id)


def _wrong(left: int) -> Refusal:
    if left == 0:
        return PinLocked()
    return WrongPin(
        ngettext(
            "This is not your PIN on this tablet. %(left)d try is left.",
            "This is not your PIN on this tablet. %(left)d tries are left.",
            left,
        )
        % {"left": left}
    )


def unlock(*, device: ThisDevice, person_id: int) -> None:
    """Give five tries again, after a full sign-in on this tablet."""
    Pin.objects.filter(device=device.id, person=person_id).update(wrong_tries=0)


def forget(*, person_id: int) -> None:
    """Take the person's PINs away on every tablet."""
    Pin.objects.filter(person=person_id).delete()


def tiles(*, device: ThisDevice) -> list[dict[str, Any]]:
    """Return who may pick their tile on this tablet: active people of its store who have a PIN on it."""
    people = (
        User.objects.filter(pins__device=device.id, is_active=True, stores=device.location_id)
        .select_related("role")
        .order_by("name", "pk")
        .distinct()
    )
    return [{"id": one.pk, "name": one.name, "role": one.role.code, "role_name": one.role.name} for one in people]


def _peppered(device: ThisDevice, pin: str) -> str:
    return f"{device.secret}:{pin}"
