"""What is checked before a minute is spent: nothing may be built first and refused afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import socket

from omni.local import folders, refusals

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
FIRST_DEMO_MB = 800
LATER_DEMO_MB = 150


def check_demo() -> None:
    """Refuse a demo that runs already, a port in use, a folder that may not be written, a disk that is too small."""
    with folders.held(folders.DEMO):
        check_port(chosen_port())
        check_space(LATER_DEMO_MB if (folders.DEMO / "loaded").exists() else FIRST_DEMO_MB)


def chosen_port() -> int:
    """Return PORT from the environment, or 8000."""
    value = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise refusals.port_not_a_number(value)
    return int(value)


def check_port(port: int) -> None:
    """Refuse a port that somebody listens on, naming one that is free."""
    try:
        listen(port).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise refusals.port_taken(port, free_port_near(port)) from None
        if error.errno == errno.EACCES:
            raise refusals.port_reserved(port) from None
        raise


def listen(port: int) -> socket.socket:
    """Bind and listen as a server would, just to know that it can be done; port 0 takes any free one."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        probe.listen(1)
    except OSError:
        probe.close()
        raise
    return probe


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with listen(0) as probe:
        return int(probe.getsockname()[1])


def free_port_near(port: int) -> int:
    """Return the next free port above `port`, easier to remember than any."""
    for candidate in range(port + 1, min(port + 50, 65536)):
        try:
            listen(candidate).close()
        except OSError:
            continue
        return candidate
    return free_port()


def check_space(needed_mb: int) -> None:
    """Refuse a disk with less than `needed_mb` free, where the checkout is and where the data is."""
    for where in {folders.ROOT, folders.make(folders.VAR)}:
        free_mb = shutil.disk_usage(where).free // 1_000_000
        if free_mb < needed_mb:
            raise refusals.disk_too_small(where, free_mb, needed_mb)
