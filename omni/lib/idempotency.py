"""Once is once: the same client, key and body get the same answer, whatever happened in between.

The key is claimed by a transaction-level advisory lock, so a second request that arrives while the first is at work
is told at once (409) and holds no worker; the answer is written by the last statement of the business transaction, so
effect and answer are committed together or not at all. A refusal stores nothing and leaves the key free.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omni.lib import reference, sql
from omni.lib.errors import BadRequest, Refusal

KEY_LENGTH = 255


class KeyMissing(BadRequest):
    code = "idempotency_key_missing"


class KeyInFlight(Refusal):
    """The first request with this key is still at work."""

    code = "idempotency_key_in_flight"
    status = 409


class KeyReused(Refusal):
    """The key was used for another body."""

    code = "idempotency_key_reused"
    status = 422


class AnsweredRequestBase(models.Model):
    """One answered request. The concrete table lives where the clients live."""

    client = models.CharField(max_length=64)
    key = models.CharField(max_length=KEY_LENGTH)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        verbose_name = gettext_lazy("answered request")


@dataclass(frozen=True)
class Answer:
    """A stored answer: HTTP status and the body's bytes as they were sent the first time."""

    status: int
    body: str


def fingerprint(*parts: bytes) -> str:
    """Return the SHA-256 of the parts that make two requests the same."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def canonical(body: Any) -> bytes:
    """Return a JSON body in one spelling, so that white space and key order do not make another request."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_key(header: str | None) -> str:
    """Return the key of an `Idempotency-Key` header, quoted (as the IETF draft has it) or bare. Refuses none or a
    long one."""
    key = (header or "").strip().strip('"')
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise KeyMissing(_("Send an Idempotency-Key header of 1 to 255 printable characters with this request."))
    return key


CLAIM = """
WITH claim AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended(%(client)s::text || chr(10) || %(key)s::text, 0)) AS ours
)
SELECT claim.ours, answered.fingerprint, answered.status, answered.body, {version} AS reference_version
FROM claim LEFT JOIN {table} AS answered ON answered.client = %(client)s::text AND answered.key = %(key)s::text
"""


def claim(table: str, *, client: str, key: str, fingerprint: str) -> Answer | None:
    """Claim the key for this transaction; return the stored answer when there is one. One statement.

    Raises `KeyReused` for another body and `KeyInFlight` while the first request is at work. Also brings the number
    of the reference cache, so that what follows works with today's prices and keys.
    """
    statement = CLAIM.format(table=table, version=reference.VERSION)
    found = sql.row(statement, {"client": client, "key": key})
    if found.fingerprint is not None:
        if found.fingerprint != fingerprint:
            raise KeyReused(_("This Idempotency-Key was used for another request. Use a new key for a new request."))
        return Answer(found.status, found.body)
    if not found.ours:
        raise KeyInFlight(_("The first request with this Idempotency-Key is still at work. Ask again in a moment."))
    reference.expect(found.reference_version)
    return None


def remember(table: str, *, client: str, key: str, fingerprint: str, answer: Answer) -> None:
    """Store the answer as the last statement of the business transaction. One statement.

    A key that was answered between our snapshot and our lock breaks `…_client_key_once`: the caller's retry then
    finds it.
    """
    sql.run(
        f"INSERT INTO {table} (client, key, fingerprint, status, body) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
        [client, key, fingerprint, answer.status, answer.body],
    )
