"""A form that is sent twice has one effect: each carries a key, and the key is answered in the effect's own
transaction."""

import uuid
from collections.abc import Callable
from typing import Any

from omni.lib import bell, idempotency
from omni.lib.idempotency import Answer, KeyInFlight
from omni.lib.retry import retrying
from omni.staff.models import AnsweredRequest

TABLE = AnsweredRequest._meta.db_table
ANSWERED_ONCE = "answered_request_client_key_once"


def new_key() -> str:
    """Return a key for a form that is about to be shown."""
    return str(uuid.uuid4())


def once(request: Any, work: Callable[[], object], *, lost_races: frozenset[str] = frozenset()) -> bool:
    """Run `work` in one transaction unless this person's form with this key was answered before; True when it ran.

    A second post that arrives while the first is at work does nothing either. Refusals of `work` leave the key free.
    """
    key = request.POST.get("idempotency_key", "").replace("\x00", "")[: idempotency.KEY_LENGTH] or new_key()
    client: str = request.actor.client
    mark = idempotency.fingerprint(request.path.encode())

    def attempt() -> bool:
        if idempotency.claim(TABLE, client=client, key=key, fingerprint=mark):
            return False
        work()
        idempotency.remember(TABLE, client=client, key=key, fingerprint=mark, answer=Answer(200, ""))
        return True

    try:
        ran = retrying(attempt, lost_races=lost_races | {ANSWERED_ONCE}, reconnect=True)
    except KeyInFlight:
        return False
    if ran:
        bell.worker.mark()
    return ran
