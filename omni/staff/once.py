"""A form that is sent twice has one effect: each carries a key, and the key is answered in the effect's own
transaction."""

import uuid
from collections.abc import Callable
from typing import Any, Literal

from omni.lib import bell, idempotency, sql
from omni.lib.idempotency import Answer, KeyInFlight
from omni.lib.retry import retrying
from omni.staff.models import AnsweredRequest

TABLE = AnsweredRequest._meta.db_table
ANSWERED_ONCE = "answered_request_client_key_once"


def new_key() -> str:
    """Return a key for a form that is about to be shown."""
    return str(uuid.uuid4())


def number_of(request: Any) -> uuid.UUID:
    """Return the number of the thing that this person's form begins: sent twice, it leads to the same one."""
    key = request.POST.get("idempotency_key", "").replace("\x00", "") or new_key()
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{request.path}?{request.actor.client}&{key}")


def once(
    request: Any, work: Callable[[], object], *, lost_races: frozenset[str] = frozenset(), client: str = ""
) -> bool:
    """Run `work` in one transaction unless this person's form with this key was answered before; True when it ran.

    `client` names whoever has no account here: the holder of a link.
    A second post that arrives while the first is at work does nothing either. Refusals of `work` leave the key free.
    """

    def silent() -> str:
        work()
        return ""

    return _once(request, silent, lost_races, client)[0]


def said_once(request: Any, work: Callable[[], str]) -> str | None:
    """Run `work` as `once` does; return what it said, also when its form arrives again. None while the first is at
    work."""
    return _once(request, work, frozenset(), "")[1]


def _once(request: Any, work: Callable[[], str], lost_races: frozenset[str], client: str) -> tuple[bool, str | None]:
    """Return whether `work` ran now, and what it said when it did."""
    key = request.POST.get("idempotency_key", "").replace("\x00", "")[: idempotency.KEY_LENGTH] or new_key()
    client = client or request.actor.client
    mark = idempotency.fingerprint(request.path.encode())

    def attempt() -> tuple[bool, str]:
        stored = idempotency.claim(TABLE, client=client, key=key, fingerprint=mark)
        if stored:
            return False, stored.body
        said = work()
        idempotency.remember(TABLE, client=client, key=key, fingerprint=mark, answer=Answer(200, said))
        return True, said

    try:
        ran, said = retrying(attempt, lost_races=lost_races | {ANSWERED_ONCE}, reconnect=True)
    except KeyInFlight:
        return False, None
    if ran:
        bell.worker.mark()
    return ran, said


AT_WORK = """
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(%s::text || chr(10) || %s::text, 0)
) AS at_work
"""


def what_became(client: str, key: str) -> Literal["at_work", "done", "unknown"]:
    """Return what became of a form this client sent. At most two statements, and in this order: a form that commits
    between them has let go of its key only after its answer could be seen.

    The key's lock is looked at, never taken: to take it would turn away the form that is still at work.
    """
    if sql.row(AT_WORK, [client, key]).at_work:
        return "at_work"
    return "done" if AnsweredRequest.objects.filter(client=client, key=key).exists() else "unknown"


def answered(
    *, client: str, key: str, mark: str, work: Callable[[], Answer], lost_races: frozenset[str] = frozenset()
) -> tuple[Answer, bool]:
    """Return the answer to a request of the API and whether it was given before: `work` runs in one transaction with
    its answer, unless the client's key was answered. Refusals of `work` leave the key free."""

    def attempt() -> tuple[Answer, bool]:
        stored = idempotency.claim(TABLE, client=client, key=key, fingerprint=mark)
        if stored:
            return stored, True
        answer = work()
        idempotency.remember(TABLE, client=client, key=key, fingerprint=mark, answer=answer)
        return answer, False

    answer, is_replayed = retrying(attempt, lost_races=lost_races | {ANSWERED_ONCE}, reconnect=True)
    if not is_replayed:
        bell.worker.mark()
    return answer, is_replayed
