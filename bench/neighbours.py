"""Houses of other sizes in databases beside the one that DATABASE_URL names, on the same server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from bench.databases import beside, ensure
from bench.doors import Door
from omni.local import folders


@dataclass(frozen=True)
class Neighbour:
    """A house that has stock only: its database, its doors, and how many statements each takes."""

    url: str
    doors: dict[str, Door]
    statements: dict[str, int]


def furnish(name: str, *, skus: int, stores: int, how: str) -> Neighbour:
    """Make and fill the database `<this one>_<name>` where it is not whole, by `bench.sized`, and open its doors."""
    url = beside(name)
    ensure(url)
    file = folders.make(folders.BENCH) / f"{name}.json"
    command = [sys.executable, "-m", "bench", "sized", str(skus), str(stores), how, str(file)]
    subprocess.run(command, cwd=folders.ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
    found = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()  # it holds keys
    return Neighbour(
        url,
        {name: Door(**one["door"]) for name, one in found.items()},
        {name: one["statements"] for name, one in found.items()},
    )
