"""Keys of integrators: issued once, recognised by hash, revoked at once."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from omni.lib import reference
from omni.lib.errors import BadRequest
from omni.staff import history
from omni.staff.access import Actor, actor_of
from omni.staff.models import ApiKey, StoreAccess, User
from omni.staff.permissions import API_SCOPES, PERMISSIONS
from omni.staff.services import delegating

MARK = "omni"


@dataclass(frozen=True)
class KnownKey:
    """What a process remembers of a valid key."""

    actor: Actor
    expires_at: datetime | None


def secret_hash(token: str) -> str:
    """Return the SHA-256 of a key. The key holds 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(
    *, owner: User, name: str, channel: str, scopes: Iterable[str], expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Issue a key and return it with its token, which is shown this once. Refuses scopes that the owner does not
    hold."""
    wanted = set(scopes)
    beyond = sorted(scope for scope in wanted if scope not in PERMISSIONS or scope not in owner.role.permissions)
    if beyond:
        raise BadRequest(_("These scopes cannot be given: %(scopes)s.") % {"scopes": ", ".join(beyond)})
    prefix = secrets.token_hex(4)
    token = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        secret_hash=secret_hash(token),
        channel=channel,
        scopes=sorted(wanted),
        expires_at=expires_at,
    )
    return key, token


def revoke(*, key: ApiKey) -> None:
    """Revoke the key for ever; processes that remember it forget within `REFERENCE_SECONDS`."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=Now())


def recognise(token: str) -> Actor | None:
    """Return who the token speaks for, or None when it is unknown, revoked, expired, or its owner has left."""
    digest = secret_hash(token)
    known = reference.remember("api_key", [digest], _load_keys).get(digest)
    if known is None or (known.expires_at and known.expires_at <= timezone.now()):
        return None
    return known.actor


def _load_keys(digests: list[str]) -> dict[str, KnownKey]:
    found = ApiKey.objects.select_related("owner").filter(
        secret_hash__in=digests, revoked_at=None, owner__is_active=True
    )
    known = {}
    for key in found:
        owner = actor_of(key.owner)
        actor = Actor(
            **{
                **vars(owner),
                "permissions": owner.permissions & frozenset(key.scopes),
                "client": f"key:{key.pk}",
                "channel": key.channel,
            }
        )
        known[key.secret_hash] = KnownKey(actor, key.expires_at)
    return known


@transaction.atomic
def issue_as(
    *,
    actor: Actor,
    owner_id: int,
    name: str,
    channel: str,
    scopes: Iterable[str],
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """Issue a key from a screen: its token is shown this once.

    Refuses scopes that no key can have, and rights or stores that the actor does not hold: who issues a key can use it.
    """
    history.sign(actor)
    owner = User.objects.select_related("role").get(pk=owner_id)
    wanted = set(scopes)
    if not wanted or wanted - API_SCOPES:
        raise BadRequest(_("Choose what the key is for."))
    delegating.refuse_beyond(actor, wanted)
    delegating.refuse_foreign_stores(
        actor, StoreAccess.objects.filter(user=owner).values_list("location_id", flat=True)
    )
    return issue(owner=owner, name=name, channel=channel, scopes=wanted, expires_at=expires_at)


@transaction.atomic
def revoke_as(*, actor: Actor, key: ApiKey) -> None:
    """Revoke a key from a screen: this process refuses it at once, the others within `REFERENCE_SECONDS`."""
    history.sign(actor)
    revoke(key=key)
    transaction.on_commit(reference.forget)
