"""A Valkey of our own out of a wheel: the bell between web and worker. On loopback only, with a generated password.

It keeps an append-only file, so that a bell rung before a crash is heard after it. What it loses all the same, the
sweep over the outbox finds: its files may be thrown away at any time.
"""

from __future__ import annotations

import secrets
import shutil
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from omni.local import binaries, environment, folders, preflight, refusals
from omni.local.processes import Program

HOST = preflight.HOST
START_SECONDS = 10.0

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
daemonize no
"""


@dataclass
class Broker:
    """One Valkey with its files below `folder`. Its port is any free one, kept from start to start while it is free."""

    folder: Path
    program: Program | None = None

    def __post_init__(self) -> None:
        self.home = self.folder / "valkey"

    @property
    def is_alive(self) -> bool:
        return self.program is not None and self.program.is_alive

    @property
    def pid(self) -> int:
        return self.program.pid if self.program else 0

    @property
    def url(self) -> str:
        """Return the BROKER_URL; known after the first start."""
        return f"redis://:{self._remembered('password')}@{HOST}:{self._remembered('port')}/0"

    def start(self) -> None:
        """Start and wait until it answers. Files it cannot read are thrown away: nothing is lost by that."""
        folders.make(self.folder)
        folders.make_private(self.home)
        self.program = Program(
            name="valkey",
            command=[str(binaries.valkey_program()), str(self.home / "valkey.conf")],
            environment=environment.clean(),
            records=self.folder / "run",
        )
        self.restart()

    def restart(self) -> None:
        """Start the server, the second time without its old files and on another port."""
        if self.program is None:
            raise RuntimeError("start() comes first")
        for files in ("kept", "new"):
            if files == "new":
                shutil.rmtree(self.home)
                folders.make_private(self.home)
            self._configure()
            self.program.start()
            if self._becomes_ready():
                return
            self.program.ask_to_stop()
            self.program.wait_stopped()
        raise refusals.server_failed("Valkey", self.program.log, folders.last_lines(self.program.log))

    def ask_to_stop(self) -> None:
        if self.program:
            self.program.ask_to_stop()

    def wait_stopped(self) -> None:
        if self.program:
            self.program.wait_stopped()

    def stop(self) -> None:
        self.ask_to_stop()
        self.wait_stopped()

    # --- steps, in the order they are called -----------------------------------------------------------------------

    def _configure(self) -> None:
        port = int(self._remembered("port") or 0)
        try:
            preflight.listen(port).close()
        except OSError:
            port = 0
        folders.write_private(self.home / "port", str(port or preflight.free_port()))
        folders.write_private(self.home / "password", self._remembered("password") or secrets.token_urlsafe(24))
        path = str(self.home).replace("\\", "\\\\").replace('"', '\\"')
        text = CONFIGURATION.format(
            host=HOST, port=self._remembered("port"), password=self._remembered("password"), folder=path
        )
        folders.write_private(self.home / "valkey.conf", text)

    def _becomes_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self.is_alive and time.monotonic() < deadline:
            with suppress(OSError):
                if self._answers():
                    return True
            time.sleep(0.02)
        return False

    def _answers(self) -> bool:
        """Tell whether it is ours (it takes our password) and has read its files (it answers PONG, not LOADING)."""
        with socket.create_connection((HOST, int(self._remembered("port"))), timeout=2) as connection:
            connection.sendall(f"AUTH {self._remembered('password')}\r\nPING\r\n".encode())
            reply = b""
            while reply.count(b"\r\n") < 2:
                received = connection.recv(256)
                if not received:
                    break
                reply += received
        return reply == b"+OK\r\n+PONG\r\n"

    def _remembered(self, name: str) -> str:
        try:
            return (self.home / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
