"""Who did it: said to PostgreSQL once in a transaction, so that every row of history written in it knows.

pghistory's own `context()` puts two statements before each of ours, which server-side binding refuses; one `set_config`
at the beginning does the same.
"""

import json
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpResponse

from omni.lib import request_ids, sql
from omni.staff.access import Actor

SIGN = """
SELECT set_config('pghistory.context_id', %s::text, true), set_config('pghistory.context_metadata', %s::text, true)
"""

_device: ContextVar[str] = ContextVar("device", default="")


def sign(actor: Actor) -> None:
    """Name the actor in the history of everything that this transaction changes. One statement.

    Refuses to run outside a transaction, where the next statement would have forgotten it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("history is signed inside a transaction")
    facts = {"user": actor.user_id, "client": actor.client, "device": _device.get(), "request": request_ids.current()}
    sql.run(SIGN, [str(uuid.uuid4()), json.dumps(facts)])


def device() -> str:
    """Return the name of the tablet that the request being served comes from; "" for any other machine."""
    return _device.get()


class DeviceInHistoryMiddleware:
    """Remember the tablet that a request comes from, for whatever signs history while it is served."""

    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        here = getattr(request, "device", None)
        if here is None:
            return self.get_response(request)
        kept = _device.set(here.name)
        try:
            return self.get_response(request)
        finally:
            _device.reset(kept)
