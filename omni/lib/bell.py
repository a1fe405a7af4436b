"""Ring for the worker without making anybody wait: the request leaves a mark, a thread of this process rings.

Many marks within a tenth of a second are one ring. A broker that is down costs a request nothing, and a process that is
killed before it rang loses nothing: the sweep finds the rows.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)

PAUSE = 0.1
REST = 5.0


class Bell:
    """A bell that is rung by `ring` in a daemon thread, at most every tenth of a second."""

    def __init__(self, ring: Callable[[], object]) -> None:
        self._ring = ring
        self._marked = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def mark(self) -> None:
        """Ask for a ring soon. Returns at once."""
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._keep_ringing, name="bell", daemon=True)
                    self._thread.start()
        self._marked.set()

    def _keep_ringing(self) -> None:
        while True:
            self._marked.wait()
            self._marked.clear()
            try:
                self._ring()
                time.sleep(PAUSE)
            except Exception as error:  # the broker is away: the sweep will do
                logger.info("the bell could not be rung: %s", type(error).__name__)
                time.sleep(REST)


class _WorkerBell(Bell):
    """Rings for a task, by its name. A house without a broker (tests) does not ring."""

    def __init__(self, task: str) -> None:
        super().__init__(partial(current_app.send_task, task, expires=10, retry=False, ignore_result=True))

    def mark(self) -> None:
        if settings.BROKER_URL and not settings.BROKER_URL.startswith("memory:"):
            super().mark()


worker = _WorkerBell("omni.tasks.drain_outbox")
catalogue = _WorkerBell("omni.tasks.work_on_catalogue")
