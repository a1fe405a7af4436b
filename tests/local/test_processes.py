"""Programs are started, watched, stopped, and found again after our own death."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omni.local import folders, processes, supervisor
from omni.local.processes import Program

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print('up', flush=True); time.sleep(60)"
)
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux signals children of a dead parent")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return a maker of programs, whose processes are gone afterwards."""
    monkeypatch.setattr(folders, "LOGS", tmp_path / "log")
    made = []

    def make(source, **others):
        made.append(Program("sleeper", [sys.executable, "-c", source], dict(os.environ), tmp_path / "run", **others))
        made[-1].start()
        wait_until(lambda: "up" in made[-1].said())
        return made[-1]

    yield make
    for one in made:
        one.ask_to_stop()
        one.wait_stopped()


def wait_until(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def children_of(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_program_stops_when_asked(program):
    sleeper = program(SLEEPER)
    pid = sleeper.pid

    sleeper.ask_to_stop()
    sleeper.wait_stopped()

    assert processes.start_time(pid) == ""
    assert list(sleeper.records.iterdir()) == []


def test_a_program_that_does_not_listen_is_killed_after_its_grace(program):
    deaf = program(DEAF, grace_seconds=0.3)
    pid = deaf.pid

    deaf.ask_to_stop()
    deaf.wait_stopped()

    assert processes.start_time(pid) == ""


@LINUX
def test_the_children_of_a_killed_program_go_with_it(program):
    parent = program(PARENT)
    wait_until(lambda: children_of(parent.pid))
    child = children_of(parent.pid)[0]

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait_stopped()

    wait_until(lambda: processes.start_time(child) == "")


def test_what_an_earlier_run_left_is_found_and_stopped(program):
    left = program(SLEEPER)

    assert processes.stop_leftovers(left.records) == ["sleeper"]

    assert left.process.wait(5) == -signal.SIGTERM
    assert list(left.records.iterdir()) == []


def test_a_stranger_with_the_same_number_is_left_alone(program):
    stranger = program(SLEEPER)
    record = stranger.records / "sleeper.pid"
    record.write_text(f"{stranger.pid} 12345\n/usr/bin/another-program")

    assert processes.stop_leftovers(stranger.records) == []

    assert stranger.is_alive
    assert not record.exists()


@LINUX
def test_a_program_dies_with_a_supervisor_that_was_killed(tmp_path):
    source = f"""
import os, sys, time
from pathlib import Path
from omni.local import folders
from omni.local.processes import Program
folders.LOGS = Path({str(tmp_path)!r})
program = Program("sleeper", [sys.executable, "-c", {SLEEPER!r}], dict(os.environ), Path({str(tmp_path)!r}) / "run")
program.start()
print(program.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", source], cwd=folders.ROOT, stdout=subprocess.PIPE, text=True
    ) as killed:
        pid = int(killed.stdout.readline())
        assert processes.start_time(pid)
        killed.kill()

    wait_until(lambda: processes.start_time(pid) == "")


def test_a_dead_program_is_started_again_at_once_and_then_ever_later():
    starts = []
    watched = supervisor.Watched("web", is_alive=lambda: False, start=lambda: starts.append(1), started=100.0)
    watched.started = 0.0

    assert watched.look(100.0) == "web"
    watched.started = 100.0
    assert watched.look(101.0) == ""
    assert watched.look(101.9) == ""
    assert watched.look(102.0) == "web"
    watched.started = 102.0
    assert watched.look(102.5) == ""
    assert watched.look(104.4) == ""
    assert watched.look(104.5) == "web"
    assert len(starts) == 3


def test_a_living_program_is_left_alone():
    watched = supervisor.Watched("web", is_alive=lambda: True, start=lambda: pytest.fail("it lives"))

    assert watched.look(100.0) == ""
