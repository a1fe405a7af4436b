"""`make replay`, or `python -m bench.replay` with DATABASE_URL (and BROKER_URL) of servers of its own.

REPLAY_SPEED (20), REPLAY_HOURS (13; fewer are the busiest) and REPLAY_FOLD (1) make it faster, shorter, fuller.
"""

import os
import subprocess
import sys

from bench import databases

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.replay.settings"
os.environ.setdefault("SECRET_KEY", "bench-only-" + "x" * 50)
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1"

ROOM = "from datetime import timedelta; from omni.demo.clock.services import make_room; make_room(timedelta(days=21))"
"""The loaded year makes room for the days of the replay once, so that it does not have to in the middle of one."""


def fresh_house() -> str:
    """Return the URL of a demo as it is after loading: loaded once, and copied for every replay."""
    loaded, loading, ours = (databases.beside(name) for name in ("replay_loaded", "replay_loading", "replay"))
    if not databases.is_there(loaded):
        databases.drop(loading)
        databases.ensure(loading)
        for command in (["migrate", "--no-input", "--verbosity", "0"], ["load_demo"], ["shell", "--command", ROOM]):
            subprocess.run(
                [sys.executable, "manage.py", *command], env={**os.environ, "DATABASE_URL": loading}, check=True
            )
        databases.rename(loading, loaded)
    databases.copy(loaded, ours)
    return ours


if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit("Run `make replay`, or name a database of its own by DATABASE_URL.")
    os.environ["DATABASE_URL"] = fresh_house()
    import django

    django.setup()
    from bench.replay import running

    sys.exit(running.main())
