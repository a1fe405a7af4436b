"""How far a long command is: a bar on a terminal, a line every tenth elsewhere. Both on the error stream."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from django.core.management.base import OutputWrapper

WIDTH = 30


class Progress:
    """Counts up to `total`. On a terminal it redraws one line, at most ten times a second."""

    def __init__(self, label: str, total: int, stream: TextIO | None = None) -> None:
        self.label, self.total = label, max(total, 1)
        self.stream = stream or sys.stderr
        self.terminal = self.stream.isatty()
        self.count = 0
        self._began = time.monotonic()
        self._drawn_at = 0.0
        self._tenth = 0

    def add(self, count: int) -> None:
        self.count += count
        if self.terminal:
            if time.monotonic() - self._drawn_at >= 0.1:
                self._draw()
        elif self.count * 10 // self.total > self._tenth:
            self._tenth = self.count * 10 // self.total
            self.stream.write(f"{self.label}: {self._figures()}\n")

    def finish(self) -> None:
        if self.terminal:
            self._draw()
            self.stream.write("\n")
        self.stream.flush()

    def _draw(self) -> None:
        self._drawn_at = time.monotonic()
        filled = min(WIDTH, self.count * WIDTH // self.total)
        self.stream.write(f"\r{self.label} [{'#' * filled}{'.' * (WIDTH - filled)}] {self._figures()} ")
        self.stream.flush()

    def _figures(self) -> str:
        seconds = time.monotonic() - self._began
        return f"{self.count:,} / {self.total:,} ({min(100, self.count * 100 // self.total)} %), {seconds:.0f} s"


@contextmanager
def step(name: str, out: OutputWrapper) -> Iterator[None]:
    """Print a step's name with its seconds when it is done."""
    began = time.monotonic()
    yield
    out.write(f"  {name}: {time.monotonic() - began:.1f} s")
    out.flush()
