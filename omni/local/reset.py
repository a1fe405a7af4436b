"""`make demo-reset`: forget the demo's data. Needs nothing installed, so that it works on a full disk too."""

from __future__ import annotations

import os
import shutil

from omni.local import environment, folders, refusals
from omni.local.language import say
from omni.local.processes import stop_leftovers


def main() -> int:
    """Remove what `make demo` made, but for the packages. Refuses while it runs, or when the database is not ours."""
    if os.environ.get("DATABASE_URL"):
        raise refusals.foreign_database(environment.without_password(os.environ["DATABASE_URL"]))
    with folders.held(folders.DEMO):
        stop_leftovers(folders.DEMO / "run")
        (folders.VAR / "demo.json").unlink(missing_ok=True)
        (folders.DEMO / "loaded").unlink(missing_ok=True)
        for folder in (folders.outside(folders.DEMO), folders.DEMO, folders.VAR / "mail"):
            if folder.is_dir() and not folder.is_symlink():
                shutil.rmtree(folder)
    print(
        say(
            "The demo's data is gone. `make demo` begins anew.",
            "Les données de la démo sont effacées. `make demo` repart de zéro.",
        )
    )
    return 0
