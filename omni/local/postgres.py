"""A PostgreSQL of our own out of a wheel: made once, started, kept going, stopped. Nobody else can reach it.

It listens on a Unix socket in a folder of mode 0700 only, and asks for a generated password there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from omni.local import accounts, binaries, folders, refusals
from omni.local.environment import without_password
from omni.local.processes import Program, command_line, start_time

PORT = 5432  # names the socket file only; no TCP port is opened
USER = DATABASE = "omni"
START_SECONDS = 120.0
OLD_SERVER_SECONDS = 15.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For data that is thrown away: the fastest disk is the one that is not waited for.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}


@dataclass
class Cluster:
    """One PostgreSQL with its data, socket, password and log, below `folder`.

    `lasting=False` gives up durability for speed and begins with an empty data folder: for tests only.
    """

    folder: Path
    lasting: bool = True
    reset: str = "make demo-reset"
    account: accounts.Account = field(default_factory=accounts.for_servers)
    program: Program | None = None

    def __post_init__(self) -> None:
        folders.make(self.folder)
        self.home = self.folder if self.account.may_enter(self.folder) else folders.outside(self.folder)
        if self.home != self.folder:
            folders.make_private(self.home, mode=0o711)
        self.data = self.home / "postgres"
        self.password_file = self.folder / "postgres.password"

    @property
    def is_alive(self) -> bool:
        return self.program is not None and self.program.is_alive

    @property
    def pid(self) -> int:
        return self.program.pid if self.program else 0

    def url(self, database: str = DATABASE) -> str:
        """Return the DATABASE_URL; the same before and after the start."""
        password = self.password_file.read_text(encoding="utf-8")
        query = urlencode({"host": str(self.socket), "port": PORT}, quote_via=quote)
        return f"postgres://{USER}:{password}@/{database}?{query}"

    @property
    def socket(self) -> Path:
        return folders.socket_folder(self.home, owner=self.account.owner)

    def start(self) -> None:
        """Start and wait until it answers and has the database. Makes the data folder first when there is none.

        Refuses a data folder that is incomplete or of another version, and says why when the server does not come up.
        """
        programs = binaries.postgres_programs(self.account, self.home)
        if not self.lasting:
            shutil.rmtree(self.data, ignore_errors=True)
        if not self.data.exists() or not any(self.data.iterdir()):
            self._initialise(programs)
        self._check_data(programs)
        options = SETTINGS if self.lasting else SETTINGS | FORGETFUL
        self.program = Program(
            name="postgres",
            command=[
                str(programs / "postgres"),
                *("-D", str(self.data), "-p", str(PORT)),
                *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
                *("-c", f"unix_socket_directories={self.socket}"),
            ],
            environment=surroundings(),
            records=self.folder / "run",
            account=self.account,
            stop_signal=signal.SIGINT,
            grace_seconds=30.0,
        )
        self.restart()

    def restart(self) -> None:
        """Start the server again, for instance after it was killed: its last children need a moment to notice."""
        if self.program is None:
            raise RuntimeError("start() comes first")
        began = time.monotonic()
        while True:
            self.program.start()
            if self._becomes_ready():
                break
            self.stop()
            said = self.program.said()
            if not self._waits_for_old_server(said) or time.monotonic() - began > START_SECONDS:
                raise self._why_not(said)
            if time.monotonic() - began > OLD_SERVER_SECONDS:
                self._drop_stale_lock()
            time.sleep(0.2)
        self._ensure_database()

    def ask_to_stop(self) -> None:
        if self.program:
            self.program.ask_to_stop()

    def wait_stopped(self) -> None:
        if self.program:
            self.program.wait_stopped()

    def stop(self) -> None:
        """Stop cleanly: whoever is connected is cut off, whatever is committed is on disk."""
        self.ask_to_stop()
        self.wait_stopped()

    # --- steps, in the order they are called -----------------------------------------------------------------------

    def _initialise(self, programs: Path) -> None:
        """Make the data folder under another name and rename it when it is whole: half of one is never left behind."""
        draft = folders.make(self.home) / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        folders.make_private(draft, owner=self.account.owner, group=self.account.gid)
        generated = secrets.token_urlsafe(24)
        password = folders.write_private(self.home / "initdb.password", generated, owner=self.account.owner)
        command = [
            str(programs / "initdb"),
            *("-D", str(draft), "-U", USER, "--pwfile", str(password), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *([] if self.lasting else ["--no-sync"]),
        ]
        account = self.account.for_popen()
        made = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=surroundings(), **account
        )
        if made.returncode:
            output = made.stdout + made.stderr
            shutil.rmtree(draft, ignore_errors=True)
            if "No space left on device" in output:
                raise refusals.disk_full(str(self.data))
            raise refusals.command_failed("initdb", output.splitlines()[-8:])
        folders.write_private(self.password_file, generated)
        password.unlink()
        with suppress(OSError):
            self.data.rmdir()
        draft.rename(self.data)

    def _check_data(self, programs: Path) -> None:
        """Refuse data that cannot be started, before the server says so in its own words."""
        needed = [self.data / "PG_VERSION", self.data / "global" / "pg_control", self.password_file]
        if not all(file.exists() for file in needed):
            raise refusals.data_incomplete(self.data, self.reset)
        found = needed[0].read_text(encoding="utf-8").strip()
        wanted = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
        major = wanted.stdout.split()[-1].split(".")[0]
        if found != major:
            raise refusals.data_of_other_version(self.data, found, major, self.reset)

    def _becomes_ready(self) -> bool:
        """Wait for the first answer; False as soon as the process has ended."""
        deadline = time.monotonic() + START_SECONDS
        while self.is_alive and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _waits_for_old_server(self, said: str) -> bool:
        return "shared memory block" in said or 'lock file "postmaster.pid" already exists' in said

    def _drop_stale_lock(self) -> None:
        """Remove postmaster.pid when the number in it belongs to some other program by now (as in a new container)."""
        file = self.data / "postmaster.pid"
        pid = file.read_text(encoding="utf-8").split("\n")[0] if file.exists() else ""
        if pid.isdecimal() and start_time(int(pid)) and "postgres" not in command_line(int(pid)):
            file.unlink()

    def _why_not(self, said: str) -> refusals.Refusal:
        log = self.program.log if self.program else self.folder
        if "No space left on device" in said:
            return refusals.disk_full(str(self.data))
        return refusals.server_failed("PostgreSQL", log, said.splitlines()[-8:], self.reset)

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def is_empty(url: str) -> bool:
    """Tell whether Django has never been in this database. Refuses a server that cannot be reached."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    except psycopg.OperationalError as error:
        raise refusals.database_unreachable(without_password(url), str(error).splitlines()) from None
    return bool(row and row[0])


def surroundings() -> dict[str, str]:
    """Return the environment of the server: none of the caller's locale, PG* variables or secrets."""
    return {"PATH": os.defpath, "LC_ALL": "C"}
