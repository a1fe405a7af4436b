"""`make demo`: servers, tables, a real retailer, web, worker and scheduler; then it stays until Ctrl-C."""

from __future__ import annotations

import hashlib
import os
import time
import urllib.error
import urllib.request

from omni.local import folders, greeting, preflight, refusals, supervisor
from omni.local.commands import manage
from omni.local.language import say
from omni.local.postgres import is_empty
from omni.local.processes import Program
from omni.local.programs import programs
from omni.local.progress import Progress, seconds_since_start
from omni.local.servers import Servers, demo_servers, settings

FIRST_PAGE_SECONDS = 60.0
STATUS_SECONDS = 1.0


def main() -> int:
    """Run the demo until it is asked to stop; 0 when it stopped as asked."""
    supervisor.heed_signals()
    port = preflight.chosen_port()
    progress = Progress()
    with folders.held(folders.DEMO):
        preflight.check_port(port)
        servers, running = demo_servers(progress), list[Program]()
        opened = False
        try:
            servers.start()
            environment = settings(servers, "omni.settings.demo", BASE_URL=greeting.base_url(port))
            prepare_database(environment, progress, which=servers.database)
            greeting.note_base_url(port)
            running += programs(folders.DEMO, environment, port=port, with_traffic=os.environ.get("TRAFFIC") != "0")
            open_shop(running, port, progress)
            opened = True
            progress.line(greeting.welcome(port, seconds_since_start()))
            look_after(servers, running, progress)
        except KeyboardInterrupt:
            if not opened:
                raise
        finally:
            supervisor.ignore_signals()
            close_shop(servers, running, progress)
    return 0


def prepare_database(environment: dict[str, str], progress: Progress, *, which: str) -> None:
    """Bring the tables up to date; load the retailer unless that was done, to the end, into this very database."""
    migrated, loaded = folders.DEMO / "migrated", folders.DEMO / "loaded"
    if is_empty(environment["DATABASE_URL"]):
        for mark in (migrated, loaded):
            mark.unlink(missing_ok=True)
    wanted = f"{which} {state_of_migrations()}"
    if not migrated.exists() or migrated.read_text(encoding="utf-8") != wanted:
        with progress.step(say("Tables", "Tables")):
            manage(["migrate", "--no-input"], environment, progress)
        migrated.write_text(wanted, encoding="utf-8")
    if loaded.exists() and loaded.read_text(encoding="utf-8") == which and greeting.FILE.exists():
        return
    loaded.unlink(missing_ok=True)
    with progress.step(say("A real retailer", "Un vrai commerçant")):
        manage(["load_demo"], environment, progress, aloud=True)
    loaded.write_text(which, encoding="utf-8")


def state_of_migrations() -> str:
    """Return a sum of everything that `migrate` goes by: while it stays the same there is nothing to do."""
    found = hashlib.sha256((folders.ROOT / "requirements.txt").read_bytes())
    for top in sorted(folder for folder in folders.ROOT.iterdir() if (folder / "__init__.py").exists()):
        for file in sorted(top.glob("**/migrations/*.py")):
            found.update(str(file.relative_to(folders.ROOT)).encode() + file.read_bytes())
    return found.hexdigest()


def open_shop(running: list[Program], port: int, progress: Progress) -> None:
    """Start the web server and wait for its first page, which nobody delays; then start the others."""
    web, *others = running
    with progress.step(say("Web, worker, scheduler", "Web, worker, planificateur")):
        web.start()
        wait_for_page(f"{greeting.base_url(port)}/", web)
        for program in others:
            program.start()


def wait_for_page(url: str, web: Program) -> None:
    """Return once `/` answers 200 (redirects followed). Refuses with the end of the log when the server dies first."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + FIRST_PAGE_SECONDS
    while time.monotonic() < deadline and web.is_alive:
        try:
            with opener.open(url, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise refusals.page_not_answering(url, web.log, folders.last_lines(web.log))


def look_after(servers: Servers, running: list[Program], progress: Progress) -> None:
    """Keep everything running, with one status line on a terminal."""
    watched = [
        *([supervisor.watch_server("PostgreSQL", servers.cluster)] if servers.cluster else []),
        *([supervisor.watch_server("Valkey", servers.broker)] if servers.broker else []),
        *(supervisor.watch_program(program) for program in running),
    ]
    progress.title = ""
    shown = 0.0

    def tick() -> None:
        nonlocal shown
        if progress.live and time.monotonic() - shown > STATUS_SECONDS:
            shown = time.monotonic()
            progress.status(status_line(running))

    def restarted(name: str) -> None:
        when = time.strftime("%H:%M:%S")
        progress.line(
            say(
                f"  {when}  {name} had stopped and was started again",
                f"  {when}  {name} s'était arrêté et a été relancé",
            )
        )

    supervisor.watch(watched, restarted=restarted, tick=tick)


def status_line(running: list[Program]) -> str:
    """Return who is up, and the last thing that the traffic did."""
    up = ", ".join(program.name for program in running if program.is_alive)
    traffic = [line for program in running if program.name == "traffic" for line in folders.last_lines(program.log, 1)]
    return " | ".join([time.strftime("%H:%M:%S"), up, *traffic, say("Ctrl-C stops", "Ctrl-C arrête")])


def close_shop(servers: Servers, running: list[Program], progress: Progress) -> None:
    """Stop the programs, then the servers that they use; also when nobody listens any more."""
    try:
        if running:
            progress.line("")
            with progress.step(say("Stopping", "Arrêt")):
                supervisor.stop_all(running)
    finally:
        supervisor.stop_all(running)
        servers.stop()


if __name__ == "__main__":
    refusals.answer(main)
