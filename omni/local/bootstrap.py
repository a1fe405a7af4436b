"""The first thing `make` runs: by its path, with whatever Python there is and nothing installed.

It refuses what cannot work, builds `.venv` from the lock that the target needs, and becomes that target (`exec`, so
that Ctrl-C and SIGTERM reach one process only). Keep to the syntax of Python 3.7, which gets a sentence and not a
traceback.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import types

# target: (lock file, module that carries it out). Without a lock the module needs nothing installed; without a module
# the arguments go to the environment's Python.
TARGETS = {
    "demo": ("requirements.txt", "omni.local.demo"),
    "demo-reset": ("", "omni.local.reset"),
    "manage": ("requirements.txt", "omni.local.manage"),
    "import": ("requirements-import.txt", "omni.local.manage"),
    "test": ("requirements-dev.txt", "omni.local.testing"),
    "bench": ("requirements-dev.txt", "omni.local.benchmark"),
    "run": ("requirements-dev.txt", ""),
}


def stand_in_for_omni() -> None:
    """Let `omni.local` be imported without running `omni/__init__.py`, which asks for Celery.

    This folder itself, which Python put on the path, goes: its modules must not stand in for others of their name.
    """
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    package = types.ModuleType("omni")
    package.__path__ = [os.path.dirname(here)]
    sys.modules["omni"] = package


def main() -> int:
    from omni.local import refusals

    if os.name != "posix":
        raise refusals.not_posix()
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is the one that older Pythons read
        raise refusals.python_too_old(sys.version.split()[0])

    from omni.local import environment, preflight, supervisor

    supervisor.heed_signals()
    target, arguments = " ".join(sys.argv[1:2]), sys.argv[2:]
    if target not in TARGETS:
        raise refusals.unknown_target(target, TARGETS)
    os.environ.setdefault("OMNI_STARTED_AT", str(time.time()))
    if target == "demo":
        preflight.check_demo()
    lock, module = TARGETS[target]
    if lock:
        python = environment.prepare(lock)
        command = [python, "-m", module, *arguments] if module else [python, *arguments]
        os.execve(python, command, environment.clean())  # noqa: S606 - there is no shell, and no way back
    return int(importlib.import_module(module).main())


if __name__ == "__main__":
    stand_in_for_omni()
    from omni.local.refusals import answer

    answer(main)
