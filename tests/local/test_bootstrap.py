"""The first file that `make` runs works on a bare Python, and old Pythons get a sentence."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from omni.local import refusals

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "omni" / "local" / "bootstrap.py"
READ_BY_OLD_PYTHONS = ["bootstrap.py", "refusals.py", "language.py", "__init__.py"]


@pytest.mark.parametrize("name", READ_BY_OLD_PYTHONS)
def test_what_an_old_python_reads_has_no_newer_syntax(name):
    source = (BOOTSTRAP.parent / name).read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 7))


def test_the_bootstrap_needs_nothing_installed():
    """-S leaves site-packages out: an import of Celery, as in omni/__init__.py, would fail."""
    program = f"""
import runpy
bootstrap = runpy.run_path({str(BOOTSTRAP)!r})
bootstrap["stand_in_for_omni"]()
import omni.local.environment, omni.local.preflight, omni.local.reset, omni.local.supervisor
print("fine")
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_an_old_python_is_told_what_to_do():
    program = f"""
import runpy, sys
sys.version_info, sys.version, sys.argv = (3, 9, 2, "final", 0), "3.9.2 (main)", ["bootstrap.py", "demo"]
runpy.run_path({str(BOOTSTRAP)!r}, run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"}
    )

    assert done.returncode == 1
    assert done.stderr.strip().startswith("Omni needs Python 3.11 or newer; this is 3.9.2.")
    assert "Traceback" not in done.stderr


def test_a_target_that_nobody_knows_lists_the_known_ones():
    done = subprocess.run([sys.executable, BOOTSTRAP, "tset"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "tset" in done.stderr
    assert "demo-reset" in done.stderr
    assert "Traceback" not in done.stderr


def test_refusals_speak_the_language_of_the_locale(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert str(refusals.port_taken(8000, 8001)).startswith("Le port 8000 est occupé")

    monkeypatch.setenv("LC_ALL", "C")
    assert str(refusals.port_taken(8000, 8001)) == (
        "Port 8000 is in use by another program. Take a free one: make demo PORT=8001"
    )
