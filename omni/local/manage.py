"""`make import`, `make audit`, `make manage`: a management command on the demo's database, running or not."""

from __future__ import annotations

import signal
import subprocess
import sys

from omni.local import folders, refusals, supervisor
from omni.local.progress import Progress
from omni.local.servers import Servers, demo_servers, running, settings


def main() -> int:
    """Run `manage.py` with the given arguments, starting the servers for as long as it takes if the demo does not."""
    supervisor.heed_signals()
    servers = demo_servers(Progress())
    if is_open(servers):
        return manage(servers)
    with running(servers):
        return manage(servers)


def is_open(servers: Servers) -> bool:
    """Tell whether the demo runs now: then its servers are up, and they are its own to stop."""
    try:
        with folders.held(servers.folder):
            return False
    except refusals.Refusal:
        return True


def manage(servers: Servers) -> int:
    """Run the command with our terminal. Ctrl-C is for the command (a shell, an import); SIGTERM is passed on."""
    command = [sys.executable, str(folders.ROOT / "manage.py"), *sys.argv[1:]]
    process = subprocess.Popen(command, cwd=folders.ROOT, env=settings(servers, "omni.settings.demo"))
    signal.signal(signal.SIGINT, lambda number, frame: None)
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    return process.wait()


if __name__ == "__main__":
    refusals.answer(main)
