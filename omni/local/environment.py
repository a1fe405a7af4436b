"""The virtual environment `.venv`: built from a lock, rebuilt when the lock or the Python changes, never half built."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from omni.local import folders, preflight, refusals
from omni.local.language import say
from omni.local.progress import Progress

VENV = folders.ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP_LOG = VENV / "pip.log"
# What a lock brings besides its own: a superset needs no second look at what it contains.
CONTAINED = {"requirements-dev.txt": ["requirements.txt"], "requirements-import.txt": ["requirements.txt"]}
NEEDED_MB = {"requirements.txt": 400, "requirements-dev.txt": 900, "requirements-import.txt": 700}
# Set by other projects' shells; each would bend the packages or the settings of ours.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")


def prepare(lock: str) -> str:
    """Return the Python of an environment that has exactly the packages of the lock in their locked versions."""
    locked = folders.ROOT / lock
    if not locked.exists():
        raise refusals.missing(lock)
    if not is_current(lock):
        with folders.one_at_a_time("environment"):
            if not is_current(lock):
                build(locked)
    return str(PYTHON)


def build(locked: Path) -> None:
    """Make the environment if there is none that works, install the lock, and note down what is installed now."""
    lock = locked.name
    preflight.check_space(NEEDED_MB[lock])
    progress = Progress()
    if not works():
        with progress.step(say("Python environment (.venv)", "Environnement Python (.venv)")):
            create()
    with progress.step(say("Python packages", "Paquets Python")):
        install(locked, progress)
    for name in [lock, *CONTAINED.get(lock, [])]:
        stamp_file(name).parent.mkdir(exist_ok=True)
        stamp_file(name).write_text(stamp(folders.ROOT / name), encoding="utf-8")


def clean() -> dict[str, str]:
    """Return the caller's environment without what would lead our Python astray."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def without_password(url: str) -> str:
    """Return the URL as it may be printed."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url


def stamp(locked: Path) -> str:
    """Return what the environment is built from: the lock's content and the Python it was built with."""
    return f"{hashlib.sha256(locked.read_bytes()).hexdigest()} {VENV}\n"


def stamp_file(lock: str) -> Path:
    return VENV / ".locks" / lock


def is_current(lock: str) -> bool:
    """Tell whether the lock is installed. A moved checkout or a Python that has gone asks for a new environment."""
    try:
        return stamp_file(lock).read_text(encoding="utf-8") == stamp(folders.ROOT / lock) and works()
    except OSError:
        return False


def works() -> bool:
    """Tell whether `.venv` has a Python that starts, is new enough, finds its own packages, and has pip."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-I", "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create() -> None:
    """Make `.venv` anew. Refuses a Python without venv and ensurepip (Debian keeps them in a package of their own)."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise refusals.venv_missing()
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=clean())
    if made.returncode == 0:
        return
    output = made.stdout + made.stderr
    if "ensurepip" in output:
        raise refusals.venv_missing()
    refuse_known_trouble(output, VENV)
    raise refusals.venv_failed(output.splitlines()[-8:])


def install(locked: Path, progress: Progress) -> None:
    """Install the locked packages, telling which one is being fetched.

    `--no-deps`: the lock is complete, nothing is left to resolve. `--no-compile`: Python compiles what is really
    imported; the rest of Faker's and phonenumbers' thousands of modules is never touched.
    """
    options = ["--require-hashes", "--no-deps", "--no-compile", "--no-input", "--progress-bar", "off"]
    quiet = ["--disable-pip-version-check", "--no-warn-script-location"]
    command = [str(PYTHON), "-m", "pip", "install", *options, *quiet, "-r", str(locked)]
    total = len(re.findall(r"^[\w.-]+==", locked.read_text(encoding="utf-8"), re.MULTILINE))
    with (
        PIP_LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=clean()) as pip,
    ):
        try:
            follow(pip.stdout or (), log, total, progress)
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        output = PIP_LOG.read_text(encoding="utf-8")
        refuse_known_trouble(output, VENV)
        raise refusals.packages_failed(PIP_LOG, [line for line in output.splitlines() if "WARNING" not in line][-8:])


def follow(lines: Iterable[str], log: IO[str], total: int, progress: Progress) -> None:
    """Keep pip's words in the log and show which package it is at."""
    seen = 0
    for line in lines:
        log.write(line)
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            seen += 1
            name = re.split(r"[ =]", line.removeprefix("Collecting ").split(": ")[-1])[0]
            progress.note(f"{seen}/{total} {name}")
        elif line.startswith("Installing collected packages"):
            progress.note(say("unpacking", "installation"))


def refuse_known_trouble(output: str, where: Path) -> None:
    """Refuse with the sentence for a full disk or a closed folder when a command's output speaks of one."""
    if "No space left on device" in output or "Disk quota exceeded" in output:
        raise refusals.disk_full(str(where))
    if "Permission denied" in output or "Read-only file system" in output:
        raise refusals.not_writable(str(where))
