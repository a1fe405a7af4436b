"""Tablets of a store: made by a manager's code, recognised by a secret, revoked at once."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from omni.lib import reference, sql
from omni.lib.errors import NotFound, Refusal
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.models import Device, DeviceCode
from omni.staff.services import limiting

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two signs that nobody mistakes for another when reading them out."""
LENGTH = 8
LIVES = timedelta(minutes=10)
AT_WORK = """
INSERT INTO staff_atwork (person_id, location_id, seen_at) VALUES (%s::bigint, %s::bigint, %s::timestamptz)
ON CONFLICT (person_id, location_id) DO UPDATE SET seen_at = greatest(staff_atwork.seen_at, excluded.seen_at)
"""
TRIES, SECONDS = 10, 15 * 60


class WrongDeviceCode(Refusal):
    """Unknown, used, or too old: the answer does not tell which."""

    code = "wrong_device_code"
    status = 422


@transaction.atomic
def make_code(*, actor: Actor, location_id: int, device_name: str) -> tuple[DeviceCode, str]:
    """Make a code for one tablet of a store and return it with its text, which is shown this once."""
    if location_id not in actor.store_ids:
        raise NotFound(_("There is no such store."))
    text, now = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH)), timezone.now()
    DeviceCode.objects.filter(device=None, expires_at__lte=now).delete()
    made = DeviceCode.objects.create(
        location_id=location_id,
        device_name=device_name,
        code_hash=_kept(text),
        made_by_id=actor.user_id,
        made_at=now,
        expires_at=now + LIVES,
    )
    return made, f"{text[:4]}-{text[4:]}"


def enrol(*, code: str, address: str) -> tuple[Device, str]:
    """Make the tablet that sends the code a device of its store; return it with the secret for its cookie.

    Ten tries from one address in a quarter of an hour. Raises WrongDeviceCode, TooManyTries.
    """
    limiting.count(what="device_code", whom=address, limit=TRIES, seconds=SECONDS)
    wanted = _kept("".join(sign for sign in code.upper() if sign in ALPHABET))
    return _enrol(wanted)


@transaction.atomic
def _enrol(code_hash: str) -> tuple[Device, str]:
    found = DeviceCode.objects.filter(code_hash=code_hash, expires_at__gt=timezone.now(), device=None).first()
    if found is None:
        raise WrongDeviceCode(_("This code is not valid, or not any more. Ask your manager for a new one."))
    secret = secrets.token_urlsafe(32)
    device = Device.objects.create(
        location_id=found.location_id,
        name=found.device_name,
        secret_hash=secret_hash(secret),
        enrolled_by_id=found.made_by_id,
    )
    # Two tablets with one code at once: the second finds the code taken, and its device is rolled back.
    if not DeviceCode.objects.filter(pk=found.pk, device=None).update(device=device):
        raise WrongDeviceCode(_("This code is not valid, or not any more. Ask your manager for a new one."))
    return device, secret


@transaction.atomic
def revoke(*, actor: Actor, device_id: int) -> None:
    """Revoke a tablet for ever; whoever is signed in on it is out within `REFERENCE_SECONDS`."""
    history.sign(actor)
    Device.objects.visible_to(actor).filter(pk=device_id, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by_id=actor.user_id
    )
    transaction.on_commit(reference.forget)  # this process refuses it at once


def used(*, device_id: int, location_id: int, person_id: int) -> None:
    """Note that a person works on a tablet of a store now. Twice at once is once."""
    now = timezone.now()
    Device.objects.filter(pk=device_id).update(last_used_at=now)
    sql.run(AT_WORK, [person_id, location_id, now])


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a tablet's secret, which holds 256 random bits: a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _kept(text: str) -> str:
    return salted_hmac("omni.staff.device_code", text, algorithm="sha256").hexdigest()
