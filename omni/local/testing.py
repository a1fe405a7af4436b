"""`make test`: everything that checks the project, on servers of its own, with one summary at the end."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omni.local import folders, refusals, supervisor
from omni.local.commands import relay
from omni.local.language import say
from omni.local.progress import Progress
from omni.local.servers import Servers, running, settings

PYTHON = sys.executable
DJANGO = [PYTHON, str(folders.ROOT / "manage.py")]


@dataclass(frozen=True)
class Check:
    """One command that must exit with 0."""

    title: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    check: Check
    code: int
    seconds: float
    last_line: str


def tool(name: str) -> str:
    return str(Path(PYTHON).with_name(name))


def lint() -> list[Check]:
    """Return what needs no server. Scripts are given to Python, as their first line breaks when a checkout moves."""
    return [
        Check("Packages agree", [PYTHON, "-m", "pip", "--disable-pip-version-check", "check"]),
        Check("Lint", [PYTHON, "-m", "ruff", "check"]),
        Check("Format", [PYTHON, "-m", "ruff", "format", "--check"]),
        *templates(),
        Check("Types", [PYTHON, "-m", "mypy"]),
        Check("Import contract", [PYTHON, tool("lint-imports"), "--no-logo"]),
    ]


def templates() -> list[Check]:
    files = sorted(str(file.relative_to(folders.ROOT)) for file in folders.ROOT.glob("templates/**/*.html"))
    command = [tool("djade"), "--target-version", "5.2", "--check", *files]
    return [Check("Templates", command)] if files else []


def on_servers(arguments: Sequence[str]) -> list[Check]:
    """Return what needs PostgreSQL; pytest comes last."""
    return [
        Check("Migrations are complete", [*DJANGO, "makemigrations", "--check", "--dry-run"]),
        Check("System checks", [*DJANGO, "check"]),
        Check("Deployment checks", [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"], production()),
        *tests(arguments),
    ]


def production() -> dict[str, str]:
    """Return what a deployment has to set, so that its check complains about nothing but the settings themselves."""
    return {
        "DJANGO_SETTINGS_MODULE": "omni.settings.prod",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "omni.example",
    }


KILLS, BROWSERS = "kill", "browser and not kill"
"""Tests in which somebody waits for a machine that is at work: beside the others they would measure those."""
OTHERS = "not kill and not browser and not defect"


def tests(arguments: Sequence[str]) -> list[Check]:
    """Return pytest. Of the whole suite, kills come first and one at a time, then browsers, then the rest, both shared
    out over the processors, each process with a database of its own. Defects have a target of their own. What is chosen
    by arguments runs in one process, where it can be followed."""
    command = [PYTHON, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else [])]
    if arguments:
        return [Check("Tests", [*command, *arguments])]
    shared = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]
    return [
        Check("Tests that kill", [*command, "-m", KILLS]),
        Check("Tests in browsers", [*command, "-m", BROWSERS, *shared]),
        Check("Tests", [*command, "-m", OTHERS, *shared]),
    ]


def main() -> int:
    """Run the checks: all of them, `lint` only, or `pytest` only. 0 when all passed."""
    supervisor.heed_signals()
    scope = sys.argv[1] if len(sys.argv) > 1 else "all"
    arguments = shlex.split(os.environ.get("ARGS", ""))
    if scope == "lint":
        return carry_out(lint(), dict(os.environ))
    checks = tests(arguments) if scope == "pytest" else lint() + on_servers(arguments)
    given = os.environ.get("TEST_DATABASE_URL", "")
    servers = Servers(folders.TEST, lasting=False, database_url=given, progress=Progress())
    with running(servers):
        return carry_out(checks, environment(servers))


def environment(servers: Servers) -> dict[str, str]:
    """Return the settings for all checks."""
    database, broker = servers.urls()
    return settings(
        servers,
        "omni.settings.test",
        TEST_DATABASE_URL=database,
        TEST_BROKER_URL=broker,
        OMNI_VAR=str(folders.make(folders.TEST / "var")),
    )


def carry_out(checks: Sequence[Check], environment: Mapping[str, str]) -> int:
    """Run every check, also after one that failed; print the summary and, last, pytest's own closing line."""
    outcomes = [run(check, environment) for check in checks]
    print()
    for outcome in outcomes:
        verdict = say("passed", "réussi") if outcome.code == 0 else say("FAILED", "ÉCHEC")
        print(f"  {outcome.check.title:<26} {verdict:<8} {outcome.seconds:6.1f} s")
    print(flush=True)
    if outcomes[-1].check.title == "Tests":
        print(outcomes[-1].last_line, flush=True)
    return 0 if all(outcome.code == 0 for outcome in outcomes) else 1


def run(check: Check, environment: Mapping[str, str]) -> Outcome:
    """Run one check below its heading. pytest without a single test (exit code 5) has failed."""
    print(f"\n== {check.title}", flush=True)
    began = time.monotonic()
    code, output = relay(check.command, {**environment, **check.environment})
    lines = output.strip().splitlines()
    return Outcome(check, code, time.monotonic() - began, lines[-1] if lines else "")


if __name__ == "__main__":
    refusals.answer(main)
