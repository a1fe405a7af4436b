"""`make bench`: the measures of `bench/` on servers of their own that keep every promise of durability."""

from __future__ import annotations

import os
import sys

from omni.local import folders, refusals, supervisor
from omni.local.commands import relay
from omni.local.progress import Progress
from omni.local.servers import Servers, running, settings


def main() -> int:
    """Run `python -m bench` with the given arguments against production's settings."""
    supervisor.heed_signals()
    given = os.environ.get
    servers = Servers(
        folders.BENCH,
        database_url=given("DATABASE_URL", ""),
        broker_url=given("BROKER_URL", ""),
        progress=Progress(),
    )
    with running(servers):
        environment = settings(
            servers,
            given("DJANGO_SETTINGS_MODULE", "omni.settings.prod"),
            ALLOWED_HOSTS="localhost,127.0.0.1",
            SECURE_SSL_REDIRECT="0",
        )
        return relay([sys.executable, "-m", "bench", *sys.argv[1:]], environment)[0]


if __name__ == "__main__":
    refusals.answer(main)
