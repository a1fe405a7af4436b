"""Running commands that end: `manage.py` with its words relayed, checks with their output as it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence

from omni.local import environment as environments
from omni.local import folders, refusals
from omni.local.processes import die_with_parent
from omni.local.progress import Progress

REMEMBERED_LINES = 15
REMEMBERED_BYTES = 4000


def manage(
    arguments: Sequence[str], environment: Mapping[str, str], progress: Progress, *, aloud: bool = False
) -> None:
    """Run `manage.py`; its lines are kept in view (`aloud`) or shown one at a time. Refuses when it fails."""
    last: deque[str] = deque(maxlen=REMEMBERED_LINES)
    command = [sys.executable, str(folders.ROOT / "manage.py"), *arguments]
    with subprocess.Popen(
        command,
        cwd=folders.ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - nothing here has threads
    ) as process:
        try:
            for line in process.stdout or ():
                last.append(line.rstrip())
                if aloud:
                    progress.line(f"    {line.rstrip()}")
                else:
                    progress.note(line.strip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        environments.refuse_known_trouble("\n".join(last), folders.VAR)
        quoted = list(last)[-3:] if aloud else list(last)  # what was said aloud stands above
        raise refusals.command_failed(f"manage.py {' '.join(arguments)}", quoted)


def relay(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command in the foreground; return its exit code and the end of its output, which was shown as it came.

    Ctrl-C and SIGTERM are passed on once, and we wait for what the command has to say about that; a second one kills.
    """
    process = subprocess.Popen(
        list(command),
        cwd=folders.ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - nothing here has threads
    )
    try:
        end = show(process)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        try:
            show(process)
        finally:
            process.kill()
            process.wait()
        raise
    return process.wait(), end


def show(process: subprocess.Popen[bytes]) -> str:
    """Pass the output on until it ends, byte for byte, so that pytest's dots come one by one; return its end."""
    end = b""
    if process.stdout:
        while received := os.read(process.stdout.fileno(), 65536):
            sys.stdout.buffer.write(received)
            sys.stdout.buffer.flush()
            end = (end + received)[-REMEMBERED_BYTES:]
    return end.decode(errors="replace")
