"""The second factor: codes of an authenticator app (RFC 6238) and ten recovery codes.

The key is sealed with a key of the house (it cannot be hashed: the code is computed from it); each half-minute's code
is taken once, whatever process sees it first; recovery codes are hashed and work once.
"""

import base64
import hmac
import secrets
import struct
import time
from hashlib import sha256
from urllib.parse import quote, urlencode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor
from omni.staff.models import RecoveryCode, SecondFactor, User
from omni.staff.services import delegating, limiting

DIGITS, STEP_SECONDS, DRIFT = 6, 30, 1
RECOVERY_CODES = 10
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TRIES, SECONDS = 5, 15 * 60


def new_key() -> str:
    """Return a new key of 160 bits, as apps write it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def key_address(*, key: str, login: str) -> str:
    """Return what the QR says."""
    house = settings.HOUSE_NAME
    values = urlencode({"secret": key, "issuer": house}, quote_via=quote)
    return f"otpauth://totp/{quote(house)}:{quote(login)}?{values}"


def code_at(key: str, step: int) -> str:
    """Return the code of a half-minute (RFC 4226 over the step)."""
    mac = hmac.new(base64.b32decode(key), struct.pack(">Q", step), "sha1").digest()
    start = mac[-1] & 0x0F
    return str((int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF) % 10**DIGITS).zfill(DIGITS)


def is_set(person_id: int) -> bool:
    """Whether the person signs in with a second factor."""
    return SecondFactor.objects.filter(person=person_id).exists()


@transaction.atomic
def confirm(*, person_id: int, key: str, code: str) -> list[str]:
    """Take the app into use after its first code; return the recovery codes, which are shown this once."""
    step = _step_of(key, code)
    if step is None:
        raise BadRequest(_("This is not the code that the app shows now."))
    values = {"sealed_key": seal(key), "last_step": step, "confirmed_at": timezone.now()}
    SecondFactor.objects.update_or_create(person_id=person_id, defaults=values)
    return renew_recovery_codes(person_id=person_id)


@transaction.atomic
def renew_recovery_codes(*, person_id: int) -> list[str]:
    """Make ten new recovery codes; the earlier ones are worth nothing from now on."""
    RecoveryCode.objects.filter(person=person_id).delete()
    texts = ["".join(secrets.choice(ALPHABET) for _sign in range(10)) for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(person_id=person_id, code_hash=_kept(text)) for text in texts)
    return [f"{text[:5]}-{text[5:]}" for text in texts]


@transaction.atomic
def forget(*, person_id: int) -> None:
    """Take the factor and its recovery codes away: somebody lost their phone."""
    SecondFactor.objects.filter(person=person_id).delete()
    RecoveryCode.objects.filter(person=person_id).delete()


@transaction.atomic
def reset(*, actor: Actor, person: User) -> None:
    """Take somebody else's factor away. Refuses oneself, and somebody who may do more than the actor."""
    if person.pk == actor.user_id:
        raise BadRequest(_("Somebody else has to do this to your own account."))
    delegating.refuse_above(actor, person)
    history.sign(actor)
    forget(person_id=person.pk)


def check(*, person_id: int, code: str) -> None:
    """Accept a code of the app or a recovery code, each once. Raises BadRequest, and TooManyTries after five."""
    limiting.count(what="second_factor", whom=str(person_id), limit=TRIES, seconds=SECONDS)
    given = "".join(sign for sign in code.upper() if sign.isalnum())
    if not (_takes_app_code(person_id, given) or _takes_recovery_code(person_id, given)):
        raise BadRequest(_("This code is not valid, or it was used already."))
    limiting.clear(what="second_factor", whom=str(person_id))


def _takes_app_code(person_id: int, code: str) -> bool:
    factor = SecondFactor.objects.filter(person=person_id).first()
    step = _step_of(unseal(factor.sealed_key), code) if factor else None
    if step is None:
        return False
    taken = SecondFactor.objects.filter(person=person_id, last_step__lt=step).update(last_step=step)
    return bool(taken)


def _takes_recovery_code(person_id: int, code: str) -> bool:
    unused = RecoveryCode.objects.filter(person=person_id, code_hash=_kept(code), used_at=None)
    return bool(unused.update(used_at=timezone.now()))


def _step_of(key: str, code: str) -> int | None:
    now = int(time.time()) // STEP_SECONDS
    steps = range(now - DRIFT, now + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(key, step).encode(), code.encode())), None)


def seal(text: str) -> str:
    """Return the text sealed with the house's key."""
    return _seals().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text. Raises BadRequest when SECRET_KEY changed without SECRET_KEY_FALLBACKS."""
    try:
        return _seals().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise BadRequest(_("The second factor cannot be read any more. Ask an administrator to reset it.")) from None


def _seals() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hmac.new(key.encode(), b"omni.staff.second_factor", sha256).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _kept(text: str) -> str:
    return salted_hmac("omni.staff.recovery_code", text, algorithm="sha256").hexdigest()
