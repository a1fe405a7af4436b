"""What is refused before a minute is spent."""

import errno
import socket

import pytest

from omni.local import folders, preflight, refusals


@pytest.mark.parametrize("value", ["0", "65536", "80a", "-1", "8 000"])
def test_a_port_that_is_no_port_is_refused(monkeypatch, value):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(refusals.Refusal, match="PORT"):
        preflight.chosen_port()


@pytest.mark.parametrize(("value", "port"), [("", 8000), ("9001", 9001), (" 9002 ", 9002)])
def test_the_port_comes_from_the_environment(monkeypatch, value, port):
    monkeypatch.setenv("PORT", value)

    assert preflight.chosen_port() == port


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104 - a listener that the demo must notice
def test_a_port_in_use_is_refused_and_a_free_one_named(address):
    with socket.socket() as taken:
        taken.bind((address, 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(refusals.Refusal, match=f"{port}.*PORT=") as refusal:
            preflight.check_port(port)

    named = int(str(refusal.value).rpartition("=")[2])
    assert named != port
    preflight.check_port(named)


def test_a_free_port_is_fine_again_after_the_check():
    port = preflight.free_port()

    preflight.check_port(port)
    preflight.check_port(port)


def test_a_disk_that_is_too_small_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(folders, "VAR", tmp_path / "not" / "yet")

    with pytest.raises(refusals.Refusal, match="999999999 MB"):
        preflight.check_space(999_999_999)

    preflight.check_space(1)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "Cannot write"), (errno.EACCES, "Cannot write")],
)
def test_trouble_with_the_disk_is_a_sentence(monkeypatch, number, words):
    monkeypatch.setenv("LC_ALL", "C")

    assert words in str(refusals.from_os_error(OSError(number, "", "/shop/var")))


def test_other_errors_stay_errors():
    assert refusals.from_os_error(OSError(errno.ECONNRESET, "")) is None


def test_answer_leaves_with_one_sentence_and_code_one(capsys):
    def main() -> int:
        raise refusals.Refusal("Do this.")

    with pytest.raises(SystemExit) as left:
        refusals.answer(main)

    assert left.value.code == 1
    assert capsys.readouterr().err == "\n  Do this.\n\n"
