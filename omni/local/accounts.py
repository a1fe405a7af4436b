"""Under which account PostgreSQL runs: the caller's, or an unprivileged one when the caller is root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from omni.local import folders, refusals

# Accounts without a password or a home, found on every Linux and macOS; the first that works is taken.
UNPRIVILEGED = ("nobody", "daemon")


class PopenAccount(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An account that a server runs under; `switch` is False when it is the caller's own."""

    uid: int
    gid: int
    switch: bool

    def for_popen(self) -> PopenAccount:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    @property
    def owner(self) -> int | None:
        """Return who has to own the server's folders; None when the caller owns them anyway."""
        return self.uid if self.switch else None

    def may_enter(self, folder: Path) -> bool:
        """Ask the kernel whether this account reaches the folder: a home of mode 0700 on the way keeps it out."""
        return not self.switch or self._succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def may_run(self, program: Path) -> bool:
        """Ask the kernel whether this account can start the program with its libraries."""
        return not self.switch or self._succeeds([str(program), "--version"])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, check=False, cwd="/", **self.for_popen())
        except PermissionError:
            return False
        return done.returncode == 0


def for_servers() -> Account:
    """Return the caller's account; for root the owner of the checkout, else an unprivileged account.

    Refuses when root may not become anybody else (some containers).
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    reason = "none found"
    for uid in candidates():
        account = Account(uid, pwd.getpwuid(uid).pw_gid, switch=True)
        try:
            subprocess.run(["/bin/sh", "-c", ":"], check=True, cwd="/", **account.for_popen())
        except (OSError, subprocess.SubprocessError) as error:
            reason = str(error)
        else:
            return account
    raise refusals.no_other_account(reason)


def candidates() -> list[int]:
    """Return the accounts that may run a server for root. initdb wants one that has a name."""
    names = {entry.pw_uid: entry.pw_name for entry in pwd.getpwall()}
    owner = folders.ROOT.stat().st_uid
    unprivileged = [uid for name in UNPRIVILEGED for uid, known in names.items() if known == name]
    return ([owner] if owner in names and owner != 0 else []) + [uid for uid in unprivileged if uid != 0]
