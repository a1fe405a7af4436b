"""The programs of a running Omni and their command lines: in one place, so that another server is one line away."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from omni.local import folders, preflight
from omni.local.processes import Program

# Two processes use two cores, a second thread of each works while the first waits (docs/adr/0004-server.md).
WEB = ["-m", "granian", "--interface", "wsgi", "omni.wsgi:application", "--workers", "2", "--blocking-threads", "2"]
WEB_MANNERS = [
    "--http", "1", "--no-ws", "--log-level", "warning", "--respawn-failed-workers", "--respawn-interval", "0.5",
    "--workers-kill-timeout", "5", "--blocking-threads-idle-timeout", "600",
]  # fmt: skip
# One worker talks to nobody: gossip, mingle and heartbeats are for many.
WORKER = ["-m", "celery", "-A", "omni", "worker", "--concurrency", "2", "--loglevel", "warning"]
WORKER_MANNERS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
SCHEDULER = ["-m", "celery", "-A", "omni", "beat", "--loglevel", "warning", "--pidfile="]


def programs(folder: Path, environment: Mapping[str, str], *, port: int, with_traffic: bool) -> list[Program]:
    """Return what runs beside the servers, in the order of starting."""
    commands = {
        "web": [*WEB, *WEB_MANNERS, "--host", preflight.HOST, "--port", str(port)],
        "worker": [*WORKER, *WORKER_MANNERS],
        "scheduler": [*SCHEDULER, "--schedule", str(folder / "schedule")],
    }
    if with_traffic:
        commands["traffic"] = [str(folders.ROOT / "manage.py"), "traffic"]
    return [
        Program(name, [sys.executable, *command], environment, records=folder / "run", grace_seconds=8.0)
        for name, command in commands.items()
    ]
