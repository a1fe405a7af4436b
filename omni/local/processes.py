"""Child processes that never outlive us unnoticed: started, recorded, asked to stop, and made to.

Three nets: a clean stop; on Linux the kernel's signal to children whose parent died (even by SIGKILL); and the record
of each process (pid and start time), by which the next start finds and stops what is left over.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from omni.local import folders
from omni.local.accounts import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5_000_000


@dataclass
class Program:
    """One program: how it is started and how it is asked to stop. At most one process of it runs."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    records: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    log_began_at: int = field(default=0, init=False)

    @property
    def log(self) -> Path:
        return folders.LOGS / f"{self.records.parent.name}-{self.name}.log"

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def start(self) -> None:
        """Start a process in a session of its own (Ctrl-C reaches us alone), its output going to the log."""
        account = self.account.for_popen() if self.account else {}
        with open_log(self.log) as output:
            self.log_began_at = output.tell()
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd="/" if account else folders.ROOT,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),  # noqa: PLW1509 - nothing here has threads
                **account,
            )
        record(self.records, self.name, self.pid, self.command[0])

    def said(self) -> str:
        """Return what the log got since the last start."""
        with self.log.open("rb") as log:
            log.seek(self.log_began_at)
            return log.read().decode(errors="replace")

    def ask_to_stop(self) -> None:
        if self.process and self.is_alive:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self) -> None:
        """Wait until the process has ended; after its grace it is killed. Its children go with it either way."""
        if self.process is None:
            return
        try:
            self.process.wait(self.grace_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.bury()

    def bury(self) -> None:
        """Kill what a dead process left of its group (web workers hold the port, Celery's run on), forget it."""
        if self.process:
            kill_children_of(self.process.pid, self.command[0])
            forget(self.records, self.name)
            self.process = None


def open_log(file: Path) -> IO[bytes]:
    """Open the log to append; one that grew large begins anew."""
    folders.make(file.parent)
    large = file.exists() and file.stat().st_size > LOG_LIMIT
    log = file.open("wb" if large else "ab")
    log.seek(0, os.SEEK_END)
    return log


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does before it becomes its program: have the kernel signal it when we die. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def in_child() -> None:
        prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before we had asked
            os._exit(1)

    return in_child


def kill_children_of(leader: int, program: str) -> None:
    """Kill what is left of a dead leader's session and runs the same program: never a stranger who got its number."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            session = (folder / "stat").read_bytes().rpartition(b")")[2].split()[3]
            ours = (folder / "cmdline").read_bytes().startswith(os.fsencode(program))
            if int(session) == leader and ours:
                os.kill(int(folder.name), signal.SIGKILL)


def start_time(pid: int) -> str:
    """Return when the process began, in whatever unit the system tells; empty when there is none or it is a zombie.

    Process numbers are used again: only number and start time together name a process.
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
        return "" if fields[0] == b"Z" else fields[19].decode()
    except OSError:
        if sys.platform.startswith("linux"):
            return ""
    done = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def command_line(pid: int) -> str:
    """Return what the process was started with; bare machines have no `ps`, macOS has no /proc."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    done = subprocess.run(["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout


def record(folder: Path, name: str, pid: int, program: str) -> None:
    """Write down which process runs."""
    folders.make(folder)
    (folder / f"{name}.pid").write_text(f"{pid} {start_time(pid)}\n{program}", encoding="utf-8")


def forget(folder: Path, name: str) -> None:
    (folder / f"{name}.pid").unlink(missing_ok=True)


def stop_leftovers(folder: Path, *, patience: float = 20.0) -> list[str]:
    """Stop what an earlier run left behind, return the names. The caller holds the folder's lock: nobody needs them."""
    stopped = []
    for file in sorted(folder.glob("*.pid")):
        process, _, program = file.read_text(encoding="utf-8").partition("\n")
        number, _, began = process.partition(" ")
        if number.isdecimal() and began:
            pid = int(number)
            if start_time(pid) == began:
                stop_stranger(pid, began, patience, fast=file.stem == "postgres")
                stopped.append(file.stem)
            kill_children_of(pid, program)
        file.unlink(missing_ok=True)
    return stopped


def stop_stranger(pid: int, began: str, patience: float, *, fast: bool) -> None:
    """Ask a process that is not our child to stop, wait, then kill it.

    PostgreSQL takes SIGINT for "now, but cleanly" and SIGTERM for "when everybody has left".
    """
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT if fast else signal.SIGTERM)
        deadline = time.monotonic() + patience
        while start_time(pid) == began and time.monotonic() < deadline:
            time.sleep(0.05)
        if start_time(pid) == began:
            os.kill(pid, signal.SIGKILL)
