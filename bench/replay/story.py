"""The day's own clock: so many times as fast as the wall's, and a gate at which everybody waits while the house's data
is moved after it.

The house reckons in real time: an hour of its promises is an hour. So every few seconds everybody outside stops, the
house grows older by what the day has gained on the wall (docs/adr/0021), and everybody goes on.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

SPREAD = 1.5
"""Seconds of the wall within which they go on who waited at the gate."""
TICK = 5.0
"""Seconds of the wall from one move to the next: at twenty times, less than two minutes of the day."""


class Day:
    """Seconds of the day since it began. `move` makes the house older by a span."""

    def __init__(self, speed: float, move: Callable[[timedelta], object]) -> None:
        self.speed, self.move = speed, move
        self.moves: list[float] = []
        self._moved = timedelta()
        self._inside, self._shut = 0, False
        self._door = threading.Condition()
        self.began = time.monotonic()

    def begin(self) -> None:
        """Let the day begin now."""
        self.began = time.monotonic()

    def now(self) -> float:
        """Return how many seconds of the day have passed."""
        return (time.monotonic() - self.began) * self.speed

    def sleep(self, seconds: float) -> None:
        """Do nothing for so many seconds of the day."""
        time.sleep(max(0.0, seconds) / self.speed)

    @contextmanager
    def gate(self) -> Iterator[None]:
        """Pass while the gate is open; it does not shut before one is through. Whoever waited goes on at a moment of
        their own: people do not all act in the same instant."""
        while not self._enter():
            time.sleep(random.random() * SPREAD)
        try:
            yield
        finally:
            with self._door:
                self._inside -= 1
                self._door.notify_all()

    def _enter(self) -> bool:
        """Go in, or wait until the gate is open."""
        with self._door:
            if not self._shut:
                self._inside += 1
                return True
            self._door.wait_for(lambda: not self._shut)
            return False

    def catch_up(self) -> None:
        """Move the house after the day, by whole seconds."""
        behind = timedelta(seconds=int(self.now() * (1 - 1 / self.speed) - self._moved.total_seconds()))
        if behind > timedelta():
            self.forward(behind)
            self._moved += behind

    def forward(self, by: timedelta) -> None:
        """Move the house by a span while nobody asks it anything."""
        with self._door:
            self._shut = True
            self._door.wait_for(lambda: self._inside == 0)
        began = time.perf_counter()
        try:
            self.move(by)
        finally:
            self.moves.append(1000 * (time.perf_counter() - began))
            with self._door:
                self._shut = False
                self._door.notify_all()
