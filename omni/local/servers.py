"""The servers of one purpose (demo, tests, benchmark): PostgreSQL and Valkey of our own, or those the caller names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from omni.local import environment, folders
from omni.local.language import say
from omni.local.postgres import Cluster
from omni.local.processes import stop_leftovers
from omni.local.progress import Progress
from omni.local.valkey import Broker


@dataclass
class Servers:
    """PostgreSQL and Valkey below one folder. A server that the caller names by a URL is used and never touched."""

    folder: Path
    lasting: bool = True
    database_url: str = ""
    broker_url: str = ""
    progress: Progress = field(default_factory=Progress)
    cluster: Cluster | None = field(default=None, init=False)
    broker: Broker | None = field(default=None, init=False)

    def start(self) -> None:
        """Stop what an earlier run left over, then start what the caller does not bring. The folder must be held."""
        stop_leftovers(self.folder / "run")
        if self.database_url:
            self.progress.line(f"  + PostgreSQL: {environment.without_password(self.database_url)}")
        else:
            with self.progress.step("PostgreSQL"):
                self.cluster = Cluster(self.folder, lasting=self.lasting)
                if self.cluster.home != self.folder:
                    self.progress.line(elsewhere(self.cluster.home))
                self.cluster.start()
        if self.broker_url:
            self.progress.line(f"  + Broker: {environment.without_password(self.broker_url)}")
        else:
            with self.progress.step("Valkey"):
                self.broker = Broker(self.folder)
                self.broker.start()

    def stop(self) -> None:
        """Stop both at once and wait for both."""
        running: list[Cluster | Broker] = [server for server in (self.broker, self.cluster) if server]
        for server in running:
            server.ask_to_stop()
        for server in running:
            server.wait_stopped()

    @property
    def database(self) -> str:
        """Return which database it is, without its password: our own, or the one named by the caller."""
        return environment.without_password(self.database_url) or "own"

    def urls(self) -> tuple[str, str]:
        """Return DATABASE_URL and BROKER_URL of the servers, also of ones that another process of ours has started."""
        database = self.database_url or (self.cluster or Cluster(self.folder)).url()
        return database, self.broker_url or (self.broker or Broker(self.folder)).url


def demo_servers(progress: Progress) -> Servers:
    """Return the demo's servers: its own, or those of DATABASE_URL and BROKER_URL."""
    given = os.environ.get
    return Servers(
        folders.DEMO, database_url=given("DATABASE_URL", ""), broker_url=given("BROKER_URL", ""), progress=progress
    )


def settings(servers: Servers, module: str, **others: str) -> dict[str, str]:
    """Return the environment by which Django, the web server and Celery learn everything about these servers."""
    database, broker = servers.urls()
    return {
        **environment.clean(),
        "DJANGO_SETTINGS_MODULE": module,
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "SECRET_KEY": secret_key(),
        "OMNI_VAR": str(folders.VAR),
        **others,
    }


def secret_key() -> str:
    """Return the key that signs this checkout's sessions; made once."""
    file = folders.make(folders.VAR) / "secret_key"
    with suppress(FileNotFoundError):
        return file.read_text(encoding="utf-8")
    return folders.write_private(file, secrets.token_urlsafe(64)).read_text(encoding="utf-8")


def elsewhere(home: Path) -> str:
    """Return what root is told whose checkout no other account may enter."""
    return say(
        f"    PostgreSQL does not run as root and nobody else may enter this folder: its files are in {home}",
        f"    PostgreSQL ne tourne pas en root et nul autre n'entre dans ce dossier : ses fichiers sont dans {home}",
    )


@contextmanager
def running(servers: Servers) -> Iterator[Servers]:
    """Hold the folder and keep its servers up while the block runs."""
    with folders.held(servers.folder):
        try:
            servers.start()
            yield servers
        finally:
            servers.stop()
