"""Folders and files that only their owner may use."""

import os
import stat
import subprocess
import sys

import pytest

from omni.local import folders, refusals


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_let_a_server_pass_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        made = folders.make(tmp_path / "a" / "b")
    finally:
        os.umask(before)

    assert (mode(made), mode(made.parent)) == (0o755, 0o755)


def test_secrets_are_readable_by_their_owner_only(tmp_path):
    file = folders.write_private(tmp_path / "key", "one")
    folders.write_private(file, "two")

    assert (file.read_text(), mode(file)) == ("two", 0o600)
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]


def test_a_private_folder_is_closed_again(tmp_path):
    (tmp_path / "socket").mkdir(mode=0o777)

    assert mode(folders.make_private(tmp_path / "socket")) == 0o700


def test_a_link_is_no_private_folder(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(refusals.Refusal, match="socket"):
        folders.make_private(tmp_path / "socket")


@pytest.mark.parametrize("name", ["long/" * 30, "with, comma", 'with "quotes"'])
def test_a_path_that_sockets_cannot_have_moves_to_the_temp_folder(tmp_path, monkeypatch, name):
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(folders, "LONGEST_SOCKET", len(str(tmp_path)) + 80)
    place = folders.make(tmp_path / name)

    socket = folders.socket_folder(place)

    assert socket.parent == tmp_path
    assert mode(socket) == 0o700
    assert socket == folders.socket_folder(place)


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path):
    program = f"""
from pathlib import Path
from omni.local import folders
with folders.held(Path({str(tmp_path)!r})):
    print("held", flush=True)
    input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folders.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(refusals.Refusal, match=f"kill {other.pid}"), folders.held(tmp_path):
            pass
        other.kill()

    with folders.held(tmp_path):
        pass
