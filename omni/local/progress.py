"""What the person at the terminal sees while work goes on: one line per step, with its seconds."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_NOTES = 5.0


class Progress:
    """Steps on a terminal are one line that changes; in a file they are lines, a note at most every five seconds."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb"
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="replace")
        self.title = ""
        self.began = 0.0
        self.noted = 0.0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show the step while the block runs and its seconds afterwards; a step that fails is left open."""
        self.title, self.began, self.noted = title, time.monotonic(), time.monotonic()
        self._draw(title)
        try:
            yield
        except BaseException:
            if self.live:
                say_aloud("\n")
            raise
        self.title = ""
        self._replace(f"  + {title:<44} {time.monotonic() - self.began:6.1f} s")

    def note(self, text: str) -> None:
        """Say how far the running step is."""
        if self.live:
            self._draw(f"{self.title}: {text}")
        elif time.monotonic() - self.noted >= SECONDS_BETWEEN_NOTES:
            self.noted = time.monotonic()
            say_aloud(f"    {self.title}: {text}\n")

    def line(self, text: str) -> None:
        """Print a line that stays, above the running step."""
        self._replace(text)
        if self.live and self.title:
            self._draw(self.title)

    def status(self, text: str) -> None:
        """Show the state of things in the last line; files get no such line."""
        if self.live:
            self._draw(text)

    def _draw(self, text: str) -> None:
        if self.live:
            width = shutil.get_terminal_size().columns - 5
            say_aloud(f"\r\033[K  . {text[:width]}")

    def _replace(self, text: str) -> None:
        say_aloud(f"\r\033[K{text}\n" if self.live else f"{text}\n")


def say_aloud(text: str) -> None:
    """Print at once. When nobody listens any more (a closed pipe, a lost terminal) that is a wish to stop."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as we live
        raise KeyboardInterrupt from None


def seconds_since_start() -> float:
    """Return the seconds since `make` was called (told by the bootstrap through the environment)."""
    return time.time() - float(os.environ.get("OMNI_STARTED_AT") or time.time())
