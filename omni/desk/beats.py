"""The scheduler's heartbeat: each task notes that it ran, at most once in a few seconds."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError

from omni.lib import sql

ParamsT = ParamSpec("ParamsT")
ResultT = TypeVar("ResultT")

NOTE = """
INSERT INTO worker_beat (task, ran_at, took_ms, failure)
VALUES (%s::text, now(), %s::int, %s::text)
ON CONFLICT (task) DO UPDATE
SET ran_at = EXCLUDED.ran_at, took_ms = EXCLUDED.took_ms, failure = EXCLUDED.failure
WHERE worker_beat.ran_at < now() - interval '5 seconds' OR worker_beat.failure <> EXCLUDED.failure
"""


def beating(work: Callable[ParamsT, ResultT]) -> Callable[ParamsT, ResultT]:
    """Note when the task ended and how long it took; a failure is noted by its name, and raised."""

    @wraps(work)
    def noted(*args: ParamsT.args, **kwargs: ParamsT.kwargs) -> ResultT:
        began = time.monotonic()
        try:
            result = work(*args, **kwargs)
        except Exception as error:
            with suppress(DatabaseError):  # what went wrong is told, not that it could not be noted
                note(work.__name__, began, type(error).__name__)
            raise
        note(work.__name__, began)
        return result

    return noted


def note(task: str, began: float, failure: str = "") -> None:
    """Write the beat. One statement, which does nothing when the last beat is younger than five seconds."""
    sql.run(NOTE, [task, int((time.monotonic() - began) * 1000), failure[:80]])
