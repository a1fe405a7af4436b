"""How far long work is, told while its own transaction still hides everything that it does."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from django.db import connection

from omni.lib import sql

Tell = Callable[[str, int, int], None]
"""Stage (`ImportWork.Stage`), how much is done, of how much."""

TELL_EVERY_SECONDS = 0.4
TOLD = """
UPDATE catalog_importwork SET stage = %s::text, done = %s::int, total = %s::int
WHERE id = %s::bigint AND ended_at IS NULL
"""
BEGUN = """
UPDATE catalog_importwork SET attempts = attempts + 1, stage = 'waiting', done = 0
WHERE id = %s::bigint AND ended_at IS NULL RETURNING attempts
"""


def nobody(_stage: str, _done: int, _total: int) -> None:
    """For work that nobody watches."""


class Progress:
    """Writes how far one piece of work is, over a connection of its own, in a thread of its own."""

    def __init__(self, work_id: int) -> None:
        self.work_id = work_id
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")
        self._told: tuple[str, float] = ("", 0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: Any) -> None:
        self._writer.submit(connection.close)
        self._writer.shutdown(wait=True)

    def begin(self) -> int:
        """Count an attempt, also of a worker that will die of it; return how many there were with this one."""
        return int(self._writer.submit(_begin, self.work_id).result())

    def tell(self, stage: str, done: int, total: int) -> None:
        """Say how far it is, a few times a second at most. Nobody waits for it to be written."""
        now = time.monotonic()
        if stage != self._told[0] or now - self._told[1] >= TELL_EVERY_SECONDS:
            self._told = (stage, now)
            self._writer.submit(sql.run, TOLD, [stage, done, total, self.work_id])

    def settle(self) -> None:
        """Wait until all of it is written, so that the row is free for its end."""
        self._writer.submit(lambda: None).result()


def _begin(work_id: int) -> int:
    found = sql.rows(BEGUN, [work_id])
    return found[0].attempts if found else 1
