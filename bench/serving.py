"""The programs under measurement, started as users run them: web, worker and scheduler from `omni.local.programs`."""

import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from omni.local import folders, preflight
from omni.local.processes import Program
from omni.local.programs import WEB, WEB_MANNERS, programs

START_SECONDS = 30.0
APPLICATION = "omni.wsgi:application"

GRANIAN = ["-m", "granian", "--interface", "wsgi", APPLICATION, *WEB_MANNERS, "--workers", "2", "--blocking-threads"]
GUNICORN = ["-m", "gunicorn", APPLICATION, "--no-control-socket", "--graceful-timeout", "5", "--keep-alive", "5"]
GTHREAD = [*GUNICORN, "--worker-class", "gthread", "--workers", "2", "--threads"]
SERVERS: dict[str, list[str]] = {
    "granian 2×1": [*GRANIAN, "1"],
    "granian 2×2": [*GRANIAN, "2"],
    "granian 2×4": [*GRANIAN, "4"],
    "gunicorn gthread 2×1": [*GTHREAD, "1"],
    "gunicorn gthread 2×2": [*GTHREAD, "2"],
    "gunicorn gthread 2×4": [*GTHREAD, "4"],
    "gunicorn sync 2": [*GUNICORN, "--worker-class", "sync", "--workers", "2"],
}
"""What `python -m bench servers` compares."""


def environment(settings: str, database_url: str = "") -> dict[str, str]:
    """Return the environment of a program: ours, with other settings, and another database where one is named."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": settings} | ({"DATABASE_URL": database_url} if database_url else {})


def bind(command: Sequence[str], port: int) -> list[str]:
    """Return the server's command with its address."""
    if "granian" in command:
        return [*command, "--host", preflight.HOST, "--port", str(port)]
    return [*command, "--bind", f"{preflight.HOST}:{port}"]


@contextmanager
def house() -> Iterator[int]:
    """Run web, worker and scheduler while the block runs; yield the web server's port."""
    port = preflight.free_port()
    with running(programs(folders.BENCH, environment("bench.settings"), port=port, with_traffic=False), port):
        yield port


@contextmanager
def web(
    command: Sequence[str] = (*WEB, *WEB_MANNERS),
    *,
    settings: str = "bench.settings",
    name: str = "bare",
    database_url: str = "",
) -> Iterator[int]:
    """Run one web server while the block runs; yield its port."""
    port = preflight.free_port()
    label = "web-" + "".join(letter if letter.isalnum() else "-" for letter in name)
    with running([program(label, bind(command, port), environment(settings, database_url))], port):
        yield port


def program(name: str, command: Sequence[str], surroundings: Mapping[str, str]) -> Program:
    """Return a program whose process number and log are kept with the bench's."""
    return Program(name, [sys.executable, *command], surroundings, records=folders.BENCH / "run", grace_seconds=8.0)


@contextmanager
def running(started: Sequence[Program], port: int) -> Iterator[None]:
    """Start the programs, wait until the port answers, stop them all at the end."""
    try:
        for one in started:
            one.start()
        wait_for(port, started[0])
        yield
    finally:
        for one in started:
            one.ask_to_stop()
        for one in started:
            one.wait_stopped()


def wait_for(port: int, web_program: Program) -> None:
    """Return once the port takes connections. Refuses a server that died, with the end of its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and web_program.is_alive:
        try:
            socket.create_connection((preflight.HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{web_program.name} does not answer:\n" + "\n".join(folders.last_lines(web_program.log)))
