"""Commands are relayed as they speak, and a run of checks ends with what counts."""

import os
import signal
import subprocess
import sys
import time

import pytest

from omni.local import commands, folders, refusals, testing
from omni.local.progress import Progress
from omni.local.testing import Check

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


def python(source):
    return [sys.executable, "-c", source]


def test_output_is_passed_on_and_its_end_is_kept(capfdbinary):
    code, end = commands.relay(python("print('first'); print('last'); raise SystemExit(3)"), ENVIRONMENT)

    assert (code, end) == (3, "first\nlast\n")
    assert capfdbinary.readouterr().out == b"first\nlast\n"


def test_every_check_runs_and_pytests_line_is_the_last(capfd, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    checks = [
        Check("Lint", python("raise SystemExit(1)")),
        Check("Tests", python("print('== 3 passed in 0.1s ==')")),
    ]

    assert testing.carry_out(checks, ENVIRONMENT) == 1

    lines = capfd.readouterr().out.splitlines()
    assert [" ".join(line.split()[:2]) for line in lines[-4:-2]] == ["Lint FAILED", "Tests passed"]
    assert lines[-1] == "== 3 passed in 0.1s =="


def test_all_checks_passing_is_zero(capfd):
    assert testing.carry_out([Check("Lint", python("pass"))], ENVIRONMENT) == 0


def test_a_check_gets_its_own_settings_and_keeps_them_to_itself(capfd):
    show = python("import os; print('settings', os.environ.get('DJANGO_SETTINGS_MODULE'))")

    testing.carry_out([Check("Deployment", show, testing.production()), Check("Lint", show)], ENVIRONMENT)

    said = [line for line in capfd.readouterr().out.splitlines() if line.startswith("settings")]
    assert said == ["settings omni.settings.prod", "settings None"]


def test_the_templates_pytest_and_every_gate_are_among_the_checks():
    titles = [check.title for check in testing.lint() + testing.on_servers([])]

    assert titles[:3] == ["Packages agree", "Lint", "Format"]
    assert titles[-8:] == [
        "Types",
        "Import contract",
        "Migrations are complete",
        "System checks",
        "Deployment checks",
        "Tests that kill",
        "Tests in browsers",
        "Tests",
    ]


def test_ctrl_c_is_passed_on_and_the_command_has_the_last_word():
    source = f"""
import sys
from omni.local import commands, supervisor
supervisor.heed_signals()
child = "import time\\ntry:\\n print('up', flush=True); time.sleep(30)\\nexcept KeyboardInterrupt:\\n print('bye')"
commands.relay([sys.executable, "-c", child], {ENVIRONMENT!r})
"""
    with subprocess.Popen(python(source), cwd=folders.ROOT, stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout.readline() == "up\n"
        began = time.monotonic()
        ours.send_signal(signal.SIGTERM)
        assert ours.stdout.read() == "bye\n"

    assert time.monotonic() - began < 10


def test_a_failing_management_command_is_a_sentence_with_its_last_words(tmp_path, monkeypatch, capsys):
    (tmp_path / "manage.py").write_text("print('no such store'); raise SystemExit(1)")
    monkeypatch.setattr(folders, "ROOT", tmp_path)

    with pytest.raises(refusals.Refusal, match=r"manage.py load_demo[\s\S]*no such store"):
        commands.manage(["load_demo"], ENVIRONMENT, Progress(), aloud=True)

    assert "no such store" in capsys.readouterr().out


def test_a_full_disk_behind_a_management_command_is_named(tmp_path, monkeypatch):
    (tmp_path / "manage.py").write_text("raise SystemExit('could not extend file: No space left on device')")
    monkeypatch.setattr(folders, "ROOT", tmp_path)
    monkeypatch.setenv("LC_ALL", "C")

    with pytest.raises(refusals.Refusal, match="The disk is full"):
        commands.manage(["load_demo"], ENVIRONMENT, Progress())
