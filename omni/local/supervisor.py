"""Keeps the programs of a demo running until somebody asks it to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from omni.local.processes import Program

LOOK_SECONDS = 0.25
CALM_SECONDS = 60.0
LONGEST_PAUSE = 30.0


class Server(Protocol):
    """What is started, watched and restarted: PostgreSQL, Valkey."""

    @property
    def is_alive(self) -> bool: ...
    def restart(self) -> None: ...


@dataclass
class Watched:
    """One thing that has to run, and how often it has died lately."""

    name: str
    is_alive: Callable[[], bool]
    start: Callable[[], None]
    deaths: int = 0
    started: float = field(default_factory=time.monotonic)
    not_before: float = 0.0

    def look(self, now: float) -> str:
        """Start it again when it has died: at once the first time, then after 1, 2, 4 … 30 s. Return what happened."""
        if self.is_alive():
            return ""
        if not self.not_before:
            self.deaths = 1 if now - self.started > CALM_SECONDS else self.deaths + 1
            self.not_before = now + (0 if self.deaths == 1 else min(LONGEST_PAUSE, 2.0 ** (self.deaths - 2)))
        if now < self.not_before:
            return ""
        self.start()
        self.started, self.not_before = time.monotonic(), 0.0
        return self.name


def watch_program(program: Program) -> Watched:
    def start() -> None:
        program.bury()
        program.start()

    return Watched(program.name, lambda: program.is_alive, start)


def watch_server(name: str, server: Server) -> Watched:
    return Watched(name, lambda: server.is_alive, server.restart)


def watch(everything: Sequence[Watched], *, restarted: Callable[[str], None], tick: Callable[[], None]) -> None:
    """Look after everything until a signal ends it (KeyboardInterrupt)."""
    while True:
        now = time.monotonic()
        for one in everything:
            name = one.look(now)
            if name:
                restarted(name)
        tick()
        time.sleep(LOOK_SECONDS)


def stop_all(programs: Sequence[Program]) -> None:
    """Ask all of them at once, last started first, then wait for each."""
    for program in reversed(programs):
        program.ask_to_stop()
    for program in reversed(programs):
        program.wait_stopped()


def heed_signals() -> None:
    """Take SIGTERM (make, service managers) and SIGHUP (a closed terminal) like Ctrl-C."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def ignore_signals() -> None:
    """While we stop, an impatient second Ctrl-C must not leave half of it running; each wait has its limit."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
