"""`/healthz`: this process lives. `/readyz`: it can work, in words; 503 where it cannot. Both are for everybody, cheap,
and tell nothing of the inside.

The shops keep selling without a broker, a worker or a scheduler, because what is to be done later waits in the
database. A web server is therefore ready without them: to take it out of service would close shops that work. What is
wrong there is said all the same, and `/readyz?strict` answers 503 for it: that is the address for whoever watches.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu import Connection

from omni.desk.jobs import oldest_waiting_seconds
from omni.lib import sql
from omni.staff.access import public

logger = logging.getLogger(__name__)

LATE_AFTER = 120
REMEMBERED = 2.0
"""Seconds for which an answer holds, however often it is asked for."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. Without what is `needed` nobody can be served."""

    name: str
    ok: bool
    says: str
    needed: bool = True


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nobody anything."""
    return _plain(JsonResponse({"status": "ok"}))


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can work: database, migrations; and whether work for later gets done."""
    checks = _remembered()
    strict = "strict" in request.GET
    ready = all(check.ok for check in checks if check.needed or strict)
    words = {check.name: check.says for check in checks}
    return _plain(JsonResponse({"status": "ready" if ready else "not ready", **words}, status=200 if ready else 503))


def _plain(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


_last: tuple[float, list[Check]] = (0.0, [])


def _remembered() -> list[Check]:
    global _last
    asked_at, checks = _last
    if not checks or time.monotonic() - asked_at >= REMEMBERED:
        checks = look()
        _last = (time.monotonic(), checks)
    return checks


def forget() -> None:
    """Look again at the next question."""
    global _last
    _last = (0.0, [])


def look() -> list[Check]:
    """Return every check; after a database that does not answer, nothing that needs it is asked."""
    database = _asked("database", lambda: sql.row("SELECT 1 AS one").one == 1, good="answers", bad="does not answer")
    if not database.ok:
        connection.close()
        return [database]
    return [
        database,
        _asked("migrations", lambda: not missing_migrations(), good="applied", bad="some are not applied yet"),
        _asked("broker", _broker_answers, good="answers", bad="away; work waits for the sweep", needed=False),
        _asked("outbox", _outbox_in_time, good="in time", bad="late: is a worker running?", needed=False),
    ]


def _asked(name: str, ask: Callable[[], Any], *, good: str, bad: str, needed: bool = True) -> Check:
    try:
        ok = bool(ask())
    except Exception as error:  # whatever it is, the answer is a word and not a page of the inside
        logger.warning("the check %s failed: %s", name, type(error).__name__)
        ok = False
    return Check(name, ok, good if ok else bad, needed)


@lru_cache(maxsize=1)
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return every migration of this code; read from the disk once."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def missing_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this code that the database has not seen."""
    return known_migrations() - {(row.app, row.name) for row in sql.rows("SELECT app, name FROM django_migrations")}


def _broker_answers() -> bool:
    if not settings.BROKER_URL or settings.BROKER_URL.startswith("memory:"):
        return True
    with Connection(settings.BROKER_URL, connect_timeout=1, transport_options={"socket_connect_timeout": 1}) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
    return True


def _outbox_in_time() -> bool:
    return oldest_waiting_seconds() < LATE_AFTER


class HealthDoorMiddleware:
    """Answer the two addresses before anything else is asked: no session, no host, no database for `/healthz`."""

    DOORS = {"/healthz": healthz, "/readyz": readyz}  # noqa: RUF012

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = self.DOORS.get(request.path_info)
        answer: HttpResponse = door(request) if door else self.get_response(request)  # type: ignore[assignment]
        return answer
