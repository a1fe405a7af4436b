"""Where things are, and private folders for what nobody else may read."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from omni.local import refusals

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("OMNI_VAR") or ROOT / "var").absolute()
DEMO = VAR / "demo"
TEST = VAR / "test"
BENCH = VAR / "bench"
LOGS = VAR / "log"

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET = 100


def make(folder: Path) -> Path:
    """Make the folder, open to read for everybody whatever the umask: a server under another account passes through.

    What is secret in it is a file of mode 0600 or a folder of mode 0700 of its own.
    """
    if not folder.is_dir():
        if not folder.parent.is_dir():
            make(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    return folder


def make_private(folder: Path, *, owner: int | None = None, group: int | None = None, mode: int = 0o700) -> Path:
    """Make the folder for one account only. Refuses one that somebody else made first, or a link."""
    uid = os.geteuid() if owner is None else owner
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
        raise refusals.not_ours(folder)
    if found.st_uid != uid:
        os.chown(folder, uid, -1 if group is None else group)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)
    return folder


def short_name(folder: Path) -> str:
    """Return a name for the folder that is the same every time and short: for places outside the checkout."""
    return f"omni-{os.geteuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def outside(folder: Path) -> Path:
    """Return a lasting place outside the checkout for what `folder` should have held (it is not made here)."""
    lasting = Path("/var/lib")
    base = lasting if os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())
    return base / short_name(folder)


def socket_folder(folder: Path, *, owner: int | None = None) -> Path:
    """Return a 0700 folder for a Unix socket: below `folder`, or short under the temp folder when the path is too long.

    A comma would be read as two hosts by libpq, a quote as syntax by the server.
    """
    inside = folder / "socket"
    too_long = len(os.fsencode(inside)) + len("/.s.PGSQL.5432") > LONGEST_SOCKET
    if too_long or any(sign in str(inside) for sign in ",\"'"):
        inside = Path(tempfile.gettempdir()) / short_name(folder)
    return make_private(inside, owner=owner)


def write_private(file: Path, text: str, *, owner: int | None = None) -> Path:
    """Write the file at once and whole, readable by its owner only (mode 0600)."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    if owner is not None:
        os.chown(draft, owner, -1)
    draft.replace(file)
    return file


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep everybody else out of the folder's servers while the block runs. Refuses when somebody is in already.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    make(folder)
    with (folder / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise refusals.already_running(folder, lock.read().strip() or "?") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Wait until nobody else in this checkout does the same, then keep them waiting while the block runs."""
    with (make(VAR) / f"{name}.lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def last_lines(file: Path, count: int = 12) -> list[str]:
    """Return the end of a log; empty when there is none."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - 8192))
            return stream.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []
