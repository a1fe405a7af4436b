"""Omni as it runs: PostgreSQL that keeps its promises, a broker, web, a Celery worker, its scheduler, a clerk."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from omni.local import environment, folders, preflight
from omni.local.postgres import Cluster
from omni.local.processes import Program
from omni.local.programs import programs
from omni.local.valkey import Broker

READY_SECONDS = 60.0


class Rig:
    """Everything that runs, below one folder; each part can be killed by its pid and comes back as it would in life."""

    def __init__(self, folder: Path) -> None:
        self.cluster, self.broker = Cluster(folder), Broker(folder)
        self.port = preflight.free_port()
        self.folder = folder
        self.programs: dict[str, Program] = {}
        self.environment: dict[str, str] = {}
        self.house: dict[str, Any] = {}

    def start(self) -> None:
        """Start the servers, furnish the house, start what serves it."""
        self.cluster.start()
        self.broker.start()
        self.environment = {
            **environment.clean(),
            "DJANGO_SETTINGS_MODULE": "omni.settings.demo",
            "DATABASE_URL": self.cluster.url(),
            "BROKER_URL": self.broker.url,
            "SECRET_KEY": "kill-tests-only-" + "x" * 50,
            "ALLOWED_HOSTS": preflight.HOST,
            "OMNI_VAR": str(self.folder / "var"),
        }
        self.house = json.loads(self.manage("-m", "tests.kills.furnish"))
        self.environment["CLERK"] = str(self.house["clerk"])
        clerk = [sys.executable, "-m", "tests.kills.clerk"]
        running = programs(self.folder, self.environment, port=self.port, with_traffic=False)
        running.append(Program("clerk", clerk, self.environment, records=self.folder / "run"))
        self.programs = {program.name: program for program in running}
        for program in running:
            program.start()
        self.wait_for_web()

    def stop(self) -> None:
        for program in reversed(self.programs.values()):
            program.ask_to_stop()
        for program in reversed(self.programs.values()):
            program.wait_stopped()
        self.broker.stop()
        self.cluster.stop()

    def manage(self, *words: str) -> str:
        """Run a Python process over this house and return what it printed; fails with what it complained about."""
        command = [sys.executable, *words]
        done = subprocess.run(
            command, env=self.environment, cwd=folders.ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, statement: str) -> list[Any]:
        """Ask the database directly."""
        with psycopg.connect(self.cluster.url().replace("postgres://", "postgresql://")) as connection:
            return list(connection.execute(statement).fetchall())

    # --- the kills: SIGKILL, by pid ------------------------------------------------------------------------------

    def kill_program(self, name: str) -> None:
        """Kill a program and all its children at once, then start it again."""
        program = self.programs[name]
        victims = [program.pid, *children(program.pid)]
        for pid in victims:
            kill(pid)
        wait_until(lambda: not program.is_alive)
        program.bury()
        program.start()

    def kill_child(self, name: str) -> None:
        """Kill one of a program's processes; the program itself has to notice."""
        kill(max(children(self.programs[name].pid), key=memory))

    def kill_postgres(self) -> None:
        """Kill the postmaster; its children see it and end; recovery follows."""
        kill(self.cluster.pid)
        wait_until(lambda: not self.cluster.is_alive)
        self.cluster.restart()

    def kill_backend(self) -> None:
        """Kill a process that serves a connection: PostgreSQL cuts everybody off and recovers by itself."""
        busy = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        kill(self.ask(busy)[0][0])

    def kill_broker(self) -> None:
        """Kill the bell. Orders do not notice; the sweep finds what was not rung for."""
        kill(self.broker.pid)
        wait_until(lambda: not self.broker.is_alive)
        self.broker.restart()

    def wait_for_web(self) -> None:
        url = f"http://127.0.0.1:{self.port}/api/v1/"

        def answers() -> bool:
            try:
                urllib.request.urlopen(url, timeout=2)
            except urllib.error.HTTPError as error:
                return error.code == 404
            except OSError:
                return False
            return True

        wait_until(answers)


def children(pid: int) -> list[int]:
    """Return the children of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def memory(pid: int) -> int:
    """Return a process's resident pages: the one that does the work has the most."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_until(true: Callable[[], object], seconds: float = READY_SECONDS) -> None:
    """Wait until something is true; fail when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
