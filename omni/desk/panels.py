"""A page of several rooms stands when one of them fails, and leaves out what its reader may not see."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

logger = logging.getLogger(__name__)

LoadedT = TypeVar("LoadedT")


class Panels:
    """The panels of one request, and which of them failed."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.failed: set[str] = set()

    def load(self, name: str, ask: Callable[[], LoadedT | None]) -> LoadedT | None:
        """Return what a room knows; None when the reader may not know it, or when it failed, which the log says."""
        try:
            return ask()
        except Exception:
            if connection.in_atomic_block and connection.needs_rollback:
                raise
            logger.exception("the panel %s failed", name)
            self.failed.add(name)
            return None

    def render(self, name: str, template: str, context: Callable[[], dict[str, Any] | None]) -> SafeString | str:
        """Return the panel drawn, a note where it failed, or nothing where there is nothing to show."""

        def draw() -> SafeString | None:
            values = context()
            return None if values is None else render_to_string(template, values, self.request)

        drawn = None if name in self.failed else self.load(name, draw)
        if name in self.failed:
            return render_to_string("ui/panel_failed.html", request=self.request)
        return drawn or ""
